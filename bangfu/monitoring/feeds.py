"""Outside lists month by month: read, compared by ID with the register, kept for those who are on it."""

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction

from bangfu.audit.actions import record
from bangfu.core.identity import id_number
from bangfu.core.keys import new_keys
from bangfu.intake.reading import BadLedger, decode_text
from bangfu.monitoring.models import Feed, InsuranceMonth
from bangfu.people.identity import id_indexes
from bangfu.people.models import Person

SOCIAL_INSURANCE = "social_insurance"
_COLUMNS = ("AAC002", "AAE003", "AAC031")
_CHUNK = 20_000


@dataclass(frozen=True)
class Line:
    """A line of the extract: ID, month as YYYYMM, payment status (1 paying, 2 suspended, 3 ended), wage base."""

    id_number: str
    month: str
    status: str
    uscc: str
    wage: str


def receive_insurance(data: bytes, file_name: str, *, month: date, on: date, by: Any, at: datetime) -> Feed:
    """Take in the social insurance extract of a month (its first day); returns the feed with its counts.

    The same file again gives the first result; another file of the month replaces it. Lines of another month
    or without a usable status are counted in `report`, not kept; nor are people who are not on the register.
    Raises BadLedger for a file that cannot be used.
    """
    digest = hashlib.sha256(data).hexdigest()
    before = Feed.objects.filter(kind=SOCIAL_INSURANCE, month=month, superseded_at__isnull=True).first()
    if before and before.file_hash == digest:
        return before
    lines = list(read_insurance(data, file_name))
    return _store(lines, before, digest, month=month, on=on, by=by, at=at)


def read_insurance(data: bytes, file_name: str) -> Iterator[Line]:
    """The lines of an extract in UTF-8 or GB18030 with the ministry's field codes. Raises BadLedger."""
    reader = csv.DictReader(io.StringIO(decode_text(data)), strict=True)
    missing = [name for name in _COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise BadLedger("columns_missing", sheet=file_name, columns=missing)
    try:
        for row in reader:
            yield Line(
                row["AAC002"] or "", row["AAE003"] or "", row["AAC031"] or "", row.get("AAB001") or "",
                row.get("AAC040") or "",
            )  # fmt: skip
    except csv.Error as error:
        raise BadLedger("truncated", line=reader.line_num) from error


@transaction.atomic
def _store(
    lines: Sequence[Line], before: Feed | None, digest: str, *, month: date, on: date, by: Any, at: datetime
) -> Feed:
    report: Counter[str] = Counter()
    usable = [line for line in lines if _usable(line, month, report)]
    if not usable:
        raise BadLedger("no_rows")
    if before:
        before.superseded_at = at
        before.save(update_fields=["superseded_at"])
        before.insurance.all().delete()
    feed = Feed(
        kind=SOCIAL_INSURANCE, month=month, file_hash=digest, received_on=on, received_at=at, lines=len(lines),
        matched=0, report={},
    )  # fmt: skip
    feed.save(force_insert=True)
    for start in range(0, len(usable), _CHUNK):
        feed.matched += _keep(feed, usable[start : start + _CHUNK])
    report["not_on_register"] = len(usable) - feed.matched
    feed.report = dict(report)
    feed.save(update_fields=["matched", "report"])
    facts = {"feed": feed.pk, "kind": feed.kind, "month": f"{month:%Y-%m}"}
    record("monitoring.feed_received", by=by, at=at, count=feed.lines, facts=facts)
    return feed


def _usable(line: Line, month: date, report: Counter[str]) -> bool:
    if line.month.strip() != f"{month:%Y%m}":
        report["other_month"] += 1
        return False
    if line.status.strip() not in {"1", "2", "3"}:
        report["status_unknown"] += 1
        return False
    return True


def _keep(feed: Feed, lines: Sequence[Line]) -> int:
    indexes = id_indexes(id_number(line.id_number) for line in lines)
    known = dict(
        Person.objects.filter(id_index__in=set(indexes), withdrawn_at__isnull=True).values_list("id_index", "id")
    )
    hits = [(known[index], line) for index, line in zip(indexes, lines, strict=True) if index in known]
    InsuranceMonth.objects.bulk_create(
        [
            InsuranceMonth(
                id=key, feed=feed, person_id=person, month=feed.month, status=int(line.status),
                uscc=line.uscc.strip()[:18], wage_amount=_amount(line.wage),
            )
            for key, (person, line) in zip(new_keys(len(hits)), hits, strict=True)
        ],
        batch_size=1000,
    )  # fmt: skip
    return len(hits)


def _amount(text: str) -> Decimal | None:
    try:
        amount = Decimal(text.strip().replace(",", ""))
    except InvalidOperation:
        return None
    return amount.quantize(Decimal("0.01")) if amount.is_finite() and 0 <= amount < 10**9 else None
