"""Service packages as data: how many services of which kind make a round, and what counts as one.

Source: policy.md A3. A service counts when the person has answered it or a failed contact is documented; a
job offer counts only for a vacancy that was open on the day, fits the person's hard limits and was not
offered to the same person within the repeat limit; the same vacancy counts once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml


class PackageError(ValueError):
    """A package file that cannot be used; `code` names the reason, `entry` the key or item."""

    def __init__(self, code: str, entry: str) -> None:
        super().__init__(f"{code}: {entry}")
        self.code, self.entry = code, entry


@dataclass(frozen=True)
class Item:
    """At least `min_count` services of a type; `distinct_by` names what must differ, None when nothing
    must.
    """

    service_type: str
    min_count: int
    distinct_by: str | None
    must_be_open: bool
    must_fit: bool
    not_repeated_within_days: int
    names: Mapping[str, str]


@dataclass(frozen=True)
class ServicePackage:
    """A package with its items; `valid_to` is the first day it no longer holds, None while it does."""

    code: str
    names: Mapping[str, str]
    items: tuple[Item, ...]
    place: str
    valid_from: date
    valid_to: date | None
    source: str


@dataclass(frozen=True)
class Service:
    """One delivered service. `subject` is the vacancy or course, None where there is none."""

    service_type: str
    given_on: date
    subject: str | None = None
    answered: bool = False
    contact_failed: bool = False
    was_open: bool = True
    fitted: bool = True


@dataclass(frozen=True)
class Progress:
    """How far one item is: `counted` of `min_count`."""

    service_type: str
    counted: int
    min_count: int

    @property
    def complete(self) -> bool:
        """True when nothing of this item is missing."""
        return self.counted >= self.min_count


def progress(package: ServicePackage, services: Iterable[Service], *, since: date) -> tuple[Progress, ...]:
    """How far each item is, in the package's order, by services given on or after `since`.

    Services before `since` may be passed too: they are needed to see repeats.
    """
    given = sorted(services, key=lambda service: service.given_on)
    return tuple(Progress(item.service_type, _counted(item, given, since), item.min_count) for item in package.items)


def is_complete(package: ServicePackage, services: Iterable[Service], *, since: date) -> bool:
    """True when every item has its count."""
    return all(item.complete for item in progress(package, services, since=since))


def load_package(document: Mapping[str, Any]) -> ServicePackage:
    """A package from the mapping of a file of `rules/packages/`; raises PackageError `missing_key`,
    `bad_count`.
    """
    try:
        valid = document["valid"]
        return ServicePackage(
            code=str(document["code"]),
            names=dict(document["name"]),
            items=tuple(_load_item(entry) for entry in document["items"]),
            place=str(document["place"]),
            valid_from=valid["from"],
            valid_to=valid.get("to"),
            source=str(document["source"]).strip(),
        )
    except KeyError as error:
        raise PackageError("missing_key", str(error.args[0])) from error


def read_package(path: Path) -> ServicePackage:
    """A package from a YAML file."""
    return load_package(yaml.safe_load(path.read_text(encoding="utf-8")))


def _load_item(entry: Mapping[str, Any]) -> Item:
    count = entry["min_count"]
    if not isinstance(count, int) or count < 1:
        raise PackageError("bad_count", str(entry["service_type"]))
    return Item(
        service_type=str(entry["service_type"]),
        min_count=count,
        distinct_by=entry.get("distinct_by"),
        must_be_open=bool(entry.get("must_be_open", False)),
        must_fit=bool(entry.get("must_fit", False)),
        not_repeated_within_days=int(entry.get("not_repeated_within_days", 0)),
        names=dict(entry["name"]),
    )


def _counted(item: Item, given: list[Service], since: date) -> int:
    counted, seen = 0, set[str]()
    last_given: dict[str, date] = {}
    for service in given:
        if service.service_type != item.service_type:
            continue
        repeated = _is_repeat(item, service, last_given)
        if service.subject is not None:
            last_given[service.subject] = service.given_on
        if repeated or service.given_on < since or not _counts(item, service):
            continue
        if item.distinct_by:
            if service.subject is None or service.subject in seen:
                continue
            seen.add(service.subject)
        counted += 1
    return counted


def _counts(item: Item, service: Service) -> bool:
    return (
        (service.answered or service.contact_failed)
        and (service.was_open or not item.must_be_open)
        and (service.fitted or not item.must_fit)
    )


def _is_repeat(item: Item, service: Service, last_given: Mapping[str, date]) -> bool:
    before = last_given.get(service.subject) if service.subject is not None else None
    limit = timedelta(days=item.not_repeated_within_days)
    return before is not None and service.given_on - before < limit
