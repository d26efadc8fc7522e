"""Looks through a whole folder of rules and lists all that is not right, with file, line and reason."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from bangfu.rulebook.book import FOLDERS, Rulebook
from bangfu.rulebook.cases import check_cases
from bangfu.rulebook.errors import RuleError, _
from bangfu.rulebook.feed_kinds import COMPLETENESS, FOLDER, load_completeness, read_feed_kinds
from bangfu.rulebook.reading import Lines, read_yaml
from bangfu.rulebook.rules import Rule

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_STEP = re.compile(r"([^.\[]+)|\[(\d+)\]")


def survey(folder: Path) -> list[RuleError]:
    """All that is wrong with the rules of a folder, by file and line; [] = nothing.

    Beyond what the loader refuses: words that are missing in one language, days of a rule's term on which a
    parameter has no value, values that never hold, gaps between the terms of a rule, cases with another answer.
    """
    try:
        book, faults = Rulebook.read(folder)
    except RuleError as fault:
        return [fault]
    texts = dict(_contents(folder))
    for file, content in texts.items():
        faults += _languages(content, file, "")
    for rule in book.rules:
        faults += _undated(rule)
    faults += _gaps(book.rules)
    faults += check_cases(book)
    faults += _feeds(folder)
    placed = [_with_line(fault, texts) for fault in faults]
    return sorted(placed, key=lambda fault: (fault.file, fault.line, fault.path))


def _feeds(folder: Path) -> list[RuleError]:
    """What is wrong with the mapping files of outside lists, and with the rule that compares their lengths."""
    faults = read_feed_kinds(folder)[1]
    if (folder / COMPLETENESS).exists():
        try:
            load_completeness(folder)
        except RuleError as fault:
            faults.append(fault)
    return faults


def _contents(folder: Path) -> Iterator[tuple[str, Lines]]:
    for inner in ("facts", FOLDER, *FOLDERS.values()):
        for path in sorted((folder / inner).glob("*.yaml")):
            name = f"{inner}/{path.name}"
            try:
                yield name, read_yaml(path, name).content
            except RuleError:
                continue  # the loader has said so


def _languages(content: Any, file: str, path: str) -> Iterator[RuleError]:
    """Pairs of words of which one is in the other's language, and sources in one language only."""
    if isinstance(content, list):
        for number, item in enumerate(content):
            yield from _languages(item, file, f"{path}[{number}]")
    if not isinstance(content, Lines):
        return
    for key, value in content.items():
        at = f"{path}.{key}" if path else key
        if key == "source" and isinstance(value, str):
            yield RuleError(_("must be said in both languages"), file, at, content.lines[key])
        if key == "zh" and isinstance(value, str) and not _CHINESE.search(value):
            yield RuleError(_("holds no Chinese"), file, at, content.lines[key])
        if key == "en" and isinstance(value, str) and _CHINESE.search(value):
            yield RuleError(_("holds Chinese"), file, at, content.lines[key])
        yield from _languages(value, file, at)


def _undated(rule: Rule) -> Iterator[RuleError]:
    """Days of the rule's term without a value of a parameter, and values that begin after the term."""
    for name, parameter in rule.parameters.items():
        first, last = parameter.values[0].since, parameter.values[-1].since
        at = f"parameters.{name}.values"
        if first > rule.valid_from:
            yield RuleError(
                _("no value from %(first)s to %(last)s, though the rule holds"), rule.file, f"{at}[0].from",
                first=rule.valid_from.isoformat(), last=_day_before(first),
            )  # fmt: skip
        if rule.valid_to is not None and last > rule.valid_to:
            yield RuleError(
                _("begins after the rule has ended: the value never holds"), rule.file,
                f"{at}[{len(parameter.values) - 1}].from",
            )  # fmt: skip


def _gaps(rules: tuple[Rule, ...]) -> Iterator[RuleError]:
    """Days between two terms of a code in the same place on which no rule holds."""
    ordered = sorted(rules, key=lambda rule: (rule.code, rule.place or "", rule.valid_from))
    for one, next_one in pairwise(ordered):
        if (one.code, one.place) != (next_one.code, next_one.place) or one.valid_to is None:
            continue
        if one.valid_to + timedelta(days=1) < next_one.valid_from:
            yield RuleError(
                _("no rule of this code from %(first)s to %(last)s"), next_one.file, "valid.from",
                first=(one.valid_to + timedelta(days=1)).isoformat(), last=_day_before(next_one.valid_from),
            )  # fmt: skip


def _day_before(day: date) -> str:
    return (day - timedelta(days=1)).isoformat()


def _with_line(fault: RuleError, texts: dict[str, Lines]) -> RuleError:
    """The fault with the line of the deepest part of its path that the file has."""
    if fault.line or fault.file not in texts:
        return fault
    here: Any = texts[fault.file]
    line = here.line
    for name, number in _STEP.findall(fault.path):
        if isinstance(here, Lines) and name in here:
            line, here = here.lines[name], here[name]
        elif isinstance(here, list) and number and int(number) < len(here):
            here = here[int(number)]
            line = getattr(here, "line", line)
    return fault.at(fault.file, fault.path, line)
