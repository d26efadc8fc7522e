"""Reading unsure lines of a list: what is written beside the rows of the register that may be meant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Prefetch, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bangfu.divisions.queries import full_names_of
from bangfu.divisions.ranges import COUNTY
from bangfu.monitoring.feed_reviews import cells_of
from bangfu.monitoring.line_models import LineState
from bangfu.monitoring.models import Feed, FeedLine, LineCandidate, UnsureLine
from bangfu.people.doubles import Reason, reasons_in_words
from bangfu.people.identity import masked_id
from bangfu.people.models import Person, Standing

_LONG = 10
_WRITTEN: Mapping[str, Promise] = {
    "name": _("Name"), "sex": _("Sex"), "born_on": _("Born on"), "place": _("Village or address"),
    "id_number": _("ID number"),
}  # fmt: skip


@dataclass(frozen=True)
class Written:
    """A cell as the list has it; a number is masked, and wrong: with a right one nobody would have to ask."""

    name: Promise
    value: str
    is_wrong: bool


@dataclass(frozen=True)
class Choice:
    """Somebody whom a line may speak of; `is_listed` says that the list speaks of this person in another line."""

    row: LineCandidate
    village: str
    reasons: Sequence[Reason]
    percent: str
    is_listed: bool

    @property
    def person(self) -> Person:
        """Who it is."""
        return self.row.person


@dataclass(frozen=True)
class Shown:
    """An unsure line with who it may be, the likeliest first; those who left the register are left out."""

    line: UnsureLine
    written: Sequence[Written]
    choices: Sequence[Choice]

    @property
    def is_open(self) -> bool:
        """Whether it waits for a decision."""
        return self.line.state == LineState.OPEN


def with_candidates(lines: QuerySet[UnsureLine]) -> QuerySet[UnsureLine]:
    """The lines with who they may be and who decided, in two statements."""
    there = LineCandidate.objects.filter(person__withdrawn_at__isnull=True).select_related("person")
    return lines.select_related("decided_by", "person").prefetch_related(
        Prefetch("candidates", there.order_by("-likelihood", "person"))
    )


def lines_shown(lines: Sequence[UnsureLine]) -> list[Shown]:
    """These lines (of one list, `with_candidates`) for a page."""
    persons = {row.person_id for line in lines for row in line.candidates.all()}
    places = dict(Standing.objects.filter(person__in=persons).values_list("person_id", "division"))
    names = full_names_of(places.values(), above=COUNTY)
    feeds = {line.feed_id for line in lines}
    listed = set(FeedLine.objects.filter(feed__in=feeds, person__in=persons).values_list("person_id", flat=True))
    return [
        Shown(
            line,
            _written(cells),
            [
                Choice(
                    row, names.get(places.get(row.person_id, ""), ""), reasons_in_words(row.reasons),
                    f"{row.likelihood / 10:.1f}", row.person_id in listed,
                )
                for row in line.candidates.all()
            ],
        )
        for line, cells in zip(lines, cells_of(lines), strict=True)
    ]  # fmt: skip


def _written(cells: Mapping[str, str]) -> list[Written]:
    shown = {field: cells[field].strip() for field in _WRITTEN if cells.get(field, "").strip()}
    return [
        Written(_WRITTEN[field], _masked(text) if field == "id_number" else text, field == "id_number")
        for field, text in shown.items()
    ]


def _masked(number: str) -> str:
    return masked_id(number) if len(number) > _LONG else "*" * len(number)


def open_counts_of(feeds: Sequence[Feed]) -> dict[int, int]:
    """How many lines of these lists (by key) wait for a decision, those with any; one statement."""
    rows = UnsureLine.objects.filter(feed__in=[feed.pk for feed in feeds], state=LineState.OPEN)
    return dict(rows.values_list("feed").annotate(n=Count("pk")).order_by("feed"))
