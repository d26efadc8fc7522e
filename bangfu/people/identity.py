"""Sealing, finding, masking and revealing the numbers of people."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings

from bangfu.people.bulk import select_in
from bangfu.people.models import BankAccount, Certificate, Contact, Person

_ID_PLACE = "people.person.id"
_PHONE_PLACE = "people.contact.phone"
_ACCOUNT_PLACE = "people.bankaccount.number"
_CERTIFICATE_PLACE = "people.certificate.number"


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
    found, led = {}, {}
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


def id_number(person: Person) -> str:
    """The whole ID number. Showing it to somebody is a deed: `actions.reveal_identity` records it."""
    return settings.KEYRING.open(_ID_PLACE, person.pk, person.id_sealed)


def id_numbers(persons: Sequence[Person]) -> list[str]:
    """The whole ID numbers of many persons, in their order; the same rule, kept by the room `exports`."""
    return settings.KEYRING.open_many(_ID_PLACE, [(person.pk, person.id_sealed) for person in persons])


def phone_numbers(contacts: Sequence[Contact]) -> list[str]:
    """The whole telephone numbers of many contacts, in their order; the same rule."""
    return settings.KEYRING.open_many(_PHONE_PLACE, [(row.person_id, row.phone_sealed) for row in contacts])


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
