"""Runs the cases that stand in the rule files: each is a row of facts and the answer it must get."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow as pa
import yaml

from bangfu.rulebook.book import Rulebook
from bangfu.rulebook.compose import make_ready
from bangfu.rulebook.engine import Engine, open_engine
from bangfu.rulebook.errors import RuleError, _
from bangfu.rulebook.explain import explain_table
from bangfu.rulebook.figures import figures, moment_day
from bangfu.rulebook.rules import INDICATOR, Rule
from bangfu.rulebook.views import fill, table_name

FEWEST = 3  # cases of one rule


def check_cases(book: Rulebook, rules: Sequence[Rule] | None = None) -> list[RuleError]:
    """Runs the cases of all rules (or of `rules`) and lists what went wrong; [] = nothing.

    A rule with fewer than three cases is listed too.
    """
    wrong = []
    with open_engine(for_few=True) as engine:
        for rule in book.rules if rules is None else rules:
            if len(rule.cases) < FEWEST:
                wrong.append(RuleError(_("has fewer than %(number)s cases"), rule.file, "cases", number=FEWEST))
            for number, case in enumerate(rule.cases):
                fault = _run(engine, book, rule, case)
                if fault is not None:
                    wrong.append(fault.at(rule.file, f"cases[{number}]", getattr(case, "line", 0)))
    return wrong


def _run(engine: Engine, book: Rulebook, rule: Rule, case: Mapping[str, Any]) -> RuleError | None:
    try:
        judge = _judge_figure if rule.kind == INDICATOR else _judge_row
        return judge(engine, book, rule, case)
    except (RuleError, KeyError, TypeError, ValueError, pa.ArrowException, duckdb.Error) as fault:
        return RuleError(_("cannot be run: %(fault)s"), fault=f"{type(fault).__name__}: {fault}")
    finally:
        # The engine is kept: opening one takes ten times as long as a case.
        engine.clear()


def _judge_row(engine: Engine, book: Rulebook, rule: Rule, case: Mapping[str, Any]) -> RuleError | None:
    view, day = book.views[rule.about], case["day"]
    fill(engine, view, "given", [{**case["given"], "day": day}])
    ready = make_ready(rule, view, rule.bind(day))
    explained = explain_table(engine, ready, view, "given", day, "TRUE")
    if not explained:
        return RuleError(_("the rule does not hold in that division"))
    verdict = {True: True, False: False, None: "unknown"}[explained[0].verdict]
    wanted = case["answer"]
    got = {"verdict": verdict}
    if "unknown" in wanted:
        got["unknown"] = list(explained[0].unknown)
    if "fails" in wanted:
        got["fails"] = [each.name for each in explained[0].conditions if each.holds is False]
    return _differs(got, wanted)


def _judge_figure(engine: Engine, book: Rulebook, rule: Rule, case: Mapping[str, Any]) -> RuleError | None:
    view = book.views[rule.about]
    month = date.fromisoformat(f"{case['month']}-01")
    for moment, rows in (
        ("last_year_end", case.get("at_last_year_end")),
        ("previous_month_end", case.get("at_previous_month_end")),
        ("month_end", case["given"]),
    ):
        day = moment_day(moment, month)
        if rows is not None:
            fill(engine, view, table_name(view.name, day), [{**row, "day": day} for row in rows])
    alone = Rulebook(book.views, (rule,))
    figure = figures(engine, alone, rule.place, month)[rule.code]
    got: dict[str, Any] = {"value": _shown(figure.value), "numerator": _shown(figure.numerator)}
    if figure.denominator is not None:
        got["denominator"] = figure.denominator
    wanted = case["answer"]
    if "unknown" in wanted:
        got["unknown"] = figure.unknown
    return _differs(got, wanted)


def _differs(got: Mapping[str, Any], wanted: Mapping[str, Any]) -> RuleError | None:
    if got == wanted:
        return None
    return RuleError(_("gives %(got)s, not %(wanted)s"), got=_in_yaml(got), wanted=_in_yaml(wanted))


def _in_yaml(answer: Mapping[str, Any]) -> str:
    """An answer as a rule file has it, on one line."""
    return yaml.safe_dump(
        dict(answer), default_flow_style=True, sort_keys=False, allow_unicode=True, width=1000
    ).strip()


def _shown(value: int | Decimal | None) -> int | str | None:
    return str(value) if isinstance(value, Decimal) else value
