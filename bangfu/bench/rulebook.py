# ruff: noqa: S608 - SQL of this file alone
"""Bench `rulebook`: all rules over a province of invented facts, and eight of them with three figures by hand as well.

The peer is SQL as somebody would write it for these eleven alone, straight from the tables: it knows that versions of a
fact do not overlap, keeps no unknown answers and names no reasons. Both must find the same people.
"""

import os
import platform
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
from django.utils import timezone

from bangfu.bench.country import write_province
from bangfu.bench.process import peak_mb
from bangfu.lake.engines import DUCKDB, engine_of
from bangfu.lake.schema import TABLES
from bangfu.monitoring.proof import count_lines
from bangfu.monitoring.rules import rulebook
from bangfu.rulebook.book import Rulebook
from bangfu.rulebook.engine import Engine
from bangfu.rulebook.evaluate import evaluate_quality, evaluate_signals, prepare, verdicts
from bangfu.rulebook.figures import figures
from bangfu.rulebook.rules import QUALITY, SIGNAL
from bangfu.rulebook.views import compute

PROVINCE = "41"
JUDGED = (
    "insurance_stopped", "job_ended_no_next", "monitored_jobless", "willing_jobless", "zero_employment_family",
    "under_16_at_work", "wage_out_of_range", "phone_of_other_households",
)  # fmt: skip
COUNTED = ("I1", "I5", "I17")

_OPEN = "valid_from <= {on} AND (valid_to IS NULL OR valid_to > {on})"
_EVERYBODY = """
CREATE TEMP TABLE {name} AS
SELECT persons.person, born_on, household, relation, kind, labour_capacity, at_school, will_work, wage, job_from,
    at_work, COALESCE(stopped OR stated, FALSE) AND at_work IS NULL AS jobless, ended_on, paid_then, paid_now,
    {on} < born_on + to_months(CASE WHEN sex = 'male' THEN 720 + delay_men ELSE 660 + delay_women END)
        AND date_diff('year', born_on, {on}) - (strftime(born_on, '%m%d') > strftime({on}, '%m%d'))::INT >= 16 AS fit
FROM (
    SELECT person, sex, born_on,
        CASE WHEN born_on < DATE '1965-01-01' THEN 0
             ELSE least(36, ((year(born_on) - 1965) * 12 + month(born_on) - 1) // 4 + 1) END AS delay_men,
        CASE WHEN born_on < DATE '1970-01-01' THEN 0
             ELSE least(36, ((year(born_on) - 1970) * 12 + month(born_on) - 1) // 4 + 1) END AS delay_women
    FROM persons
) AS persons
LEFT JOIN (SELECT person, household, relation FROM memberships WHERE {open}) USING (person)
LEFT JOIN (SELECT person, kind FROM categories WHERE {open}) USING (person)
LEFT JOIN (SELECT person, labour_capacity, at_school FROM conditions WHERE {open}) USING (person)
LEFT JOIN (SELECT person, will_work FROM intents WHERE {open}) USING (person)
LEFT JOIN (SELECT person, TRUE AS at_work, sum(wage) AS wage, min(valid_from) AS job_from FROM jobs WHERE {open}
           GROUP BY person) USING (person)
LEFT JOIN (SELECT person, TRUE AS stopped, max(valid_to) AS ended_on FROM jobs WHERE valid_to <= {on}
           GROUP BY person) USING (person)
LEFT JOIN (SELECT DISTINCT person, TRUE AS stated FROM joblessness WHERE {open}) USING (person)
LEFT JOIN (SELECT person, bool_or(month = {month}) AS paid_now, bool_or(month < {month}) AS paid_then
           FROM insurance_months WHERE status = 1 AND month >= {month} - INTERVAL 1 MONTH GROUP BY person)
    USING (person)
"""
_ABLE = "labour_capacity IN ('ordinary', 'skilled', 'weak') AND fit"
_SEEKS = f"{_ABLE} AND will_work AND at_school IS NOT TRUE AND jobless"
_FOUND = f"""
CREATE TEMP TABLE families AS
SELECT household, bool_or({_SEEKS}) AND NOT bool_or(COALESCE(at_work AND fit, FALSE))
    AND NOT bool_or(at_work IS NULL AND NOT jobless AND COALESCE(fit, TRUE) AND COALESCE(NOT at_school, TRUE)
        AND COALESCE(labour_capacity NOT IN ('lost', 'none'), TRUE)) AS zero
FROM {{name}} WHERE household IS NOT NULL GROUP BY household;
CREATE TEMP TABLE phones AS
SELECT person, count(DISTINCT household) OVER (PARTITION BY token) AS homes
FROM (SELECT person, token FROM contacts WHERE {{open}}) JOIN (SELECT person, household FROM {{name}}) USING (person);
"""
_TRUE = {
    "insurance_stopped": "FROM everybody WHERE at_work AND paid_then AND NOT paid_now",
    "job_ended_no_next": f"FROM everybody WHERE at_work IS NULL AND ended_on >= {{on}} - 30 AND {_ABLE}",
    "monitored_jobless": "FROM everybody WHERE kind IN ('unstable', 'marginal', 'sudden') AND jobless "
    f"AND COALESCE(will_work, TRUE) AND {_ABLE}",
    "willing_jobless": f"FROM everybody WHERE jobless AND will_work AND {_ABLE}",
    "under_16_at_work": "FROM everybody WHERE at_work AND job_from < born_on + INTERVAL 16 YEAR",
    "wage_out_of_range": "FROM everybody WHERE at_work AND (wage > 30000 OR wage < 100)",
    "phone_of_other_households": "FROM phones WHERE homes > 1",
}


def run(size: int = 1_000_000) -> dict[str, Any]:
    """Signals and quality rules with their reasons, figures and coverage of so many persons; then eleven by hand."""
    day, book, took = timezone.localdate(), rulebook(), dict[str, float]()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = write_province(folder, PROVINCE, 1, size, day)
        began, cpu = time.perf_counter(), time.process_time()
        judged = []
        with _shown(folder, files) as engine:
            took["person_day"] = _timed(lambda: compute(engine, book.views, "person_day", day))
            took["signals"] = _timed(lambda: judged.append(evaluate_signals(engine, book, day)))
            took["quality"] = _timed(lambda: judged.append(evaluate_quality(engine, book, day)))
            took["indicators"] = _timed(lambda: figures(engine, book, None, day, known=day))
            took["coverage"] = _timed(lambda: count_lines(engine, day, ""))
        whole_s, cpu_s = time.perf_counter() - began, time.process_time() - cpu
        ours, ours_s = _measured(folder, files, lambda engine: by_rules(engine, day))
        hand, hand_s = _measured(folder, files, lambda engine: by_hand(engine, day))
    return {
        "persons": size, "rules": len(book.rules), "found": sum(len(one.found) for one in judged), "goal_s": 10,
        "floor_s": 30, "wall_s": round(whole_s, 1), "cpu_s": round(cpu_s, 1),
        **{f"{name}_s": round(seconds, 2) for name, seconds in took.items()},
        "eleven_s": round(ours_s, 2), "by_hand_s": round(hand_s, 2), "times_by_hand": round(ours_s / hand_s, 2),
        "same_answers": ours == hand, "eleven": ours, "peak_rss_mb": peak_mb(), "load": os.getloadavg()[0],
        "python": platform.python_version(), "duckdb": duckdb.__version__,
    }  # fmt: skip


@contextmanager
def _shown(folder: Path, files: dict[str, list[Path]]) -> Iterator[Engine]:
    with engine_of(DUCKDB, folder) as engine:
        for name, table in TABLES.items():
            engine.read(name, {column.name: column.type for column in table.columns}, files[name])
        yield engine


def _measured(
    folder: Path, files: dict[str, list[Path]], deed: Callable[[Engine], dict[str, int]]
) -> tuple[dict[str, int], float]:
    with _shown(folder, files) as engine:
        began = time.perf_counter()
        return deed(engine), time.perf_counter() - began


def by_rules(engine: Engine, day: date) -> dict[str, int]:
    """How many each of the rules finds, and the figures, by the rulebook."""
    book = rulebook()
    alone = Rulebook(book.views, tuple(rule for rule in book.rules if rule.code in JUDGED))
    prepared, found = prepare(alone, day, (SIGNAL, QUALITY), engine.dialect), dict.fromkeys(JUDGED, 0)
    for rows in verdicts(engine, prepared, prepared.needs()):
        counted = rows.filter(rows["verdict"].fill_null(False)).group_by("code").aggregate([([], "count_all")])
        found |= {row["code"]: row["count_all"] for row in counted.to_pylist()}
    told = figures(engine, book, None, day, COUNTED, known=day)
    return found | {code: int(told[code].numerator) for code in COUNTED} | {"I5_of": told["I5"].denominator or 0}


def by_hand(engine: Engine, day: date) -> dict[str, int]:
    """The same by SQL written for it."""
    words = {"name": "everybody", "on": f"DATE '{day}'", "month": f"DATE '{day.replace(day=1)}'"}
    words["open"] = _OPEN.format(**words)
    engine.rows(_EVERYBODY.format(**words))
    engine.rows(_FOUND.format(**words))
    found = {code: engine.arrow(f"SELECT person {where}".format(**words)) for code, where in _TRUE.items()}
    found["zero_employment_family"] = engine.arrow("SELECT household FROM families WHERE zero")
    (told,) = engine.rows(
        f"SELECT count(*) FILTER (at_work), count(*) FILTER ({_ABLE} AND at_school IS NOT TRUE), "
        "(SELECT count(*) FROM families WHERE zero) FROM everybody"
    )
    counts = {code: found[code].num_rows for code in JUDGED}
    return counts | {"I1": told[0], "I5": told[0], "I17": told[2], "I5_of": told[1]}


def _timed(deed: Callable[[], object]) -> float:
    began = time.perf_counter()
    deed()
    return time.perf_counter() - began
