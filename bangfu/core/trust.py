"""Which of two sources is believed: the order of trust as data (policy.md A5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml


class TrustError(ValueError):
    """A file of the order that cannot be used; `code` names the reason, `entry` the source it is about."""

    def __init__(self, code: str, entry: str) -> None:
        super().__init__(f"{code}: {entry}")
        self.code, self.entry = code, entry


@dataclass(frozen=True)
class Trust:
    """`ranks`: a source to its place, 0 being the most trusted. `fresh_days`: how long a source keeps its place;
    after that it counts as `stale_as`."""

    ranks: Mapping[str, int]
    fresh_days: Mapping[str, int]
    stale_as: str
    source: str

    def rank(self, source: str, recorded_on: date, on: date) -> int:
        """The place of a statement on the day `on`; a source that the order does not name stands last."""
        days = self.fresh_days.get(source)
        if days is not None and on - recorded_on > timedelta(days=days):
            source = self.stale_as
        return self.ranks.get(source, len(self.ranks))

    def outranks(self, held: tuple[str, date], said: str, on: date) -> bool:
        """True when what is held (its source, the day it was recorded) is more trusted than what `said` says on the
        day `on`."""
        return self.rank(*held, on) < self.rank(said, on, on)


def load_trust(document: Mapping[str, Any]) -> Trust:
    """An order from its parsed file. Raises TrustError."""
    order = document.get("order") or []
    ranks: dict[str, int] = {}
    for place, sources in enumerate(order):
        for source in sources:
            if source in ranks:
                raise TrustError("named_twice", str(source))
            ranks[str(source)] = place
    fresh = {str(source): int(days) for source, days in (document.get("fresh_days") or {}).items()}
    stale_as = str(document.get("stale_as") or "")
    for source in (*fresh, stale_as):
        if source not in ranks:
            raise TrustError("not_in_order", source)
    return Trust(ranks, fresh, stale_as, str(document["source"]).strip())


def read_trust(path: Path) -> Trust:
    """An order from a YAML file."""
    return load_trust(yaml.safe_load(path.read_text(encoding="utf-8")))
