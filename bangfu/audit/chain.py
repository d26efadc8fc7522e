"""The chain over the entries: each link is keyed and holds the one before, so that no single row can be changed,
removed or moved unseen."""

import hmac
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.conf import settings

from bangfu.audit.models import Entry, Subject

_SLICE = 2000
_NAMED = 1000  # so many broken numbers are kept by name; beyond, they are only counted


@dataclass
class Verdict:
    """What checking the chain found. `broken` names the chain numbers that do not fit (the first thousand)."""

    chained: int = 0
    head: str = ""
    broken: list[int] = field(default_factory=list)
    broken_count: int = 0
    loose: int = 0
    loose_since: str = ""
    kept_head_missing: bool = False

    @property
    def holds(self) -> bool:
        """Whether nothing was tampered with; what is not sealed yet cannot be judged."""
        return not self.broken_count and not self.kept_head_missing


def verify(kept: tuple[int, str] | None = None) -> Verdict:
    """Check the whole chain, a slice at a time; `kept` is a head that was kept outside (number, hash): the chain
    must still hold it, else its tail was cut and grown anew."""
    verdict, previous, expected = Verdict(), "", 0
    if kept is not None and kept[0]:
        verdict.kept_head_missing = True
    for entries in _slices():
        people = subjects_of(entries)
        for entry in entries:
            expected += 1
            number = int(entry.chain_no or 0)
            made = link(entry, number, previous, people.get(entry.pk, []))
            if number != expected or not hmac.compare_digest(made, entry.chain_hash):
                verdict.broken_count += 1
                if len(verdict.broken) < _NAMED:
                    verdict.broken.append(number)
                expected = number
            previous = entry.chain_hash
            if kept == (number, previous):
                verdict.kept_head_missing = False
    verdict.chained, verdict.head = expected, previous
    loose = Entry.objects.filter(chain_no__isnull=True)
    oldest = loose.order_by("id").first()
    verdict.loose = loose.count()
    verdict.loose_since = oldest.at.isoformat() if oldest else ""
    return verdict


def _slices() -> Iterator[list[Entry]]:
    last = 0
    rows = Entry.objects.order_by("chain_no")
    while found := list(rows.filter(chain_no__gt=last)[:_SLICE]):
        last = int(found[-1].chain_no or 0)
        yield found


def last_link() -> tuple[int, str]:
    """The last chain number and its hash; (0, "") while nothing is chained. Kept outside, it betrays a cut tail."""
    last = Entry.objects.filter(chain_no__isnull=False).order_by("-chain_no").values_list("chain_no", "chain_hash")
    found = last.first()
    return (int(found[0] or 0), found[1]) if found else (0, "")


def subjects_of(entries: Sequence[Entry]) -> dict[int, list[int]]:
    """The persons of each entry by its key, in rising order."""
    found: dict[int, list[int]] = {}
    rows = Subject.objects.filter(entry__in=[entry.pk for entry in entries]).values_list("entry_id", "person")
    for entry, person in rows:
        found.setdefault(entry, []).append(person)
    return {entry: sorted(keys) for entry, keys in found.items()}


def link(entry: Entry, number: int, previous: str, persons: list[int]) -> str:
    """The keyed hash of one entry at its place."""
    told = [
        number, previous, entry.pk, entry.at.timestamp(), entry.by_id, entry.verb, entry.count, entry.division,
        entry.purpose, entry.facts, persons,
    ]  # fmt: skip
    duty = [entry.role, entry.place, entry.office]
    if any(duty):  # entries of before the duty was recorded keep their hash
        told.append(duty)
    text = json.dumps(told, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hmac.digest(settings.AUDIT_KEY, text.encode(), "sha256").hex()
