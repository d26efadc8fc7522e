"""The coverage proof: on a day everybody able and willing, and everybody who wants training, stands somewhere.

It is computed from the snapshot of the day alone (rules/facts/coverage_day), so that whoever keeps the snapshot can
compute it again; each certificate names the one before by its hash.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.conf import settings

from bangfu.divisions.ranges import TOWN, level_of, prefix_of
from bangfu.lake.manifest import MANIFEST, sha256_of
from bangfu.lake.snapshots import connect, snapshot, verify
from bangfu.monitoring.models import Proof
from bangfu.monitoring.rules import rulebook
from bangfu.rulebook.engine import Engine, sql_text
from bangfu.rulebook.places import range_sql
from bangfu.rulebook.views import compute, needs

VIEW = "coverage_day"
WORK_STATES = ("out", "in_clock", "past_clock", "at_work", "in_training")
TRAINING_STATES = ("trained", "in_class", "in_clock", "past_clock", "out")
LINES = {
    "work": ("seeks", "work_state", WORK_STATES),
    "training": ("wants_training", "training_state", TRAINING_STATES),
}
"""For each line of the proof: who belongs in it, where they stand, and in what order the states are told."""
NONE, PLACE_DIGITS = "none", 9


class BrokenSnapshotError(ValueError):
    """The snapshot is not what was written; `faults` says what differs."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = list(faults)
        super().__init__("; ".join(faults))


@dataclass(frozen=True)
class Certificate:
    """What was proved: `body` is all that is signed by `digest`. It holds when nobody is in none or two states."""

    body: dict[str, Any]
    digest: str

    @property
    def holds(self) -> bool:
        """Whether both lines add up with nobody left."""
        return bool(self.body["twice"] == 0 and all(self.body[line][NONE] == 0 for line in LINES))

    def as_json(self) -> dict[str, Any]:
        """The body with its hash, as `bangfu prove --json` prints it."""
        return {**self.body, "holds": self.holds, "hash": self.digest}


def prove(on: date, division: str = "") -> Certificate:
    """The certificate of a day for a division and all below it ("" = everybody), from the day's snapshot.

    `previous` is the hash of the certificate kept of the last night before that day, "" before the first. Raises
    SnapshotError where there is no snapshot of the day, BrokenSnapshotError where it was changed.
    """
    folder = settings.LAKE / on.isoformat()
    faults = verify(folder)
    if faults:
        raise BrokenSnapshotError(faults)
    before = Proof.objects.filter(on__lt=on).order_by("-on").first()
    with connect(settings.LAKE, settings.ENGINE) as connection:
        snapshot(connection, settings.LAKE, on)
        counted = count_lines(connection, on, division)
    body = {
        "on": on.isoformat(), "division": division, **counted, "out_change": _out_change(counted, before, division),
        "snapshot": sha256_of(folder / MANIFEST), "view": _view_version(), "previous": before.digest if before else "",
    }  # fmt: skip
    return Certificate(body, _digest(body))


def count_lines(connection: Engine, on: date, division: str) -> dict[str, Any]:
    """Both lines over the snapshot that a connection shows, the places one level of nine digits deep, the reasons of
    those counted apart, persons found twice, and the hash of everybody's states."""
    table = _stands(connection, on)
    inside = range_sql(division or None)
    twice = connection.rows(
        f"SELECT count(*) FROM (SELECT person FROM {table} WHERE {inside} GROUP BY person "  # noqa: S608 - by the house
        "HAVING count(*) > 1 OR max(cases_open) > 1) AS doubled"
    )[0][0]
    found: dict[str, Any] = {"twice": twice, "places": {}}
    for line, (belongs, state, states) in LINES.items():
        rows = connection.rows(
            f"SELECT COALESCE(left(division, {PLACE_DIGITS}), ''), COALESCE({state}, '{NONE}'), count(*) "  # noqa: S608
            f"FROM {table} WHERE {belongs} AND {inside} GROUP BY ALL ORDER BY ALL"
        )
        found[line] = {"persons": 0, **dict.fromkeys((*states, NONE), 0)}
        for place, name, count in rows:
            there = found["places"].setdefault(place, {})
            there.setdefault(line, {})[name] = count
            found[line][name] += count
            found[line]["persons"] += count
    reasons = connection.rows(
        f"SELECT out_reason, count(*) FROM {table} WHERE work_state = 'out' AND {inside} "  # noqa: S608
        "GROUP BY out_reason ORDER BY out_reason"
    )
    return found | {"out_reasons": dict(reasons), "rows": _rows_digest(connection, table, inside)}


def _stands(connection: Engine, on: date) -> str:
    """The table of where everybody stands; of the views below it only what that rests on."""
    views = rulebook().views
    return compute(connection, views, VIEW, on, needs(views, {VIEW: views[VIEW].columns}))


def differences(found: Certificate) -> list[str] | None:
    """The parts of a certificate that are not as the one kept of its day says; [] = the same, None = none is kept.

    Only the certificate for everybody is kept.
    """
    kept = Proof.objects.filter(on=found.body["on"]).first() if not found.body["division"] else None
    if kept is None:
        return None
    return sorted(name for name in found.body.keys() | kept.body.keys() if found.body.get(name) != kept.body.get(name))


def keys_of(on: date, division: str, line: str, state: str, *, after: int = 0, most: int | None = None) -> list[int]:
    """The persons behind a number of the certificate, rising from beyond the key `after`, at most so many (None: all);
    `state` as in the certificate, "none" for the forgotten, "" for the whole line.

    Raises SnapshotError where the snapshot of the day is gone.
    """
    belongs, column, _states = LINES[line]
    with shown(on, division) as connection:
        table = _stands(connection, on)
        wanted = f"COALESCE({column}, '{NONE}') = {sql_text(state)}" if state else "TRUE"
        rows = connection.rows(
            f"SELECT person FROM {table} WHERE {belongs} AND {range_sql(division or None)} AND person > {int(after)} "  # noqa: S608
            f"AND {wanted} ORDER BY person" + ("" if most is None else f" LIMIT {int(most)}")
        )
    return [person for (person,) in rows]


def last_proof() -> Proof | None:
    """The newest certificate, its body not read yet; None before the first."""
    return Proof.objects.defer("body").order_by("-on").first()


def lines_of(proof: Proof, division: str) -> dict[str, dict[str, int]]:
    """Both lines of a kept certificate for any division; below a town they are counted from the snapshot.

    Raises SnapshotError where that is needed and the snapshot is gone.
    """
    if level_of(division) <= TOWN:
        return _lines_kept(proof.digest, division)
    with shown(proof.on, division) as connection:
        counted = count_lines(connection, proof.on, division)
    return {line: counted[line] for line in LINES}


@lru_cache(maxsize=512)
def _lines_kept(digest: str, division: str) -> dict[str, dict[str, int]]:
    return lines_inside(Proof.objects.filter(digest=digest).values_list("body", flat=True)[0], division)


@contextmanager
def shown(on: date, division: str) -> Iterator[Engine]:
    """The snapshot of a day; of the division's province only, where it lies in one."""
    with connect(settings.LAKE) as connection:
        snapshot(connection, settings.LAKE, on, provinces=[division[:2]] if level_of(division) else None)
        yield connection


def lines_inside(body: dict[str, Any], division: str) -> dict[str, dict[str, int]]:
    """Both lines of a kept certificate for a town or wider division ("" = everybody), added up from its places."""
    prefix, told = prefix_of(division), {}
    for line, (_belongs, _column, states) in LINES.items():
        counts = dict.fromkeys((*states, NONE), 0)
        for place, there in body["places"].items():
            if place.startswith(prefix):
                for state, count in there.get(line, {}).items():
                    counts[state] += count
        told[line] = {"persons": sum(counts.values()), **counts}
    return told


def _out_change(counted: dict[str, Any], before: Proof | None, division: str) -> int | None:
    """How many more are counted apart than in the certificate before; None without one, or below its places."""
    if before is None or level_of(division) > TOWN:
        return None
    return int(counted["work"]["out"] - lines_inside(before.body, division)["work"]["out"])


def _rows_digest(connection: Engine, table: str, inside: str) -> str:
    seal = hashlib.sha256()
    told = connection.batches(
        f"SELECT person || ' ' || COALESCE(work_state, '-') || ' ' || COALESCE(training_state, '-') AS told "  # noqa: S608
        f"FROM {table} WHERE {inside} ORDER BY person"
    )
    for batch in told:
        seal.update("".join(f"{line}\n" for line in batch.column(0).to_pylist()).encode())
    return seal.hexdigest()


def _view_version() -> str:
    """Which text of the fact views was used: theirs and those of the views below."""
    views = rulebook().views
    texts = [views[name].sql for name in (VIEW, *views[VIEW].uses)]
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:12]


def _digest(body: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
