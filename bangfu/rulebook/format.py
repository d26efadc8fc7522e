"""The format of a rule file as a JSON Schema, made from the tables that the reader reads by.

It says what an editor can check while one writes: keys, kinds of values, choices. What needs the fact view or the
other files (columns, grammar, terms, cases) is said by the loader and by `survey`. In the schema a date is the text
that stands in the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bangfu.rulebook.parameters import MONEY, MOST, NAME, RATIO, TYPES
from bangfu.rulebook.rules import (
    ALARM,
    CLEARING,
    CODE,
    CONDITION,
    GRADED,
    INDICATOR,
    KINDS,
    MOMENTS,
    MONTH,
    OPENING,
    OPENS,
    QUALITY,
    SCREEN,
    SEVERITIES,
    SIGNAL,
    UNKNOWN,
    VALUES,
)

Schema = dict[str, Any]


def _shared(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


_TEXT, _DAY, _TEXTS, _WORDS, _SOURCE = map(_shared, ("text", "day", "texts", "words", "source"))


def _mapping(required: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None) -> Schema:
    """An object of these keys and no others."""
    return {
        "type": "object",
        "properties": {**required, **(optional or {})},
        "required": list(required),
        "additionalProperties": False,
    }


def _named(pattern: str, value: Schema) -> Schema:
    """An object whose keys are names of that pattern."""
    return {"type": "object", "patternProperties": {f"^{pattern}$": value}, "additionalProperties": False}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _choice(options: Iterable[Any]) -> Schema:
    return {"enum": list(options)}


_VALUES_OF: Mapping[str, Schema] = {
    "count": {"type": "integer", "minimum": 0, "maximum": MOST},
    "money": {"type": "string", "pattern": f"^({MONEY})$"},
    "ratio": {"type": "string", "pattern": f"^({RATIO})$"},
    "day": _DAY,
    "code": {"type": "string"},
    "list": {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1},
}


def _parameter(kind: str) -> Schema:
    value = _mapping({"from": _DAY, "value": _VALUES_OF[kind], "source": _SOURCE})
    return _mapping({"type": {"const": kind}, "values": {"type": "array", "items": value, "minItems": 1}})


def _part(**more: Schema) -> Schema:
    return _mapping({"when": _TEXT}, {"moment": _or_null(_choice(MOMENTS)), **more})


def _judging_case() -> Schema:
    answer = _mapping({"verdict": _choice([True, False, UNKNOWN])}, {"unknown": _TEXTS, "fails": _TEXTS})
    return _mapping({"given": {"type": "object"}, "day": _DAY, "answer": answer})


def _figure_case() -> Schema:
    rows: Schema = {"type": "array", "items": {"type": "object"}}
    figure: Schema = {"type": ["integer", "string", "null"]}
    count: Schema = {"type": ["integer", "null"]}
    answer = _mapping({"value": figure, "numerator": figure}, {"denominator": count, "unknown": count})
    return _mapping(
        {"month": {"type": "string", "pattern": f"^{MONTH}$"}, "given": rows, "answer": answer},
        {"at_previous_month_end": _or_null(rows), "at_last_year_end": _or_null(rows)},
    )


def _rule(kind: str, views: Iterable[str]) -> Schema:
    case = _figure_case() if kind == INDICATOR else _judging_case()
    required: dict[str, Schema] = {
        "code": {"type": "string", "pattern": f"^{CODE}$"},
        "kind": {"const": kind},
        "name": _WORDS,
        "source": _SOURCE,
        "valid": _mapping({"from": _DAY}, {"to": _or_null(_DAY)}),
        "about": _choice(views),
        "cases": {"type": "array", "items": case, "minItems": 1},
    }
    optional: dict[str, Schema] = {
        "place": _or_null({"type": "string", "pattern": "^[0-9]{12}$"}),
        "parameters": _or_null(_shared("parameters")),
    }
    if kind == INDICATOR:
        # A plain count divides by nothing; every other figure needs something to divide by or to take away.
        has_no_denominator: Schema = {"properties": {"denominator": False}}
        whole: Schema = {
            "if": {"properties": {"value": {"const": "count"}}},
            "then": has_no_denominator,
            "else": {"required": ["denominator"]},
        }
        required |= {
            "value": _choice(VALUES),
            "numerator": _part(within=_or_null({"const": "denominator"}), sum=_or_null(_TEXT)),
        }
        optional |= {"counts": _or_null(_TEXT), "denominator": _part()}
        return {**_mapping(required, optional), **whole}
    condition = _mapping({"when": _TEXT, "zh": _TEXT, "en": _TEXT})
    required |= {"conditions": {**_named(CONDITION, condition), "minProperties": 1}, "advice": _WORDS}
    if kind in OPENING:
        required["opens"] = _choice(OPENS)
    if kind in GRADED:
        required["severity"] = _choice(SEVERITIES)
    optional["shows"] = _TEXTS
    if kind == QUALITY:
        settable: Schema = {
            "type": "object",
            "additionalProperties": {"type": ["string", "boolean"]},
            "minProperties": 1,
        }
        optional["fix"] = _mapping({"group": _TEXT, "set": settable, "zh": _TEXT, "en": _TEXT})
    return _mapping(required, optional)


def rule_schema(views: Iterable[str]) -> Schema:
    """The schema of a rule file of any kind, about one of these fact views."""
    names = sorted(views)
    titles = {
        SIGNAL: "a signal", QUALITY: "a quality rule", ALARM: "an alarm of a place", SCREEN: "a rule of the screen",
        CLEARING: "a rule that clears", INDICATOR: "a figure of the bulletin",
    }  # fmt: skip
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A rule of Bangfu",
        "description": "Made by script/write-schema; what each key means: rules/README.md",
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"enum": list(KINDS)}},
        "allOf": [
            {"if": {"properties": {"kind": {"const": kind}}}, "then": {"$ref": f"#/$defs/{kind}"}} for kind in KINDS
        ],
        "$defs": {
            "text": {"type": "string", "pattern": r"\S"},
            "day": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
            "texts": {"type": ["array", "null"], "items": {"type": "string", "minLength": 1}},
            "words": _mapping({"zh": _TEXT, "en": _TEXT}),
            "source": {"anyOf": [_WORDS, _TEXT]},
            "parameters": _named(NAME, {"anyOf": [_parameter(each) for each in TYPES]}),
            **{kind: {"title": titles[kind], **_rule(kind, names)} for kind in KINDS},
        },
    }
