"""Why a rule holds of somebody, does not hold, or cannot be judged, and what single change would turn the answer.

Rules about a person's or a household's own facts are answered from the register as it stands; what rests on everybody's
facts from the last night's snapshot, with its day.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from bangfu.lake.snapshots import connect, latest, snapshot
from bangfu.monitoring.live import facts_of
from bangfu.monitoring.origins import Origin, origins_of
from bangfu.monitoring.rules import rulebook
from bangfu.monitoring.words import CODE_LISTS
from bangfu.people.models import Membership
from bangfu.rulebook.changes import Change, single_changes
from bangfu.rulebook.engine import Engine
from bangfu.rulebook.evaluate import ready_rule
from bangfu.rulebook.explain import Explanation, explain_table
from bangfu.rulebook.rules import INDICATOR, Rule
from bangfu.rulebook.views import Needs, View, compute, needs, only

CODES = {name: tuple(listed.values) for name, listed in CODE_LISTS.items()}
HOUSEHOLD, POPULATION = "household", "population"


class NotExplainedError(LookupError):
    """Nothing can be said: `reason` is "no_rule" (none of that code judges on the day), "no_subject" (the person has no
    row there: no household, no telephone) or "no_night" (no snapshot to look at)."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True)
class Answer:
    """A rule's answer for one subject.

    `as_of` is the day of the snapshot that was asked, None where the register itself was. `origins` tells for each
    column that the conditions read who said so and when; of a household only the rows of the person are told.
    """

    rule: Rule
    explanation: Explanation
    changes: tuple[Change, ...]
    origins: dict[str, tuple[Origin, ...]]
    as_of: date | None


def explain_person(code: str, person: int, on: date) -> Answer:
    """The rule of that code for a person (by key) on a day, or for the person's household. Raises NotExplainedError."""
    book = rulebook()
    rules = [rule for rule in book.rules if rule.code == code and rule.kind != INDICATOR and rule.is_valid(on)]
    for rule in rules:
        view = book.views[rule.about]
        asked = needs(book.views, {view.name: rule.columns()})
        with _shown(view, asked, person, on) as (connection, subject, day):
            answered = _answer(connection, rule, asked, subject, day)
        if answered is not None:
            explanation, changes = answered
            columns = {name: view.columns[name] for name in rule.columns()}
            as_of = day if view.closure == POPULATION else None
            return Answer(rule, explanation, changes, origins_of(person, columns, on), as_of)
    raise NotExplainedError("no_subject" if rules else "no_rule")


def _answer(
    connection: Engine, rule: Rule, asked: Needs, subject: int, day: date
) -> tuple[Explanation, tuple[Change, ...]] | None:
    book = rulebook()
    view = only(book.views[rule.about], asked[rule.about])
    table = compute(connection, book.views, view.name, day, asked)
    ready = ready_rule(book, rule, day)
    found = explain_table(connection, ready, view, table, day, f"{view.key} = {subject}")
    if not found:
        return None
    return found[0], single_changes(connection, ready, view, table, subject, day, CODES)


@contextmanager
def _shown(view: View, asked: Needs, person: int, on: date) -> Iterator[tuple[Engine, int, date]]:
    """A connection that shows the facts of the person's row of the view, the key of that row, and the day asked."""
    if view.closure == POPULATION:
        day = latest(settings.LAKE, on)
        if day is None:
            raise NotExplainedError("no_night")
        with connect(settings.LAKE) as connection:
            snapshot(connection, settings.LAKE, day)
            yield connection, person, day
        return
    subject, persons = person, [person]
    if view.closure == HOUSEHOLD:
        subject, persons = _household(person, on)
    with facts_of(persons, asked, on) as connection:
        yield connection, subject, on


def _household(person: int, on: date) -> tuple[int, Sequence[int]]:
    household = Membership.objects.true_on(on).filter(person=person).values_list("household", flat=True).first()
    if household is None:
        raise NotExplainedError("no_subject")
    members = Membership.objects.true_on(on).filter(household=household).values_list("person", flat=True)
    return household, sorted(set(members))
