"""Sealing, finding, masking and revealing the numbers of people."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings

from bangfu.core.sealing import SealedColumn
from bangfu.people.bulk import select_in
from bangfu.people.facts_base import Fact
from bangfu.people.models import BankAccount, Certificate, Contact, Person

_ID_PLACE = "people.person.id"
_PHONE_PLACE = "people.contact.phone"
_ACCOUNT_PLACE = "people.bankaccount.number"
_CERTIFICATE_PLACE = "people.certificate.number"
DIFFERENCE_PLACE = "people.difference.proposed"
SAID_PLACE, REPLY_PLACE = "people.correction.said", "people.correction.reply"
_NUMBER = {"index": "number_index"}
SEALED = (
    SealedColumn("people.Person", "id_sealed", _ID_PLACE, index="id_index", kind="id"),
    SealedColumn("people.Contact", "phone_sealed", _PHONE_PLACE, "person_id", index="phone_index", kind="phone"),
    SealedColumn("people.BankAccount", "number_sealed", _ACCOUNT_PLACE, "person_id", kind="account", **_NUMBER),
    SealedColumn("people.Certificate", "number_sealed", _CERTIFICATE_PLACE, "person_id", kind="certificate", **_NUMBER),
    SealedColumn("people.Difference", "proposed_sealed", DIFFERENCE_PLACE),
    SealedColumn("people.Correction", "said_sealed", SAID_PLACE),
    SealedColumn("people.Correction", "reply_sealed", REPLY_PLACE),
)


def id_indexes(numbers: Iterable[str]) -> list[str]:
    """The blind index of each whole, mended ID number."""
    return settings.KEYRING.blind("id", numbers)


def phone_indexes(numbers: Iterable[str]) -> list[str]:
    """The blind index of each whole telephone number."""
    return settings.KEYRING.blind("phone", numbers)


def keys_by_index(indexes: Iterable[str]) -> dict[str, int]:
    """The person key behind each blind index of an ID number that was ever on the register; one whose row was found
    to be another person's is led to the row that stays."""
    rows = select_in(Person, ("id_index", "id", "merged_into_id"), "id_index", list(indexes))
    found: dict[str, int] = {}
    led: dict[str, int] = {}
    for index, key, other in rows:
        found[index] = key
        if other is not None:
            led[index] = other
    while led:
        found |= led
        further = dict(
            Person.objects.filter(pk__in=set(led.values()), merged_into__isnull=False).values_list("pk", "merged_into")
        )
        led = {index: further[key] for index, key in led.items() if key in further}
    return found


def seal_ids(pairs: Iterable[tuple[int, str]]) -> list[bytes]:
    """Sealed ID numbers for pairs of (person key, number)."""
    return settings.KEYRING.seal(_ID_PLACE, pairs)


def seal_phones(pairs: Iterable[tuple[int, str]]) -> list[bytes]:
    """Sealed telephone numbers for pairs of (person key, number): all versions of a contact open alike."""
    return settings.KEYRING.seal(_PHONE_PLACE, pairs)


def sealed_accounts(pairs: Sequence[tuple[int, str]]) -> list[dict[str, Any]]:
    """The sealed columns of bank accounts for pairs of (person key, whole number), in their order."""
    return _numbered("account", _ACCOUNT_PLACE, pairs)


def sealed_certificates(pairs: Sequence[tuple[int, str]]) -> list[dict[str, Any]]:
    """The sealed columns of certificates for pairs of (person key, whole number), in their order."""
    return _numbered("certificate", _CERTIFICATE_PLACE, pairs)


def _numbered(kind: str, place: str, pairs: Sequence[tuple[int, str]]) -> list[dict[str, Any]]:
    indexes = settings.KEYRING.blind(kind, (number for _, number in pairs))
    sealed = settings.KEYRING.seal(place, pairs)
    return [{"number_index": index, "number_sealed": hidden} for index, hidden in zip(indexes, sealed, strict=True)]


def account_number(account: BankAccount) -> str:
    """The whole account number; the same rule as for the ID number."""
    return settings.KEYRING.open(_ACCOUNT_PLACE, account.person_id, account.number_sealed)


def certificate_number(certificate: Certificate) -> str:
    """The whole number of a certificate, which may hold the ID number; the same rule as for it."""
    return settings.KEYRING.open(_CERTIFICATE_PLACE, certificate.person_id, certificate.number_sealed)


def sealed_number(model: type[Fact], person: int, number: str) -> dict[str, Any]:
    """The columns of the sealed number of a contact, bank account or certificate."""
    if model is Contact:
        return {"phone_index": phone_indexes([number])[0], "phone_sealed": seal_phones([(person, number)])[0]}
    sealed = sealed_accounts if model is BankAccount else sealed_certificates
    return sealed([(person, number)])[0]


def number_in(model: type[Fact], person: int, columns: Mapping[str, Any]) -> str | None:
    """The whole number behind the sealed columns of a fact; None where there are none."""
    places = {
        Contact: ("phone_sealed", _PHONE_PLACE), BankAccount: ("number_sealed", _ACCOUNT_PLACE),
        Certificate: ("number_sealed", _CERTIFICATE_PLACE),
    }  # fmt: skip
    column, place = places.get(model, ("", ""))
    return str(settings.KEYRING.open(place, person, columns[column])) if columns.get(column) else None


def id_number(person: Person) -> str:
    """The whole ID number. Showing it to somebody is a deed: `actions.reveal_identity` records it."""
    return settings.KEYRING.open(_ID_PLACE, person.pk, person.id_sealed)


def id_numbers(sealed: Mapping[int, bytes]) -> dict[int, str]:
    """The whole ID numbers of many persons from what is sealed, both by key; the same rule, kept by the room
    `exports`."""
    return dict(zip(sealed, settings.KEYRING.open_many(_ID_PLACE, list(sealed.items())), strict=True))


def phone_numbers(persons: Sequence[int]) -> dict[int, str]:
    """The whole telephone number of each of many persons (by key) who has one; the same rule."""
    is_open = "superseded_at IS NULL AND valid_to IS NULL"
    rows = list(select_in(Contact, ("person_id", "phone_sealed"), "person_id", persons, is_open))
    numbers = settings.KEYRING.open_many(_PHONE_PLACE, rows)
    return {key: number for (key, _), number in zip(rows, numbers, strict=True)}


def phone_number(contact: Contact) -> str:
    """The whole telephone number; the same rule as for the ID number."""
    return settings.KEYRING.open(_PHONE_PLACE, contact.person_id, contact.phone_sealed)


def masked_id(number: str) -> str:
    """First six and last four, as officers see it (house.md 5)."""
    return f"{number[:6]}********{number[-4:]}"


def masked_phone(number: str) -> str:
    """Such as 138****2046."""
    return f"{number[:3]}****{number[-4:]}"


def masked_account(number: str) -> str:
    """The last four digits."""
    return f"**** {number[-4:]}"
