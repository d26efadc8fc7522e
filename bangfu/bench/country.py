# ruff: noqa: S608, ISC004 - SQL of this file alone, in parts
"""Bench `rulebook-31m`: all rules over a country of invented facts, one province after the other in bounded memory.

Facts are written straight as Parquet, a province at a time, and deleted after it is judged; both are timed apart. One
row a person of everything a rule looks at, two months of insurance, a job for two of five; shares come from a hash of
the key, so that rules are true of about as many as in the demo's county.
"""

import os
import platform
import shutil
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.compute as pc
from django.conf import settings
from django.utils import timezone

from bangfu.bench.process import peak_mb
from bangfu.lake.engines import engine_of
from bangfu.lake.schema import TABLES
from bangfu.monitoring.proof import count_lines
from bangfu.monitoring.rules import rulebook
from bangfu.rulebook.evaluate import prepare, verdicts
from bangfu.rulebook.figures import figures
from bangfu.rulebook.rules import QUALITY, SIGNAL

SEED = 1
# Provinces with persons lifted out of poverty, by size: Henan, Sichuan, Guizhou and Yunnan weigh most. Not a statistic.
WEIGHTS = {
    "41": 3, "51": 3, "52": 3, "53": 3, "45": 2, "43": 2, "61": 2, "62": 2, "34": 2, "36": 1, "42": 1, "13": 1, "14": 1,
    "65": 1, "22": 1, "23": 1, "15": 1, "50": 1, "54": 1, "63": 1, "64": 1, "46": 1,
}  # fmt: skip

_PLACE = "'{province}' || lpad(CAST(1 + {h0} % 12 AS VARCHAR), 2, '0') || lpad(CAST(21 + {h1} % 9 AS VARCHAR), 2, '0')"
_ALWAYS = "DATE '2024-01-01' AS valid_from, CAST(NULL AS DATE) AS valid_to"
_GROWN = "{r3} BETWEEN 240 AND 780"  # born 1963 to 2008
_FIT = "{r3} BETWEEN 240 AND 780 AND {r6} < 800"
_ROWS = {
    "persons": ("TRUE", "person, CASE WHEN {r2} < 520 THEN 'male' ELSE 'female' END AS sex, "
                "DATE '1944-01-01' + CAST({r3} * 30 + {r4} % 30 AS INTEGER) AS born_on"),
    "memberships": ("TRUE", "person, person // 4 AS household, {place} || '101201' AS division, "
                    "CASE WHEN person % 4 = 0 THEN 'head' ELSE 'child' END AS relation, " + _ALWAYS),
    "categories": ("TRUE", "person, CASE WHEN {r5} < 900 THEN 'lifted' ELSE 'marginal' END AS kind, "
                   "CASE WHEN {r5} > 980 THEN TRUE END AS work_risk, " + _ALWAYS),
    "conditions": ("TRUE", "person, 'junior' AS education, 'healthy' AS health, "
                   f"CASE WHEN NOT ({_GROWN}) THEN 'none' WHEN {{r6}} < 700 THEN 'ordinary' "
                   "WHEN {r6} < 800 THEN 'weak' WHEN {r6} < 990 THEN 'none' END AS labour_capacity, "
                   "{r3} > 790 AND {r7} < 950 AS at_school, " + _ALWAYS),
    "intents": ("TRUE", f"person, {_FIT} AND {{r8}} < 850 AS will_work, {_FIT} AND {{r9}} < 100 AS will_train, "
                f"{_FIT} AND {{r8}} < 300 AS will_go_out, {{r9}} > 20 AS service_asked, "
                "CAST(3000 AS DECIMAL(12,2)) AS wage_floor, " + _ALWAYS),
    "incomes": ("TRUE", "person, CAST(7000 + {r2} * 20 AS DECIMAL(12,2)) AS per_head, " + _ALWAYS),
    "contacts": ("{r3} < 900", "person, CASE WHEN {r9} < 10 THEN -(person // 9) ELSE person END AS token, " + _ALWAYS),
    "jobs": (f"{_FIT} AND {{r8}} < 780", "person AS job, person, {place} || '000000' AS place, "
             "'sewing' AS occupation, CASE WHEN {r9} < 998 THEN CAST(2000 + {r9} * 5 AS DECIMAL(12,2)) "
             "ELSE CAST(60000 AS DECIMAL(12,2)) END AS wage, "
             "CASE WHEN {r2} < 700 THEN 'u' || person % 10007 END AS uscc, "
             "'own' AS channel, 'unit' AS form, 'textile' AS industry, TRUE AS employer_named, FALSE AS public_post, "
             "FALSE AS workshop, {r8} < 400 AS insured, FALSE AS organised, "
             "DATE '2025-01-01' + CAST({r4} % 365 AS INTEGER) AS valid_from, "
             "CASE WHEN {r5} < 60 THEN {day} - CAST({r6} % 100 AS INTEGER) END AS valid_to"),
    "joblessness": (f"{_FIT} AND {{r8}} BETWEEN 780 AND 810", "person, 'stated' AS reason, " + _ALWAYS),
    "work_answers": ("{r8} < 780", "person, {month} AS month, 'confirmed' AS answer, "
                     "{month} + CAST({r7} % 20 AS INTEGER) AS answered_on"),
    "insurance_months": (f"{_FIT} AND {{r8}} < 400 AND (m.month < {{month}} OR {{r7}} > 4)",
                         "person, m.month, 1 AS status, CAST(3000 + {r9} * 4 AS DECIMAL(12,2)) AS wage, "
                         "'u' || person % 10007 AS uscc"),
    "trainings": ("{r9} < 80", "person, {day} - CAST({r4} AS INTEGER) AS valid_from, "
                  "{day} - CAST({r4} AS INTEGER) + 20 AS ends_on, TRUE AS passed"),
    "cases": ("{r6} < 50", "person AS case_, person, {place} || '101201' AS division, "
              "CAST({day} - CAST({r4} % 60 AS INTEGER) AS TIMESTAMP) AS opened_at, 'job_ended_no_next' AS cause, "
              "FALSE AS backlog, CASE WHEN {r5} < 500 THEN 'employed' END AS outcome, "
              "CASE WHEN {r5} < 500 THEN CAST({day} AS TIMESTAMP) END AS closed_at"),
    "legs": ("{r6} < 50", "person AS leg, person AS case_, person, {place} || '101201' AS division, "
             "'need_survey' AS stage, CAST({day} - CAST({r4} % 60 AS INTEGER) AS TIMESTAMP) AS opened_at, "
             "CAST({day} - CAST({r4} % 60 AS INTEGER) + 1 AS TIMESTAMP) AS due_at, "
             "CASE WHEN {r5} < 900 THEN CAST({day} AS TIMESTAMP) END AS done_at, CAST(NULL AS VARCHAR) AS result"),
}  # fmt: skip


def write_province(folder: Path, province: str, first: int, count: int, day: date) -> dict[str, list[Path]]:
    """The facts of `count` persons with keys from `first` on, one Parquet file a table; tables not named are empty."""
    words = {f"r{n}": f"CAST(hash(person * 16 + {n} + {SEED}) % 1000 AS INTEGER)" for n in range(10)}
    words |= {f"h{n}": f"CAST(hash(person // 4 * 16 + {n} + {SEED}) % 1000 AS INTEGER)" for n in range(2)}
    words |= {"province": province, "day": f"DATE '{day}'", "month": f"DATE '{day.replace(day=1)}'"}
    words["place"] = f"({_PLACE.format(**words)})"
    months = "(SELECT kind, month FROM feeds WHERE kind = 'social_insurance')"
    files: dict[str, list[Path]] = {name: [] for name in TABLES}
    with duckdb.connect(":memory:") as connection:
        connection.execute(
            "CREATE TABLE feeds AS SELECT 'social_insurance' AS kind, month, '' AS place, month + 10 AS received_on "
            f"FROM (VALUES ({words['month']}), (CAST({words['month']} - INTERVAL 1 MONTH AS DATE))) AS known(month)"
        )
        for name, (where, columns) in [("feeds", ("", "")), *_ROWS.items()]:
            source = f"(SELECT range AS person FROM range({first}, {first + count})) AS everybody"
            if name == "insurance_months":
                source += f" CROSS JOIN {months} AS m"
            rows = "FROM feeds" if name == "feeds" else f"SELECT {columns} FROM {source} WHERE {where}".format(**words)
            connection.execute(f"CREATE OR REPLACE TEMP VIEW made AS {rows}")
            files[name] = [folder / f"{name}.parquet"]
            made = f"SELECT {_every_column(connection, name)} FROM made"
            connection.execute(f"COPY ({made}) TO '{files[name][0]}' (FORMAT parquet, COMPRESSION zstd)")
    return files


def _every_column(connection: duckdb.DuckDBPyConnection, name: str) -> str:
    """The columns of a table of the lake; those for which nothing was invented as NULL."""
    known = {row[0] for row in connection.execute("DESCRIBE made").fetchall()}
    columns = TABLES[name].columns
    return ", ".join(one.name if one.name in known else f"CAST(NULL AS {one.type}) AS {one.name}" for one in columns)


def run(size: int = 31_000_000) -> dict[str, Any]:
    """Judge so many invented persons, province by province: verdicts that are true or unknown, figures, coverage."""
    day, book, first = timezone.localdate(), rulebook(), 1
    told = {"rows": 0, "true": 0, "written_s": 0.0, "judged_s": 0.0, "largest_persons": 0, "largest_s": 0.0}
    for province, weight in WEIGHTS.items():
        count = size * weight // sum(WEIGHTS.values())
        with tempfile.TemporaryDirectory() as folder:
            began = time.perf_counter()
            files = write_province(Path(folder), province, first, count, day)
            written = time.perf_counter()
            rows, true = judge_province(Path(folder), files, day)
            took = time.perf_counter() - written
        told["written_s"] += written - began
        told["judged_s"] += took
        told["rows"] += rows
        told["true"] += true
        if count > told["largest_persons"]:
            told["largest_persons"], told["largest_s"] = count, took
        first += count
    return {
        "persons": first - 1, "provinces": len(WEIGHTS), "rules": len(book.rules), "goal_s": 300, "floor_s": 900,
        **{name: round(value, 1) for name, value in told.items()},
        "s_per_million": round(told["judged_s"] / (first - 1) * 1e6, 2), "goal_rss_mb": 12_000,
        "peak_rss_mb": peak_mb(),
        "engine": settings.ENGINE, "load": os.getloadavg()[0], "cores": os.cpu_count(),
        "free_gb": shutil.disk_usage(tempfile.gettempdir()).free // 10**9, "python": platform.python_version(),
        "duckdb": duckdb.__version__,
    }  # fmt: skip


def judge_province(folder: Path, files: dict[str, list[Path]], day: date) -> tuple[int, int]:
    """How many verdicts are true or unknown, and how many are true."""
    book, rows, true = rulebook(), 0, 0
    with engine_of(settings.ENGINE, folder) as engine:
        for name, table in TABLES.items():
            engine.read(name, {column.name: column.type for column in table.columns}, files[name])
        for part in verdicts(engine, prepare(book, day, (SIGNAL, QUALITY), engine.dialect)):
            rows += part.num_rows
            true += pc.sum(part["verdict"]).as_py() or 0
        figures(engine, book, None, day, known=day)
        count_lines(engine, day, "")
    return rows, true
