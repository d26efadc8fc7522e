"""What the page of outside lists shows: each kind with what came last and what is expected next, and every list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bangfu.accounts.access import Viewer, inside
from bangfu.cases.words import spoken
from bangfu.core.retirement import add_months
from bangfu.divisions.queries import names_of
from bangfu.monitoring.feed_review_lines import open_counts_of
from bangfu.monitoring.feed_words import cells_unread, explain_line, kind_name
from bangfu.monitoring.models import EVERYWHERE, Feed
from bangfu.monitoring.queries import feeds_about, feeds_in_use
from bangfu.monitoring.rules import feed_kinds
from bangfu.rulebook.feed_kinds import MONTH, FeedKind


@dataclass(frozen=True)
class KindLine:
    """A kind of list for a place: the last one in use that covers it or lies inside, None where none ever came; the
    period and the last day of the next one, and whether that day is over."""

    kind: FeedKind
    name: str
    sender: str
    tells: str
    source: str
    last: Feed | None
    place: str
    period: str
    next_period: str
    due_on: date | None
    is_late: bool
    days_late: int


@dataclass(frozen=True)
class FeedShown:
    """A list with its kind, place and period in words, and how many lines of it wait for a decision."""

    feed: Feed
    name: str
    place: str
    period: str
    to_review: int


@dataclass(frozen=True)
class Left:
    """Why lines were left out, or which cells were left empty, and how many."""

    words: str
    count: int


def kind_lines(user: Viewer, division: str, today: date) -> list[KindLine]:
    """Every kind of list, the late ones first; two statements and the names of places."""
    rows = feeds_in_use().filter(inside(user)) | feeds_about(division)
    last = {feed.kind: feed for feed in rows.order_by("kind", "period", "received_at")}
    names = names_of({feed.division for feed in last.values()})
    lines = [_kind_line(kind, last.get(kind.code), names, today) for kind in feed_kinds().values()]
    return sorted(lines, key=lambda line: (not line.is_late, line.last is None, line.kind.code))


def _kind_line(kind: FeedKind, last: Feed | None, names: dict[str, str], today: date) -> KindLine:
    following = next_period(kind, last.period) if last else None
    due = due_on(kind, following) if following else None
    late = (today - due).days if due else 0
    return KindLine(
        kind=kind, name=spoken(kind.name), sender=spoken(kind.sender), tells=spoken(kind.tells),
        source=spoken(kind.source), last=last, place=place_name(last.division, names) if last else "",
        period=period_words(last, kind) if last else "", next_period=f"{following:%Y-%m}" if following else "",
        due_on=due, is_late=late > 0, days_late=max(late, 0),
    )  # fmt: skip


def next_period(kind: FeedKind, period: date) -> date:
    """The first day of the month of the list that follows one of that period."""
    return add_months(period.replace(day=1), kind.due.months)


def due_on(kind: FeedKind, month: date) -> date:
    """The last day on which the list of a month (its first day) is expected."""
    return add_months(month, 1) + timedelta(days=kind.due.days - 1)


def shown_feeds(feeds: Sequence[Feed]) -> list[FeedShown]:
    """These lists in words; the names of places and what waits in one go each."""
    names, kinds, waiting = names_of({feed.division for feed in feeds}), feed_kinds(), open_counts_of(feeds)
    return [
        FeedShown(
            feed, kind_name(feed.kind), place_name(feed.division, names), period_words(feed, kinds.get(feed.kind)),
            waiting.get(feed.pk, 0),
        )
        for feed in feeds
    ]  # fmt: skip


def place_name(division: str, names: dict[str, str]) -> str:
    """The name of the place that a list covers, "" for everywhere."""
    return "" if division == EVERYWHERE else names.get(division, division)


def period_words(feed: Feed, kind: FeedKind | None) -> str:
    """The month of a list, or the day as of which it holds."""
    return f"{feed.period:%Y-%m}" if kind is None or kind.period == MONTH else feed.period.isoformat()


def reasons_of(feed: Feed) -> list[Left]:
    """Why lines of a list were left out, the most frequent reason first."""
    kind = feed_kinds().get(feed.kind)
    told = sorted(feed.report.items(), key=lambda one: (-one[1], one[0]))
    return [Left(explain_line(code, kind), count) for code, count in told if count]


def unread_of(feed: Feed) -> list[Left]:
    """The columns of which cells were left empty because they could not be read."""
    kind = feed_kinds().get(feed.kind)
    return [Left(cells_unread(field, kind), count) for field, count in sorted(feed.unread.items())]
