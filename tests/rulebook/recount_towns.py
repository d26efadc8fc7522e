"""Work in each town, counted over again in plain Python and without SQL."""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from tests.rulebook.recount import Row, persons_on, valid


def towns_on(facts: dict[str, list[Row]], day: date) -> list[Row]:
    """Each town with somebody able and willing: how many of them work on a day, and did thirty days before."""
    before = {row["person"] for row in valid(facts["jobs"], day - timedelta(days=30))}
    towns: dict[str, list[tuple[bool, bool]]] = {}
    for row in persons_on(facts, day):
        if row["able"] is True and row["will_work"] is True and row["at_school"] is not True and row["division"]:
            pair = (row["jobs"] > 0, row["person"] in before)
            towns.setdefault(row["division"][:9] + "000", []).append(pair)
    return [_town(division, pairs) for division, pairs in sorted(towns.items())]


def _town(division: str, pairs: list[tuple[bool, bool]]) -> Row:
    at_work, earlier = sum(now for now, _ in pairs), sum(then for _, then in pairs)
    share, share_before = (_percent(part, len(pairs)) for part in (at_work, earlier))
    return {
        "division": division, "town": int(division), "seekers": len(pairs), "at_work": at_work,
        "at_work_before": earlier, "lost_work": sum(then and not now for now, then in pairs),
        "found_work": sum(now and not then for now, then in pairs), "share": share, "share_before": share_before,
        "fell": share_before - share,
    }  # fmt: skip


def _percent(part: int, whole: int) -> Decimal:
    return (Decimal(part) * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)
