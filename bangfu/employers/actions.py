"""Every write to employers and posts."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from bangfu.audit.actions import record
from bangfu.core.keys import new_keys
from bangfu.core.sealing import SealedColumn
from bangfu.employers.models import Employer, Post

_CONTACT_PLACE = "employers.post.contact"
SEALED = (SealedColumn("employers.Post", "contact_sealed", _CONTACT_PLACE),)
_COLUMNS = (
    "title", "occupation", "headcount", "wage_low_amount", "wage_high_amount", "place", "education", "level",
    "age_low", "age_high", "requirements", "lodging", "insured", "valid_until",
)  # fmt: skip


@dataclass(frozen=True)
class Posted:
    """On which day vacancies are posted, by whom, recorded when, in which batch."""

    on: date
    by: Any
    at: datetime
    batch: int | None = None


@transaction.atomic
def post_vacancies(rows: Sequence[Mapping[str, Any]], how: Posted) -> list[int]:
    """Bring checked vacancies in; returns their keys. A row has `employer`, `uscc`, `contact`, `phone` and the
    columns of a post, None where not said."""
    employers = _employers_for(rows)
    keys = new_keys(len(rows))
    contacts = [{"name": row.get("contact") or "", "phone": row.get("phone") or ""} for row in rows]
    sealed = settings.KEYRING.seal(
        _CONTACT_PLACE, ((key, json.dumps(contact)) for key, contact in zip(keys, contacts, strict=True))
    )
    posts = []
    for key, row, contact, hidden in zip(keys, rows, contacts, sealed, strict=True):
        values = {name: row[name] for name in _COLUMNS if row.get(name) is not None}
        posts.append(
            Post(
                id=key, employer_id=employers[row["uscc"]], posted_on=how.on, batch=how.batch,
                division=getattr(how.by, "division", ""),
                contact_sealed=hidden if any(contact.values()) else None, **values,
            )
        )  # fmt: skip
    Post.objects.bulk_create(posts, batch_size=500)
    record("employers.posted", by=how.by, at=how.at, count=len(posts), facts={"batch": how.batch})
    return list(keys)


def _employers_for(rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    wanted = {row["uscc"]: row["employer"] for row in rows}
    found = dict(Employer.objects.filter(uscc__in=list(wanted)).values_list("uscc", "id"))
    missing = [code for code in wanted if code not in found]
    fresh = [
        Employer(id=key, uscc=code, name=wanted[code] or code)
        for key, code in zip(new_keys(len(missing)), missing, strict=True)
    ]
    Employer.objects.bulk_create(fresh, batch_size=500)
    return found | {row.uscc: row.pk for row in fresh}


@transaction.atomic
def close_posts(posts: Sequence[int], *, on: date, by: Any, at: datetime) -> int:
    """Take vacancies off the list from a day on; returns how many were open."""
    closed = Post.objects.filter(pk__in=posts, closed_on__isnull=True).update(closed_on=on)
    record("employers.closed", by=by, at=at, count=closed, facts={"posts": [str(key) for key in posts][:100]})
    return closed


@transaction.atomic
def withdraw_batch(batch: int, *, by: Any, at: datetime) -> dict[str, int]:
    """Take the vacancies of an import back; those that were offered to somebody are closed and stay."""
    posts = Post.objects.filter(batch=batch)
    used = {post.pk for post in posts if post.offers.exists() or post.services.exists()}  # type: ignore[attr-defined]
    posts.filter(pk__in=used, closed_on__isnull=True).update(closed_on=at.date())
    gone, _ = posts.exclude(pk__in=used).delete()
    record("employers.import_withdrawn", by=by, at=at, count=gone, facts={"batch": batch})
    return {"offered_already": len(used)} if used else {}


def contact_of(post: Post) -> dict[str, str]:
    """The name and the telephone of a post's contact, "" where none was given."""
    if post.contact_sealed is None:
        return {"name": "", "phone": ""}
    opened = settings.KEYRING.open(_CONTACT_PLACE, post.pk, post.contact_sealed)
    contact: dict[str, str] = json.loads(opened)
    return contact


@transaction.atomic
def show_contact(post: Post, *, by: Any, at: datetime) -> dict[str, str]:
    """The contact of a post for somebody who asked to see it; the look is recorded."""
    record("employers.contact_seen", by=by, at=at, count=1, facts={"post": str(post.pk)})
    return contact_of(post)
