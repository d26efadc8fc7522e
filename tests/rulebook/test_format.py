"""The schema of a rule file and the reader of rule files agree: on every rule, and on every slip of the pen."""

import subprocess
import sys
from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from bangfu.rulebook.errors import RuleError
from bangfu.rulebook.format import rule_schema
from bangfu.rulebook.reading import read_yaml
from bangfu.rulebook.rules import read_rule
from bangfu.rulebook.views import load_views

REPOSITORY = Path(__file__).parents[2]
RULES = REPOSITORY / "rules"
VIEWS = load_views(RULES / "facts")
SCHEMA = Draft202012Validator(rule_schema(VIEWS))
FILES = sorted(path for inner in ("signals", "quality", "indicators") for path in (RULES / inner).glob("*.yaml"))
RICH = ["signals/wage_halved", "quality/under_16_with_capacity", "indicators/I15"]
SLIPS = [7, 1, True, "", " ", "x", None, [], {}, ["x"], [7], {"zh": "x"}, 1.5]
# What only the view, the other values of the file or the engine can tell.
BEYOND_A_SCHEMA = (
    "the fact view has no column", "no such parameter", "must be true or false", "no condition uses", "cannot put",
    "must be a key column", "must be a money column", "needs a denominator", "belongs to a money figure",
    "is not one SQL expression", "compared with NULL", "the days must rise",
)  # fmt: skip


def as_json(value: Any) -> Any:
    """A document as an editor sees it: a date is its text."""
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def refusal_of(document: Any, path: Path) -> RuleError | None:
    path.write_text(yaml.dump(document, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False), encoding="utf-8")
    try:
        read_rule(read_yaml(path, "rule.yaml"), VIEWS)
    except RuleError as refusal:
        return refusal
    return None


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place of a document, but not the facts that a case gives."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        if key not in ("given", "at_previous_month_end", "at_last_year_end", "set"):
            yield from places(item, (*path, key))


def slips(document: dict) -> Iterator[tuple[str, dict]]:
    """The document with one thing left out, added or of another kind."""
    for path in places(document):
        if not path:
            continue
        for slip in (*SLIPS, "left out", "added"):
            spoiled = deepcopy(document)
            around = spoiled
            for step in path[:-1]:
                around = around[step]
            if slip == "left out":
                del around[path[-1]]
            elif slip == "added":
                if not isinstance(around[path[-1]], dict):
                    continue
                around[path[-1]]["surprise"] = "x"
            else:
                around[path[-1]] = slip
            yield f"{'.'.join(map(str, path))} {slip!r}", spoiled


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_rule_of_the_house_fits_the_schema(path: Path) -> None:
    assert list(SCHEMA.iter_errors(as_json(yaml.safe_load(path.read_text(encoding="utf-8"))))) == []


@pytest.mark.parametrize("name", RICH)
def test_a_slip_that_one_refuses_the_other_refuses_too(name: str, tmp_path: Path) -> None:
    document = yaml.safe_load((RULES / f"{name}.yaml").read_text(encoding="utf-8"))
    document["place"], document["cases"] = "520000000000", document["cases"][:1]
    told, refused = [], 0
    for slip, spoiled in slips(document):
        refusal, fits = refusal_of(spoiled, tmp_path / "rule.yaml"), SCHEMA.is_valid(as_json(spoiled))
        refused += not fits
        if fits and refusal is not None and not refusal.reason.startswith(BEYOND_A_SCHEMA):
            told.append(f"{slip}: the reader refuses: {refusal}")
        if not fits and refusal is None:
            told.append(f"{slip}: only the schema refuses")
    assert told == []
    assert refused > 100


def test_the_file_is_what_the_reader_takes() -> None:
    command = [sys.executable, "script/write-schema", "--check"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
