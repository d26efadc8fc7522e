"""Lines of outside lists that are not sure to speak of somebody: kept, accepted or rejected by an officer, erased."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.timezone import localdate

from bangfu.audit.actions import record
from bangfu.core.keys import new_keys
from bangfu.core.sealing import SealedColumn
from bangfu.intake.long_lists import ROW
from bangfu.monitoring.feed_lines import FeedLines
from bangfu.monitoring.feed_memory import forget, remember
from bangfu.monitoring.line_models import LineState, SaidLine
from bangfu.monitoring.models import Feed, FeedLine, FeedState, LineCandidate, UnsureLine
from bangfu.people.bulk import insert_rows
from bangfu.people.models import Person
from bangfu.people.named_people import Candidate
from bangfu.rulebook.feed_kinds import FINDERS

_PLACE = "monitoring.unsureline.cells"
SEALED = (SealedColumn("monitoring.UnsureLine", "sealed", _PLACE),)
_MOST = 999  # nothing that somebody is asked about is certain
NOT_REVIEWED = "not_reviewed"
_SAID = [field.attname for field in SaidLine._meta.get_fields()]
_DECISION = ["state", "person", "kept", "decided_by", "decided_at"]
_TEXTS = {"uscc": "", "status": "", "detail": ""}


class LineDecidedError(Exception):
    """The line does not stand as it was thought to, its list was put aside, or the person has left the register."""


def said_columns(values: Mapping[str, Sequence[Any]], count: int) -> Iterator[dict[str, Any]]:
    """What each of `count` lines says, by column of SaidLine, from `FeedLines.values`."""
    columns = {name: [_TEXTS.get(name) if one is None else one for one in told] for name, told in values.items()}
    for at in range(count):
        yield {name: told[at] for name, told in columns.items()}


def finding_cells(lines: FeedLines, places: Sequence[int]) -> dict[int, dict[str, str]]:
    """The cells of lines by which a person is looked for, as written, by field; by the line's place in the list."""
    names = [name for name in ("id_number", *FINDERS) if name in lines.listed.headings]
    rows = lines.listed.rows.select(names)[list(places)].iter_rows(named=True)
    return {at: {name: row[name] or "" for name in names} for at, row in zip(places, rows, strict=True)}


def keep_unsure(feed: Feed, lines: FeedLines, unsure: Mapping[int, Sequence[Candidate]]) -> None:
    """Keep lines (by their place in the list) with whom they may speak of; part of the deed that takes the list in."""
    if not unsure:
        return
    places, keys = list(unsure), new_keys(len(unsure))
    names, cells = lines.listed.rows[ROW][places], finding_cells(lines, places)
    texts = [(key, json.dumps(cells[at], ensure_ascii=False).encode()) for key, at in zip(keys, places, strict=True)]
    sealed = settings.KEYRING.seal_bytes(_PLACE, texts)
    said = said_columns(lines.values(places)[0], len(places))
    rows = [
        {"id": key, "row": str(row), "sealed": hidden, **told}
        for key, row, hidden, told in zip(keys, names, sealed, said, strict=True)
    ]
    insert_rows(UnsureLine, rows, {"feed_id": feed.pk, "state": LineState.OPEN.value})
    insert_rows(
        LineCandidate,
        [
            {
                "line_id": key, "person_id": one.person, "likelihood": min(round(one.likelihood * 1000), _MOST),
                "reasons": one.reasons,
            }
            for key, at in zip(keys, places, strict=True)
            for one in unsure[at]
        ],
    )  # fmt: skip


def cells_of(lines: Sequence[UnsureLine]) -> list[dict[str, str]]:
    """The cells of each line by which its person is looked for, as written, by field."""
    opened = settings.KEYRING.open_bytes(_PLACE, [(line.pk, line.sealed) for line in lines])
    return [json.loads(text) for text in opened]


@transaction.atomic
def accept_candidates(candidates: Sequence[LineCandidate], *, by: Any, at: datetime) -> None:
    """Decide that lines speak of these persons, one a line; the others whom they might have spoken of fall away.

    Raises LineDecidedError: nothing is changed then.
    """
    lines = _still_open([one.line_id for one in candidates])
    persons = {one.line_id: one.person_id for one in candidates}
    there = Person.objects.filter(pk__in=persons.values(), withdrawn_at__isnull=True).values_list("pk", flat=True)
    if set(there) != set(persons.values()):
        raise LineDecidedError
    for line, key in zip(lines, new_keys(len(lines)), strict=True):
        line.state, line.person_id, line.kept_id, line.decided_by, line.decided_at = (
            LineState.ACCEPTED, persons[line.pk], key, by, at
        )  # fmt: skip
    insert_rows(FeedLine, [_kept_row(line) for line in lines])
    UnsureLine.objects.bulk_update(lines, _DECISION, batch_size=500)
    for feed, count in Counter(line.feed_id for line in lines).items():
        Feed.objects.filter(pk=feed).update(matched=F("matched") + count, linked=F("linked") + count)
    _remember(lines, by, at)
    _record("monitoring.line_accepted", lines, by, at, persons=list(persons.values()))


def _kept_row(line: UnsureLine) -> dict[str, Any]:
    said = {name: getattr(line, name) for name in _SAID}
    return {"id": line.kept_id, "feed_id": line.feed_id, "person_id": line.person_id, **said}


@transaction.atomic
def reject_lines(lines: Sequence[UnsureLine], *, by: Any, at: datetime) -> None:
    """Decide that lines speak of none of those shown: they count as of nobody known. Raises LineDecidedError."""
    keys = [line.pk for line in lines]
    rows = _still_open(keys)
    UnsureLine.objects.filter(pk__in=keys).update(state=LineState.REJECTED, decided_by=by, decided_at=at)
    _count([row.feed_id for row in rows], "not_on_register")
    _remember(rows, by, at)
    _record("monitoring.line_rejected", rows, by, at)


@transaction.atomic
def reopen_lines(lines: Sequence[UnsureLine], *, by: Any, at: datetime) -> None:
    """Take decisions about lines back: they wait again, and what was kept of them is erased. Raises LineDecidedError
    where one waits already or its list was put aside."""
    rows = _locked([line.pk for line in lines])
    if any(row.state == LineState.OPEN for row in rows):
        raise LineDecidedError
    for division, of_place in _by_place(rows).items():
        forget(cells_of(of_place), division)
    FeedLine.objects.filter(pk__in=[row.kept_id for row in rows if row.kept_id]).delete()
    for feed, count in Counter(row.feed_id for row in rows if row.state == LineState.ACCEPTED).items():
        Feed.objects.filter(pk=feed).update(matched=F("matched") - count, linked=F("linked") - count)
    _count([row.feed_id for row in rows if row.state == LineState.REJECTED], "not_on_register", by=-1)
    for row in rows:
        row.state, row.person, row.kept, row.decided_by, row.decided_at = LineState.OPEN, None, None, None, None
    UnsureLine.objects.bulk_update(rows, _DECISION, batch_size=500)
    _record("monitoring.line_reopened", rows, by, at)


def _still_open(keys: Sequence[int]) -> list[UnsureLine]:
    """These lines, if all of them wait. Raises LineDecidedError."""
    rows = _locked(keys)
    if any(row.state != LineState.OPEN for row in rows):
        raise LineDecidedError
    return rows


def _locked(keys: Sequence[int]) -> list[UnsureLine]:
    """These lines, locked with their lists. Raises LineDecidedError where one is gone, named twice, or its list was put
    aside."""
    feeds = Feed.objects.select_for_update().filter(unsure_lines__in=keys).exclude(state=FeedState.REJECTED)
    in_use = {feed.pk: feed for feed in feeds.filter(superseded_at__isnull=True)}
    rows = list(UnsureLine.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    if len(rows) != len(set(keys)) or len(keys) != len(set(keys)) or any(row.feed_id not in in_use for row in rows):
        raise LineDecidedError
    for row in rows:
        row.feed = in_use[row.feed_id]
    return rows


def _remember(lines: Sequence[UnsureLine], by: Any, at: datetime) -> None:
    """Keep the decisions (`person`, None where rejected) for the lists to come."""
    refused: dict[int, list[int]] = {line.pk: [] for line in lines}
    rejected = [line.pk for line in lines if line.person_id is None]
    for key, person in LineCandidate.objects.filter(line__in=rejected).values_list("line", "person"):
        refused[key].append(person)
    for division, of_place in _by_place(lines).items():
        cells = cells_of(of_place)
        decided = [(one, line.person_id, refused[line.pk]) for one, line in zip(cells, of_place, strict=True)]
        remember(decided, division, on=localdate(at), by=by)


def _by_place(lines: Sequence[UnsureLine]) -> dict[str, list[UnsureLine]]:
    found: dict[str, list[UnsureLine]] = {}
    for line in lines:
        found.setdefault(line.feed.division, []).append(line)
    return found


def _record(verb: str, lines: Sequence[UnsureLine], by: Any, at: datetime, **more: Any) -> None:
    for feed in {line.feed_id: line.feed for line in lines}.values():
        count = sum(line.feed_id == feed.pk for line in lines)
        record(verb, by=by, at=at, count=count, division=feed.division, facts={"feed": feed.pk}, **more)


def _count(feeds: Sequence[int], reason: str, by: int = 1) -> None:
    """Count lines under a reason of their lists, each as one more or (-1) one less."""
    counts = Counter(feeds)
    for feed in Feed.objects.select_for_update().filter(pk__in=counts):
        feed.report[reason] = feed.report.get(reason, 0) + by * counts[feed.pk]
        feed.save(update_fields=["report"])


def unsure_to_erase(before: date) -> QuerySet[UnsureLine]:
    """Unsure lines of lists that were received before the day."""
    return UnsureLine.objects.filter(feed__received_on__lt=before)


@transaction.atomic
def erase_unsure(before: date, *, rule: str, at: datetime) -> int:
    """Erase the unsure lines of lists received before the day, decided or not; what nobody decided is counted."""
    rows = unsure_to_erase(before)
    count = rows.count()
    if count:
        _count(list(rows.filter(state=LineState.OPEN).values_list("feed", flat=True)), NOT_REVIEWED)
        rows.delete()
        record("monitoring.unsure_lines_erased", by=None, at=at, count=count, facts={"rule": rule})
    return count
