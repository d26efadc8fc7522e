"""Outside lists of any kind: received, compared with the register, held when too short, released or rejected."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from bangfu.audit.actions import record
from bangfu.core.keys import new_key
from bangfu.core.parts import in_parts
from bangfu.core.sealing import SealedColumn
from bangfu.divisions.ranges import ancestors_of, code_range
from bangfu.employers.models import Employer
from bangfu.intake.failures import BadLedger
from bangfu.monitoring.feed_lines import BadLine, FeedLines, read_lines
from bangfu.monitoring.feed_memory import recall
from bangfu.monitoring.feed_reviews import finding_cells, keep_unsure, said_columns
from bangfu.monitoring.models import EVERYWHERE, BadFeedLines, Feed, FeedLine, FeedState, UnsureLine
from bangfu.monitoring.rules import completeness
from bangfu.people.bulk import insert_rows, select_in
from bangfu.people.known_numbers import persons_among
from bangfu.people.models import Job
from bangfu.people.named_people import people_named
from bangfu.rulebook.feed_kinds import MONTH, UNIT, FeedKind

_BAD_PLACE = "monitoring.badfeedlines.lines"
SEALED = (SealedColumn("monitoring.BadFeedLines", "sealed", _BAD_PLACE),)
_CHUNK = 100_000


class FeedDecidedError(Exception):
    """The list is not held any more: somebody decided about it, or another one took its place."""


def receive_feed(
    kind: FeedKind, data: bytes, file_name: str, *, period: date, division: str = EVERYWHERE, on: date, by: Any,
    at: datetime,
) -> Feed:  # fmt: skip
    """Take in a list of a period (a day of its month, or the day as of which it holds) and a place; returns the feed.

    The same file again gives the first result; another file of the same kind, period and place replaces it, and one of
    a wider place replaces those of the places inside. A list that lost too many lines is held (see `completeness`) and
    replaces nothing yet. Raises BadLedger for a file that cannot be used, `wider_list` where a list of a wider place is
    in use already, `period_in_future`.
    """
    first_day = period.replace(day=1) if kind.period == MONTH else period
    if first_day > on:
        raise BadLedger("period_in_future")
    digest = hashlib.sha256(data).hexdigest()
    same = Feed.objects.filter(
        kind=kind.code, period=first_day, division=division, file_hash=digest, superseded_at__isnull=True
    ).first()
    if same:
        return same
    if _in_use(kind.code, first_day).filter(division__in=_wider(division)).exists():
        raise BadLedger("wider_list")
    rule = completeness()
    lines = read_lines(kind, data, file_name, period=first_day, on=on, keep_bad=rule.bad_lines_kept)
    before = _before(kind.code, first_day, division)
    good = lines.usable
    is_held = before is not None and rule.is_short(good, before.good, on)
    feed = Feed(
        kind=kind.code, period=first_day, division=division, file_name=file_name[:200], file_hash=digest,
        received_on=on, received_at=at, by=by, lines=lines.total, bad=lines.total - good, matched=0,
        compared=before.good if before else None, report={}, state=FeedState.HELD if is_held else FeedState.STANDING,
        stands_at=None if is_held else at,
    )  # fmt: skip
    return _store(feed, lines, at=at)


def _in_use(kind: str, period: date) -> QuerySet[Feed]:
    return Feed.objects.filter(kind=kind, period=period, state=FeedState.STANDING, superseded_at__isnull=True)


def _wider(division: str) -> list[str]:
    return [] if division == EVERYWHERE else [EVERYWHERE, *ancestors_of(division)]


def _before(kind: str, period: date, division: str) -> Feed | None:
    """The list in use of the same kind and place that speaks of the latest period before."""
    earlier = Feed.objects.filter(kind=kind, division=division, period__lt=period, state=FeedState.STANDING)
    return earlier.filter(superseded_at__isnull=True).order_by("-period").first()


@transaction.atomic
def _store(feed: Feed, lines: FeedLines, *, at: datetime) -> Feed:
    _replace(feed, at=at)
    feed.save(force_insert=True)
    _keep(feed, lines)
    feed.report = {**lines.reasons, "not_on_register": feed.good - feed.matched - feed.unsure}
    feed.save(update_fields=["matched", "linked", "unsure", "report", "unread"])
    if lines.bad:
        key = new_key()
        text = json.dumps([[line.row, line.reason, line.cells] for line in lines.bad], ensure_ascii=False)
        sealed = settings.KEYRING.seal_bytes(_BAD_PLACE, [(key, text.encode())])[0]
        BadFeedLines.objects.create(id=key, feed=feed, count=len(lines.bad), sealed=sealed)
    record(
        "monitoring.feed_received", by=feed.by, at=at, count=feed.lines, division=feed.division,
        facts={**_facts(feed), "held": feed.state == FeedState.HELD},
    )  # fmt: skip
    return feed


def _facts(feed: Feed) -> dict[str, Any]:
    return {"feed": feed.pk, "kind": feed.kind, "month": f"{feed.period:%Y-%m}"}


def _replace(feed: Feed, *, at: datetime) -> None:
    """Put aside what this list takes the place of: one that waits like it, or those in use in its place and inside."""
    low, high = code_range(feed.division)
    inside = Feed.objects.filter(kind=feed.kind, period=feed.period, superseded_at__isnull=True)
    inside = inside.filter(division__gte=low, division__lt=high).exclude(pk=feed.pk)
    if feed.state == FeedState.HELD:
        inside = inside.filter(state=FeedState.HELD, division=feed.division)
    old = list(inside.select_for_update())
    for model in (FeedLine, BadFeedLines, UnsureLine):
        model._base_manager.filter(feed__in=old).delete()
    Feed.objects.filter(pk__in=[one.pk for one in old]).update(superseded_at=at)


def _keep(feed: Feed, lines: FeedLines) -> None:
    """Keep the lines of those who are known, and apart those that may be of somebody; note how many they are, and how
    many of their cells could not be read."""
    known = _units(lines) if lines.kind.about == UNIT else _persons(lines, feed.division)
    found = {who for _, who in known}
    named = people_named(lines.named, feed.division, found=found)
    cells = finding_cells(lines, list(named.unsure))
    named = recall(cells, named, feed.division, found=found, on=feed.received_on)
    known = sorted([*known, *named.sure.items()])
    for part in in_parts(known, _CHUNK):
        values, faults = lines.values([at for at, _ in part])
        insert_rows(FeedLine, _rows(lines.kind, part, values), {"feed_id": feed.pk})
        feed.unread = {name: feed.unread.get(name, 0) + faults.get(name, 0) for name in feed.unread.keys() | faults}
    keep_unsure(feed, lines, named.unsure)
    feed.matched, feed.linked, feed.unsure = len(known), len(named.sure), len(named.unsure)


def _rows(
    kind: FeedKind, known: Sequence[tuple[int, Any]], values: Mapping[str, Sequence[Any]]
) -> list[dict[str, Any]]:
    key = "uscc" if kind.about == UNIT else "person_id"
    return [{key: who, **said} for (_, who), said in zip(known, said_columns(values, len(known)), strict=True)]


def _persons(lines: FeedLines, division: str) -> list[tuple[int, int]]:
    found = persons_among(lines.good["key"], division)
    places = lines.good["at"].gather(found["at"])
    return list(zip(places.to_list(), found["person"].to_list(), strict=True))


def _units(lines: FeedLines) -> list[tuple[int, str]]:
    """The lines of units that are named as an employer anywhere on the register."""
    codes = lines.good["key"].unique().to_list()
    named = {code for model in (Job, Employer) for (code,) in select_in(model, ("uscc",), "uscc", codes)}
    return [(at, code) for at, code in lines.good.select("at", "key").iter_rows() if code in named]


@transaction.atomic
def release_feeds(feeds: Sequence[Feed], *, reason: str, by: Any, at: datetime) -> None:
    """Take held lists into use although they are short; what they replace is put aside. Raises FeedDecidedError."""
    for feed in _still_held(feeds):
        feed.state, feed.stands_at = FeedState.STANDING, at
        feed.decided_at, feed.decided_by, feed.reason = at, by, reason
        if _in_use(feed.kind, feed.period).filter(division__in=_wider(feed.division)).exists():
            raise FeedDecidedError
        _replace(feed, at=at)
        feed.save()
        facts = {**_facts(feed), "lines": feed.good, "before": feed.compared}
        record(
            "monitoring.feed_released", by=by, at=at, count=feed.lines, division=feed.division, purpose=reason,
            facts=facts,
        )  # fmt: skip


@transaction.atomic
def reject_feeds(feeds: Sequence[Feed], *, reason: str, by: Any, at: datetime) -> None:
    """Refuse held lists: their lines are erased, their counts stay. Raises FeedDecidedError."""
    for feed in _still_held(feeds):
        FeedLine.objects.filter(feed=feed).delete()
        UnsureLine.objects.filter(feed=feed).delete()
        feed.state = FeedState.REJECTED
        feed.decided_at, feed.decided_by, feed.reason = at, by, reason
        feed.save()
        facts = {**_facts(feed), "lines": feed.good, "before": feed.compared}
        record(
            "monitoring.feed_rejected", by=by, at=at, count=feed.lines, division=feed.division, purpose=reason,
            facts=facts,
        )  # fmt: skip


def _still_held(feeds: Sequence[Feed]) -> list[Feed]:
    rows = list(Feed.objects.select_for_update().filter(pk__in=[feed.pk for feed in feeds]).order_by("pk"))
    if any(row.state != FeedState.HELD or row.superseded_at is not None for row in rows):
        raise FeedDecidedError
    return rows


@transaction.atomic
def hand_out_bad_lines(feed: Feed, *, by: Any, at: datetime) -> list[BadLine]:
    """The kept bad lines of a list as written, for a download that is recorded; [] where there are none."""
    kept = BadFeedLines.objects.filter(feed=feed).first()
    if kept is None:
        return []
    text = settings.KEYRING.open_bytes(_BAD_PLACE, [(kept.pk, kept.sealed)])[0]
    lines = [BadLine(*line) for line in json.loads(text)]
    record("monitoring.bad_lines_sent", by=by, at=at, count=len(lines), division=feed.division, facts={"feed": feed.pk})
    return lines


def has_bad_lines(feed: Feed) -> bool:
    """Whether bad lines of a list are kept still."""
    return BadFeedLines.objects.filter(feed=feed).exists()


def bad_lines_to_erase(before: date) -> QuerySet[BadFeedLines]:
    """Bad lines of lists that were received before the day."""
    return BadFeedLines.objects.filter(feed__received_on__lt=before)


@transaction.atomic
def erase_bad_lines(before: date, *, rule: str, at: datetime) -> int:
    """Erase the bad lines of lists received before the day; their counts by reason stay."""
    rows = bad_lines_to_erase(before)
    count = rows.count()
    if count:
        rows.delete()
        record("monitoring.bad_lines_erased", by=None, at=at, count=count, facts={"rule": rule})
    return count
