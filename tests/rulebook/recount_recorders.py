"""How the records of each user look together, counted over again in plain Python and without SQL."""

from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

from bangfu.core.retirement import add_months
from tests.rulebook.recount import Row, valid


def recorders_on(facts: dict[str, list[Row]], day: date) -> list[Row]:
    """Each user who recorded a job by the end of a day: how those records look together, and what is usual there."""
    end = datetime.combine(day + timedelta(days=1), time())
    homes = {row["person"]: row["division"] for row in valid(facts["memberships"], day)}
    made: dict[int, list[Row]] = {}
    for row in facts["job_records"]:
        if row["recorded_at"] < end:
            made.setdefault(row["recorder"], []).append({**row, "division": homes.get(row["person"])})
    held = [(row["division"][:6], row["held_on"]) for row in facts["inspections"]]
    held = [(county, on) for county, on in held if day - timedelta(days=90) < on <= day]
    found = [_recorder(recorder, rows, held, day) for recorder, rows in made.items()]
    for row in found:
        row["usual"] = {}
        for kind, whole in (("wage", "waged"), ("short", "ended"), ("month_end", "edits"), ("inspection", "edits")):
            alike = [o for o in found if o["county"] == row["county"] is not None and o[whole] >= 5]
            if len(alike) >= 3:
                row["usual"][kind] = sorted(other["shares"][kind] for other in alike)[(len(alike) - 1) // 2]
    return found


def _recorder(recorder: int, rows: list[Row], held: list[tuple[str, date]], day: date) -> Row:
    believed = [row for row in rows if row["believed"]]
    waged = [
        row["wage"]
        for row in valid(believed, day)
        if row["wage"] is not None and row["public_post"] is not True
    ]  # fmt: skip
    ended = [
        (row["valid_from"], row["valid_to"])
        for row in believed
        if row["valid_to"] is not None and day - timedelta(days=365) < row["valid_to"] <= day
    ]
    short = [(start, stop) for start, stop in ended if (stop - start).days < 15 and _month_end(start) < stop]
    edits = [
        (row["recorded_at"].date(), row["division"])
        for row in rows
        if row["by_hand"] and row["recorded_at"].date() > day - timedelta(days=90)
    ]
    late = [on for on, _division in edits if (_month_end(on) - on).days < 3]
    before = [
        on
        for on, division in edits
        if any(county == (division or "")[:6] and 0 < (when - on).days <= 7 for county, when in held)
    ]
    towns = [row["division"][:9] for row in rows if row["division"] is not None]
    town = min(set(towns), key=lambda one: (-towns.count(one), one), default=None)
    same = max((waged.count(wage) for wage in waged), default=0)
    return {
        "recorder": recorder,
        "division": None if town is None else town + "000",
        "county": None if town is None else town[:6],
        "waged": len(waged),
        "ended": len(ended),
        "short": len(short),
        "edits": len(edits),
        "month_end": len(late),
        "inspection": len(before),
        "shares": {
            "wage": _share(same, len(waged)),
            "short": _share(len(short), len(ended)),
            "month_end": _share(len(late), len(edits)),
            "inspection": _share(len(before), len(edits)),
        },
    }


def _share(part: int, whole: int) -> Decimal | None:
    if whole == 0:
        return None
    return (Decimal(part) * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _month_end(day: date) -> date:
    return add_months(day.replace(day=1), 1) - timedelta(days=1)
