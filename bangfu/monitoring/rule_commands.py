"""Console: the rules themselves, checked, shown in words, tried out on a snapshot."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from bangfu.lake.snapshots import SnapshotError, connect, snapshot
from bangfu.monitoring.answers import answer_as_json, answer_in_words
from bangfu.monitoring.explaining import Answer, NotExplainedError, explain_person
from bangfu.monitoring.rule_words import RuleShown, refusal_in_both, refusal_words, rule_in_words
from bangfu.monitoring.rules import rulebook
from bangfu.rulebook.book import Rulebook
from bangfu.rulebook.errors import ParameterNotDatedError, RuleError, UnknownRuleError
from bangfu.rulebook.rules import INDICATOR, Rule
from bangfu.rulebook.survey import survey
from bangfu.rulebook.trial import Tally, try_rule
from bangfu.ui.console import ConsoleError, acting_on, add_command, add_day, add_json, print_json, say

MARKS = {"y": "✓", "n": "✗", "u": "?"}
LEVELS = {"province": 2, "city": 4, "county": 6, "town": 9, "village": 12}


def add_commands(commands: object) -> None:
    """rules check|show|try, explain."""
    rules: Any = add_command(commands, "rules", _check, "the rulebook: check it, show a rule, try one out")
    verbs = rules.add_subparsers(dest="verb", required=True, metavar="VERB")
    check = add_command(verbs, "check", _check, "what is not right, by file and line; ends with 1 where something is")
    check.add_argument("folder", nargs="?", type=Path, help="a folder shaped like rules/ (default: the one in force)")
    add_json(check)
    show = add_command(verbs, "show", _show, "a rule in words")
    show.add_argument("code")
    add_json(show)
    trial = add_command(verbs, "try", _try, "how many a rule finds in the snapshot of a day, by place")
    trial.add_argument("code")
    trial.add_argument("--by", choices=list(LEVELS), default="town", help="the level of the places (default: town)")
    trial.add_argument("--rules", type=Path, metavar="FOLDER", help="take the rule from this folder")
    add_day(trial)
    add_json(trial)
    explain = add_command(commands, "explain", _explain, "why a rule holds of a person on a day, or does not")
    explain.add_argument("code")
    explain.add_argument("--person", required=True, type=int, metavar="NO", help="the person's number on the register")
    add_day(explain)
    add_json(explain)


def _check(options: argparse.Namespace) -> int:
    folder: Path = options.folder or settings.RULES
    if not (folder / "facts").is_dir():
        raise ConsoleError(f"{folder}: no folder of rules: facts/ is missing")
    faults = survey(folder)
    if options.json:
        print_json(
            [
                {"file": fault.file, "line": fault.line, "path": fault.path, "reason": refusal_in_both(fault)}
                for fault in faults
            ]
        )
    else:
        for fault in faults:
            print(": ".join(part for part in (fault.place, fault.path, refusal_words(fault)) if part))
        say(f"{len(faults)} faults" if faults else "the rules are right")
    return 1 if faults else 0


def _found(code: str) -> list[Rule]:
    found = [rule for rule in rulebook().rules if rule.code == code]
    if not found:
        raise ConsoleError(f"no rule {code!r}")
    return found


def _show(options: argparse.Namespace) -> None:
    shown = [rule_in_words(rule) for rule in _found(options.code)]
    if options.json:
        print_json([_as_json(one.rule) for one in shown])
    else:
        print("\n\n".join(_in_lines(one) for one in shown))


def _as_json(rule: Rule) -> dict[str, Any]:
    return {
        "code": rule.code, "kind": rule.kind, "name": dict(rule.name), "source": dict(rule.source),
        "place": rule.place, "from": rule.valid_from.isoformat(),
        "to": rule.valid_to.isoformat() if rule.valid_to else None, "about": rule.about,
        "conditions": [
            {"name": one.name, "when": one.when, "words": dict(one.words), "columns": list(one.columns)}
            for one in rule.conditions
        ],
        "parameters": {
            name: [
                {"from": value.since.isoformat(), "value": _plain(value.value), "source": dict(value.source)}
                for value in one.values
            ]
            for name, one in rule.parameters.items()
        },
        "cases": len(rule.cases), "file": rule.file, "version": rule.version,
    }  # fmt: skip


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else list(value) if isinstance(value, tuple) else value


def _in_lines(shown: RuleShown) -> str:
    rule = shown.rule
    lines = [
        f"{shown.name}  [{rule.code}]",
        f"{shown.kind} · {shown.about} · {shown.severity}",
        f"{rule.place or '—'} · {rule.valid_from} – {rule.valid_to or ''}",
        shown.source,
        *(text for text in (shown.advice, shown.fix) if text),
        *(f"  {one.words}\n      {' '.join(one.when.split())}" for one in shown.conditions),
        *(f"  {one.parameter} {one.value}  {one.since} – {one.until or ''}  {one.source}" for one in shown.values),
        f"{rule.file}  {rule.version}",
    ]
    return "\n".join(lines)


def _try(options: argparse.Namespace) -> None:
    day, _at = acting_on(options)
    try:
        book = Rulebook.load(options.rules) if options.rules else rulebook()
        if any(rule.kind == INDICATOR for rule in book.rules if rule.code == options.code):
            raise ConsoleError(f"{options.code} is a figure: ask `bangfu bulletin`")
        with connect(settings.LAKE, settings.ENGINE) as connection:
            snapshot(connection, settings.LAKE, day)
            tallies = try_rule(connection, book, options.code, day, LEVELS[options.by])
    except UnknownRuleError as error:
        raise ConsoleError(f"no rule {options.code!r} on {day}") from error
    except (RuleError, ParameterNotDatedError, SnapshotError) as error:
        raise ConsoleError(str(error)) from error
    total = Tally()
    for tally in tallies.values():
        total.add(tally)
    if options.json:
        places = {place.ljust(12, "0") if place else "": _numbers(tally) for place, tally in tallies.items()}
        print_json({"code": options.code, "on": day.isoformat(), **_numbers(total), "by": options.by, "places": places})
        return
    for place, tally in [*tallies.items(), ("total", total)]:
        opened = "  ".join(f"{name} {number:,}" for name, number in tally.open.items())
        counts = f"{tally.true:>10,} true{tally.unknown:>10,} unknown of{tally.asked:>11,}"
        print(f"{place or '—':<12}{counts}  {opened}".rstrip())


def _numbers(tally: Tally) -> dict[str, Any]:
    return {"true": tally.true, "unknown": tally.unknown, "asked": tally.asked, "open": tally.open}


_NOT_EXPLAINED = {
    "no_rule": "no such rule judges on that day",
    "no_subject": "the rule has nothing to say of that person on that day",
    "no_night": "no night has run yet: the rule rests on everybody's facts",
}


def _explain(options: argparse.Namespace) -> None:
    day, _at = acting_on(options)
    try:
        answer = explain_person(options.code, options.person, day)
    except NotExplainedError as error:
        raise ConsoleError(_NOT_EXPLAINED[error.reason]) from error
    if options.json:
        print_json(answer_as_json(answer, day))
    else:
        print("\n".join(_told(answer)))


def _told(answer: Answer) -> Iterator[str]:
    shown = answer_in_words(answer)
    yield f"{shown.name}: {shown.verdict}"
    for one in shown.conditions:
        yield f"  {MARKS[one.mark]} {one.words}"
        for value in one.values:
            yield f"      {value.name} {value.value}  {value.origin}"
    yield from (f"{one.name} {one.value}  {one.origin}" for one in shown.parameters)
    yield shown.source
    yield from (f"  → {change}" for change in shown.changes)
