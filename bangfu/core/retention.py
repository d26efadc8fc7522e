"""How long what is known of persons is kept: rules as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

import yaml

from bangfu.core.retirement import MONTHS_OF_A_YEAR, add_months

UNITS = ("day", "month", "year")
DEEDS = ("anonymise", "erase")


class RetentionError(ValueError):
    """A rule file that cannot be used; `code` names the reason, `entry` the key."""

    def __init__(self, code: str, entry: str) -> None:
        super().__init__(f"{code}: {entry}")
        self.code, self.entry = code, entry


@dataclass(frozen=True)
class Retention:
    """One rule: what `about` names is kept for `value` `unit`s since an event, then emptied.

    `anonymise` leaves a row that names nobody, so that figures stay; `erase` empties the words.
    """

    code: str
    names: Mapping[str, str]
    about: str
    value: int
    unit: Literal["day", "month", "year"]
    since: Mapping[str, str]
    then: str
    source: str

    def kept_until(self, event_on: date) -> date:
        """The first day on which what happened on `event_on` is kept no longer."""
        if self.unit == "day":
            return event_on + timedelta(days=self.value)
        return add_months(event_on, self.value * (MONTHS_OF_A_YEAR if self.unit == "year" else 1))

    def last_event(self, on: date) -> date:
        """The latest event whose traces are kept no longer on the day `on`."""
        day = on - timedelta(days=self.value)
        if self.unit != "day":
            day = add_months(on, -self.value * (MONTHS_OF_A_YEAR if self.unit == "year" else 1)) + timedelta(days=3)
        while self.kept_until(day) > on:
            day -= timedelta(days=1)
        return day


def load_retention(document: Mapping[str, Any]) -> Retention:
    """A rule from its parsed file. Raises RetentionError."""
    try:
        keep = document["keep"]
        rule = Retention(
            code=str(document["code"]), names=dict(document["name"]), about=str(document["about"]),
            value=int(keep["value"]), unit=keep["unit"], since=dict(keep["since"]), then=str(document["then"]),
            source=str(document["source"]).strip(),
        )  # fmt: skip
    except KeyError as error:
        raise RetentionError("missing_key", str(error.args[0])) from error
    if rule.unit not in UNITS or rule.value < 1:
        raise RetentionError("bad_term", rule.code)
    if rule.then not in DEEDS:
        raise RetentionError("unknown_deed", rule.then)
    return rule


def read_retentions(folder: Path) -> list[Retention]:
    """All rules of a folder, by code."""
    files = sorted(folder.glob("*.yaml"))
    return [load_retention(yaml.safe_load(path.read_text(encoding="utf-8"))) for path in files]
