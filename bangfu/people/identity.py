"""Sealing, finding, masking and revealing the numbers of people."""

from collections.abc import Iterable

from django.conf import settings

from bangfu.core.sealing import SealedColumn
from bangfu.people.models import Contact, Person

_ID_PLACE = "people.person.id"
_PHONE_PLACE = "people.contact.phone"
SEALED = (
    SealedColumn("people.Person", "id_sealed", _ID_PLACE, index="id_index", kind="id"),
    SealedColumn("people.Contact", "phone_sealed", _PHONE_PLACE, "person_id", index="phone_index", kind="phone"),
)


def id_indexes(numbers: Iterable[str]) -> list[str]:
    """The blind index of each whole, mended ID number."""
    return settings.KEYRING.blind("id", numbers)


def phone_indexes(numbers: Iterable[str]) -> list[str]:
    """The blind index of each whole telephone number."""
    return settings.KEYRING.blind("phone", numbers)


def seal_ids(pairs: Iterable[tuple[int, str]]) -> list[bytes]:
    """Sealed ID numbers for pairs of (person key, number)."""
    return settings.KEYRING.seal(_ID_PLACE, pairs)


def seal_phones(pairs: Iterable[tuple[int, str]]) -> list[bytes]:
    """Sealed telephone numbers for pairs of (person key, number): all versions of a contact open alike."""
    return settings.KEYRING.seal(_PHONE_PLACE, pairs)


def id_number(person: Person) -> str:
    """The whole ID number. Showing it to somebody is a deed: `actions.reveal_identity` records it."""
    return settings.KEYRING.open(_ID_PLACE, person.pk, person.id_sealed)


def phone_number(contact: Contact) -> str:
    """The whole telephone number; the same rule as for the ID number."""
    return settings.KEYRING.open(_PHONE_PLACE, contact.person_id, contact.phone_sealed)


def masked_id(number: str) -> str:
    """First six and last four, as officers see it (house.md 5)."""
    return f"{number[:6]}********{number[-4:]}"


def masked_phone(number: str) -> str:
    """Such as 138****2046."""
    return f"{number[:3]}****{number[-4:]}"
