"""Says of one or a few subjects why a rule holds, does not hold, or cannot be judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bangfu.rulebook.book import Rulebook
from bangfu.rulebook.compose import Ready, wide_sql
from bangfu.rulebook.engine import Engine
from bangfu.rulebook.evaluate import json_ready, ready_rule
from bangfu.rulebook.views import View, compute


@dataclass(frozen=True)
class Verdict:
    """A condition of a rule for one subject: None = unknown; `values` are the facts it looked at."""

    name: str
    words: Mapping[str, str]
    holds: bool | None
    values: dict[str, Any]


@dataclass(frozen=True)
class Explanation:
    """A rule for one subject. `verdict` None = unknown, because of the conditions named in `unknown`.

    `parameters` are the numbers used, with their sources; `shown` the columns shown beside the reasons.
    """

    code: str
    subject: int
    verdict: bool | None
    conditions: tuple[Verdict, ...]
    parameters: dict[str, dict[str, Any]]
    shown: dict[str, Any]

    @property
    def unknown(self) -> tuple[str, ...]:
        """The conditions that leave the verdict open; () where it is true or false."""
        if self.verdict is not None:
            return ()
        return tuple(condition.name for condition in self.conditions if condition.holds is None)


def explain(engine: Engine, book: Rulebook, code: str, subjects: Sequence[int], day: date) -> tuple[Explanation, ...]:
    """The rule for these subjects (keys of its view), over the snapshot that the engine shows.

    Subjects that the snapshot does not know, or where no rule of the code holds, have no explanation.
    UnknownRuleError where no such rule is valid on the day.
    """
    explained: list[Explanation] = []
    keys = ", ".join(str(int(subject)) for subject in subjects)
    for rule in book.rules_of(code, day):
        if not rule.conditions or not keys:
            continue
        view = book.views[rule.about]
        table = compute(engine, book.views, rule.about, day)
        explained += explain_table(
            engine, ready_rule(book, rule, day, engine.dialect), view, table, day, f"{view.key} IN ({keys})"
        )
    return tuple(sorted(explained, key=lambda each: each.subject))


def explain_table(engine: Engine, ready: Ready, view: View, table: str, day: date, where: str) -> list[Explanation]:
    """The rule for those rows of a table (shaped like its view) that `where` picks, by rising key."""
    rule = ready.rule
    numbers = {
        name: {"value": dated.value, "from": dated.since.isoformat(), "source": dated.source}
        for name, parameter in rule.parameters.items()
        for dated in [parameter.on(rule.code, day)]
    }
    explained = []
    for row in engine.arrow(wide_sql(ready, view, table, where)).to_pylist():
        values = json_ready({name: row[f"value_{number}"] for number, name in enumerate(rule.columns())})
        conditions = tuple(
            Verdict(
                condition.name,
                condition.words,
                row[f"cond_{number}"],
                {name: values[name] for name in condition.columns},
            )
            for number, condition in enumerate(rule.conditions)
        )
        shown = {name: values[name] for name in rule.shows}
        explained.append(Explanation(rule.code, row["subject"], row["verdict"], conditions, numbers, shown))
    return explained
