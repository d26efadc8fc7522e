"""Where people of each town work, as the last night knew it: counted once a night, and the persons behind a number."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db import transaction

from bangfu.divisions.ranges import COUNTY, PREFECTURE, PROVINCE, code_range, level_of
from bangfu.monitoring.models import Flow
from bangfu.monitoring.proof import shown
from bangfu.monitoring.rules import rulebook
from bangfu.rulebook.engine import Engine
from bangfu.rulebook.places import range_sql
from bangfu.rulebook.views import compute, needs

VIEW = "person_day"
ORIGIN, PLACE = 9, 6  # digits: town of registration, county of work
HOME, PREFECTURE_OWN, PROVINCE_OWN, OUTSIDE, UNKNOWN = "county", "prefecture", "province", "outside", "unknown"
BELTS = (HOME, PREFECTURE_OWN, PROVINCE_OWN, OUTSIDE, UNKNOWN)
"""How far from home: own county, own prefecture, own province, another one, place not known. Each person is in one."""


def count_flows(engine: Engine, on: date) -> list[tuple[str, str, int]]:
    """(town of registration, county of work, persons at work) over the snapshot that an engine shows; codes of 9 and
    6 digits, "" where a place is not known. A person counts once, at the place of the main job."""
    table = compute(engine, rulebook().views, VIEW, on)
    return engine.rows(
        f"SELECT COALESCE(left(division, {ORIGIN}), ''), COALESCE(left(work_place, {PLACE}), ''), count(*) "  # noqa: S608
        f"FROM {table} WHERE jobs_open > 0 GROUP BY 1, 2 ORDER BY 1, 2"
    )


@transaction.atomic
def keep_flows(rows: Iterable[tuple[str, str, int]]) -> None:
    """Keep what the night counted, in place of what was kept before."""
    Flow.objects.all().delete()
    Flow.objects.bulk_create(
        (Flow(origin=origin.ljust(12, "0"), place=place, persons=persons) for origin, place, persons in rows),
        batch_size=5000,
    )


def belt_of(origin: str, place: str) -> str:
    """How far from home a place of work lies; told by its province or city only, inside the own one, it is unknown."""
    if not place:
        return UNKNOWN
    if place[:2] != origin[:2]:
        return OUTSIDE
    if set(place[2:4]) <= {"0"}:
        return UNKNOWN
    if place[:4] != origin[:4]:
        return PROVINCE_OWN
    if set(place[4:6]) <= {"0"}:
        return UNKNOWN
    return HOME if place[:6] == origin[:6] else PREFECTURE_OWN


def flows_from(division: str) -> list[Flow]:
    """What the last night counted of people registered in a division; one query."""
    low, high = code_range(division)
    return list(Flow.objects.filter(origin__gte=low, origin__lt=high).order_by("origin", "place"))


def by_belt(flows: Sequence[Flow], digits: int) -> dict[str, dict[str, int]]:
    """Persons by the first digits of where they are registered ("" = all of them together), and by belt."""
    found: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(BELTS, 0))
    for flow in flows:
        belt = belt_of(flow.origin, flow.place)
        for key in {"", flow.origin[:digits]}:
            found[key][belt] += flow.persons
    return found


def by_destination(flows: Sequence[Flow]) -> dict[tuple[str, str], int]:
    """Persons by belt and where they work, most first: counties inside the own prefecture, prefectures inside the own
    province, provinces beyond; as 12-digit codes."""
    found: dict[tuple[str, str], int] = defaultdict(int)
    digits: Mapping[str, int] = {HOME: 6, PREFECTURE_OWN: 6, PROVINCE_OWN: 4, OUTSIDE: 2}
    for flow in flows:
        belt = belt_of(flow.origin, flow.place)
        if belt != UNKNOWN:
            found[belt, flow.place[: digits[belt]].ljust(12, "0")] += flow.persons
    return dict(sorted(found.items(), key=lambda one: (-one[1], one[0])))


def persons_of_flow(on: date, division: str, belt: str, to: str, *, after: int, most: int) -> list[int]:
    """The persons behind a number, rising from beyond the key `after`: those registered in a division whose place of
    work lies in a belt ("" = any) or in the division `to` ("" = any). SnapshotError where the snapshot is gone."""
    wanted = [range_sql(division), "jobs_open > 0", f"person > {int(after)}"]
    if to:
        wanted.append(range_sql(to, "work_place"))
    if belt:
        wanted.append(_BELT_SQL[belt])
    with shown(on, division) as engine:
        views = rulebook().views
        asked = needs(views, {VIEW: ("division", "work_place", "jobs_open")})
        table = compute(engine, views, VIEW, on, asked)
        rows = engine.rows(
            f"SELECT person FROM {table} WHERE {' AND '.join(wanted)} ORDER BY person LIMIT {int(most)}"  # noqa: S608
        )
    return [person for (person,) in rows]


def _same(digits: int) -> str:
    return f"left(work_place, {digits}) = left(division, {digits})"


_UNKNOWN_SQL = (
    f"(work_place IS NULL OR {_same(2)} AND substring(work_place, 3, 2) = '00'"
    f" OR {_same(4)} AND substring(work_place, 5, 2) = '00')"
)
_BELT_SQL = {
    HOME: f"{_same(6)} AND NOT {_UNKNOWN_SQL}",
    PREFECTURE_OWN: f"{_same(4)} AND NOT {_same(6)} AND NOT {_UNKNOWN_SQL}",
    PROVINCE_OWN: f"{_same(2)} AND NOT {_same(4)} AND NOT {_UNKNOWN_SQL}",
    OUTSIDE: f"NOT {_same(2)}",
    UNKNOWN: _UNKNOWN_SQL,
}


def level_below(division: str) -> int:
    """The digits by which the places below a division are told apart: of provinces, prefectures, counties, towns."""
    return {0: 2, PROVINCE: 4, PREFECTURE: 6, COUNTY: 9}.get(level_of(division), ORIGIN)
