"""The persons of whom a rule is true, and the findings about the data, as files."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bangfu.accounts.models import User
from bangfu.cases.words import spoken
from bangfu.exports.lists import DAY, Column, ExportList, Listed, labels_of
from bangfu.monitoring import finding_lines as lines
from bangfu.monitoring.access import visible_signals
from bangfu.monitoring.listing import ORDER, rule_for, signal_lines
from bangfu.monitoring.models import Finding, Signal
from bangfu.monitoring.queries import open_of_rule
from bangfu.people.area import read_area
from bangfu.people.choices import Sex
from bangfu.people.exporting import (
    AGE,
    DIVISION,
    ID_NUMBER,
    NAME,
    PLACES,
    SEX,
    TELEPHONE,
    VILLAGE,
    area_words,
    numbers_of,
    person_cells,
)


def _read(user: User, given: Mapping[str, str], _at: datetime) -> Listed:
    rule, area = rule_for(given.get("code", ""), user.division), read_area(user, given)
    rows = open_of_rule(area.narrow(visible_signals(user)), rule.code)
    return Listed(rows, ORDER, [(_("Rule"), spoken(rule.name)), *area_words(area)])


def _cells(user: User, rows: Sequence[Signal], wanted: frozenset[str], at: datetime) -> Iterator[Mapping[str, Any]]:
    numbers, day = numbers_of([row.person for row in rows], wanted), timezone.localdate(at)
    sexes = labels_of(Sex)
    for line in signal_lines(user, rule_for(rows[0].code, user.division), rows):
        signal = line.signal
        yield {
            **person_cells(signal.person, day, sexes), **numbers[signal.person_id], "village": line.place,
            "division": signal.division, "opened_on": signal.opened_on,
            "reasons": " · ".join(f"{name} {value}" for name, value in line.reasons), "has_case": line.has_case,
        }  # fmt: skip


SIGNALS = ExportList(
    code="signals",
    title=gettext_lazy("Signals"),
    page="monitoring:rule",
    parameters=PLACES,
    path="code",
    person="person_id",
    columns=(
        NAME, SEX, AGE, ID_NUMBER, TELEPHONE, VILLAGE, DIVISION, Column("opened_on", gettext_lazy("Opened on"), DAY),
        Column("reasons", gettext_lazy("Because")), Column("has_case", gettext_lazy("Case")),
    ),
    read=_read,
    cells=_cells,
)  # fmt: skip


def _read_findings(user: User, given: Mapping[str, str], at: datetime) -> Listed:
    choice = lines.read_choice(user, given)
    rows = lines.chosen_findings(user, choice, timezone.localdate(at))
    return Listed(rows, lines.ORDER, [*lines.choices_in_words(choice), *area_words(choice.area)])


def _finding_cells(
    user: User, rows: Sequence[Finding], wanted: frozenset[str], at: datetime
) -> Iterator[Mapping[str, Any]]:
    numbers, day = numbers_of([row.person for row in rows], wanted), timezone.localdate(at)
    sexes = labels_of(Sex)
    for line in lines.finding_lines(user, rows):
        row = line.finding
        yield {
            **person_cells(row.person, day, sexes), **numbers[row.person_id], "village": line.place,
            "division": row.division, "rule": line.rule, "severity": line.severity, "advice": line.advice,
            "reasons": " · ".join(f"{name} {value}" for name, value in line.reasons), "waiver": line.waiver,
            "opened_on": row.opened_on, "due_on": row.due_on, "waived_until": row.waived_until,
        }  # fmt: skip


FINDINGS = ExportList(
    code="findings",
    title=gettext_lazy("Data quality"),
    page="monitoring:findings",
    parameters=(*PLACES, "rule", "state"),
    person="person_id",
    columns=(
        NAME, SEX, AGE, ID_NUMBER, TELEPHONE, VILLAGE, DIVISION, Column("rule", gettext_lazy("What is wrong")),
        Column("severity", gettext_lazy("Severity")), Column("reasons", gettext_lazy("Because")),
        Column("advice", gettext_lazy("What to do")), Column("opened_on", gettext_lazy("Opened on"), DAY),
        Column("due_on", gettext_lazy("Set right by"), DAY), Column("waived_until", gettext_lazy("Waived until"), DAY),
        Column("waiver", gettext_lazy("Reason of the waiver")),
    ),
    read=_read_findings,
    cells=_finding_cells,
)  # fmt: skip
