"""Random facts in the tables of the lake, crowded around the boundaries that rules look at."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

import pyarrow as pa

from bangfu.lake.rows import ARROW
from bangfu.lake.schema import TABLES
from bangfu.rulebook.engine import Engine

Facts = dict[str, list[dict]]

DAY = date(2026, 6, 30)
VILLAGES = ("150522101201", "150522101202", "150522102201", "150523101201", "220322101201", "520502101201")
PLACES = ("150522000000", "150523000000", "150500000000", "220322000000", "110101000000", None)
DAYS = [DAY - timedelta(days=n) for n in (-40, -1, 0, 1, 29, 30, 31, 32, 59, 60, 61, 180, 181, 182, 400)]
DAYS += [
    date(2025, 12, 30),
    date(2025, 12, 31),
    date(2026, 1, 1),
    date(2026, 5, 31),
    date(2026, 6, 1),
    date(2024, 2, 29),
    date(2023, 6, 30),
    date(2023, 7, 1),
]
_OPEN = {"valid_from": DAY, "valid_to": None}
BIRTHS = [date(2010, 6, d) for d in (29, 30)] + [date(2010, 7, 1), date(2008, 2, 29), date(1990, 8, 31)]
BIRTHS += [date(1965, 1, 15), date(1965, 10, 30), date(1966, 2, 28), date(1963, 6, 30), date(1970, 1, 1)]
BIRTHS += [date(1956, 6, 30), date(1956, 7, 1)]
BIRTHS += [date(1971, 3, 31), date(1971, 1, 30), date(1968, 5, 5), date(1950, 1, 1), date(2020, 2, 2)]


def random_facts(seed: int, persons: int) -> Facts:
    """Facts of so many persons; the same seed gives the same facts."""
    random = Random(seed)
    facts: Facts = {name: [] for name in TABLES}
    extracts = [date(2026, 6, 1), date(2026, 5, 1), date(2026, 4, 1)][: random.choice((2, 3))]
    if random.random() < 0.3:
        extracts.remove(date(2026, 5, 1))
    facts["feeds"] = [
        {"kind": "social_insurance", "month": month, "place": place, "received_on": DAY}
        for month in (*extracts, date(2026, 7, 1))
        for place in random.choice((("",), ("",), ("150522", "22")))
    ] + [{"kind": "medical", "month": date(2026, 5, 1), "place": "", "received_on": DAY}]
    for person in range(1, persons + 1):
        if random.random() < 0.4:
            _teach(random, facts, person)
        if random.random() < 0.2:
            _plainly_jobless(random, facts, person)
            continue
        _person(random, facts, person)
        _work(random, facts, person, extracts)
        if random.random() < 0.4:
            _help(random, facts, person)
    _families(random, facts, persons)
    _outside_lists(Random(seed + 1000), facts)
    _lists_of_persons(Random(seed + 2000), facts)
    _records(random, facts, persons)
    return facts


def _families(random: Random, facts: Facts, persons: int) -> None:
    """Spells of households as zero-employment families, around the ends of their quarters."""
    for household in range(1, persons // 4):
        due = random.choice(DAYS)
        cleared = random.choice((None, due, due + timedelta(days=1), random.choice(DAYS)))
        facts["zero_families"].append(
            {
                "family": household,
                "household": 20_000 + household,
                "division": random.choice(VILLAGES),
                "recognised_on": due - timedelta(days=random.choice((0, 91))),
                "due_on": due,
                "cleared_on": cleared,
                "way": None if cleared is None else "zero_family_at_work",
            }
        )


UNITS = ("91150522561489942N", "91150522184568556J", "91150522500058532K")


def _outside_lists(random: Random, facts: Facts) -> None:
    """Units of jobs and of insurance; lists of wages declared, of medical costs, of units that were closed."""
    months = (date(2025, 12, 1), date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1))
    for kind in ("tax_wage", "medical_expense", "business_registration"):
        for place in random.choice((("",), ("150522", "22"))):
            facts["feeds"] += [
                {"kind": kind, "month": month, "place": place, "received_on": DAY}
                for month in random.sample(months, k=random.choice((1, 3, 4)))
            ]
    for row in facts["insurance_months"]:
        row["uscc"] = _some(random, *UNITS)
    for row in facts["jobs"]:
        row["uscc"] = row["uscc"] and random.choice(UNITS)
    listed = {kind: sorted({row["month"] for row in facts["feeds"] if row["kind"] == kind}) for kind in _LISTS}
    for unit, closed_on in ((UNITS[0], date(2026, 5, 20)), (UNITS[1], None)):
        month = random.choice(listed["business_registration"])
        facts["employers_closed"] += [
            {"job": row["job"], "person": row["person"], "month": month, "closed_on": closed_on}
            for row in facts["jobs"]
            if row["uscc"] == unit
        ]
    for row in facts["persons"]:
        for kind, name, table in (("tax_wage", "wage", "tax_wages"), ("medical_expense", "paid", "medical_costs")):
            for month in listed[kind] if random.random() < 0.6 else ():
                for _ in range(random.choice((0, 1, 1, 2))):
                    amount = Decimal(random.choice(("0.00", "4999.99", "5000.00", "19999.99", "20000.00")))
                    facts[table].append({"person": row["person"], "month": month, name: amount})


_LISTS = ("tax_wage", "medical_expense", "business_registration")
STATES = {
    "death": (None,),
    "school": ("at_school", "on_leave", "finished", "left", "left"),
    "disability": ("valid", "cancelled", None),
    "living_allowance": ("allowance", "edge", "destitute"),
    "workshop_roster": (None,),
    "employment_registration": ("employed", "unemployed", "cancelled"),
}
"""Kinds of lists about persons, and what their lines may say."""


def _lists_of_persons(random: Random, facts: Facts) -> None:
    """Lists of deaths, schools and the like: some counties lack some of them, and some persons are on one twice."""
    months = (date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1))
    for kind, states in STATES.items():
        listed = random.sample(months, k=random.choice((2, 3, 4)))
        for place in random.choice((("",), ("150522", "22"), ("150522", "22"))):
            facts["feeds"] += [{"kind": kind, "month": month, "place": place, "received_on": DAY} for month in listed]
        for row in facts["persons"]:
            for month in listed if random.random() < 0.5 else ():
                for _ in range(random.choice((0, 1, 1, 1, 2))):
                    ends_on = _some(random, None, None, *DAYS[:8]) if kind != "death" else random.choice(DAYS)
                    line = {"kind": kind, "month": month, "status": random.choice(states), "ends_on": ends_on}
                    facts["feed_lines"].append({"person": row["person"], **line})


def _records(random: Random, facts: Facts, persons: int) -> None:
    """What a dozen users recorded about jobs, some of them with a habit, and the inspections of their counties."""
    for recorder in range(1, 13) if persons > 1 else ():
        habit = recorder % 4
        home = random.choice(range(1, persons))
        for _ in range(random.choice((4, 5, 30, 60))):
            start = random.choice(DAYS)
            end = random.choice((None, None, start + timedelta(days=random.choice((1, 14, 15, 60)))))
            if habit == 1 and random.random() < 0.6:
                start = date(2026, random.choice((2, 3, 4, 5)), 27)
                end = start + timedelta(days=random.choice((8, 14)))
            wages = ("3000.00",) if habit == 2 else ("3000.00", "4000.00", "5000.00", "100.00")
            on = DAY - timedelta(days=random.choice((-1, 0, 1, 2, 3, 20, 88, 89, 90, 91)))
            if habit == 0 and random.random() < 0.95:
                on = DAY - timedelta(days=random.choice((0, 1, 2, 30, 31, 32)))
            if habit == 3 and random.random() < 0.95:
                on = DAY - timedelta(days=random.choice((14, 17, 19, 20, 20, 21)))
            facts["job_records"].append(
                {
                    "record": len(facts["job_records"]) + 1,
                    "recorder": recorder,
                    "person": min(persons, home + random.choice((0, 1, 2, 3))),
                    "wage": _some(random, *map(Decimal, wages)),
                    "public_post": _some(random, False, False, True),
                    "valid_from": start,
                    "valid_to": end,
                    "recorded_at": datetime.combine(on, random.choice((time(), time(23, 59, 59)))),
                    "by_hand": random.random() < 0.8,
                    "believed": random.random() < 0.9,
                }
            )
    for county in ("150522000000", "150523000000", "220322000000", "520502000000"):
        for days in (13, random.choice((-1, 0, 83, 89, 90))):
            facts["inspections"].append({"division": county, "held_on": DAY - timedelta(days=days)})


def _plainly_jobless(random: Random, facts: Facts, person: int) -> None:
    """A person of whom all is known: families without work are too rare among random facts."""
    always = {"person": person, "valid_from": date(2024, 1, 1), "valid_to": None}
    facts["persons"].append({"person": person, "sex": "male", "born_on": date(1990, 8, 31)})
    home = {"household": 10_000 + person // 4, "division": random.choice(VILLAGES)}
    facts["memberships"].append({**always, **home, "relation": None})
    facts["conditions"].append({**always, "labour_capacity": "ordinary", "at_school": _some(random, False)})
    facts["intents"].append({**always, "will_work": _some(random, True), "will_train": None})
    facts["joblessness"].append({**always, "reason": "x"})
    if random.random() < 0.3:
        ended = DAY - timedelta(days=random.choice((1, 59, 60, 61)))
        spell = {"valid_from": ended - timedelta(days=random.choice((89, 90, 400))), "valid_to": ended}
        job = {"job": len(facts["jobs"]) + 1, "person": person, "place": random.choice(PLACES), "wage": None}
        facts["jobs"].append({**dict.fromkeys(column.name for column in TABLES["jobs"].columns), **job, **spell})


def _some(random: Random, *values: object) -> object:
    return None if random.random() < 0.15 else random.choice(values)


def _spans(random: Random) -> list[dict]:
    """Versions of a fact that follow one another without overlapping; the last one may be open."""
    cuts = sorted(random.sample(DAYS, random.choice((1, 2, 2, 3))))
    ends: list[date | None] = [*cuts[1:], random.choice((None, None, cuts[-1] + timedelta(days=20)))]
    spans = [{"valid_from": start, "valid_to": end} for start, end in zip(cuts, ends, strict=True)]
    return [span for span in spans if random.random() < 0.8]


def _person(random: Random, facts: Facts, person: int) -> None:
    facts["persons"].append(
        {"person": person, "sex": _some(random, "male", "female"), "born_on": _some(random, *BIRTHS)}
    )
    for span in _spans(random):
        home = {"household": _some(random, person // 3, person // 2), "division": random.choice(VILLAGES)}
        relation = _some(random, "head", "spouse", "child")
        facts["memberships"].append({"person": person, **home, "relation": relation, **span})
    for span in _spans(random):
        category = {"kind": random.choice(("lifted", "marginal", "sudden")), "work_risk": _some(random, True, False)}
        facts["categories"].append({"person": person, **category, **span})
    for span in _spans(random):
        capacity = _some(random, "ordinary", "skilled", "weak", "lost", "none")
        school = _some(random, True, False, False)
        facts["conditions"].append(
            {
                "person": person,
                "labour_capacity": capacity,
                "at_school": school,
                "health": "healthy",
                "education": _some(random, "college", "senior"),
                **span,
            }
        )
    for span in _spans(random):
        wishes = {"will_work": _some(random, True, True, False), "will_train": _some(random, True, False)}
        wishes |= {"will_go_out": _some(random, True, False), "service_asked": random.random() < 0.5}
        facts["intents"].append({"person": person, **wishes, **span})
    for span in _spans(random):
        income = random.choice(("7299.99", "7300.00", "21000.00"))
        facts["incomes"].append({"person": person, "per_head": Decimal(income), **span})
    for span in _spans(random):
        facts["contacts"].append({"person": person, "token": random.choice((person, person // 2, person // 7)), **span})
    for span in _spans(random):
        kind = random.choice(("unemployed", "difficulty"))
        facts["recognitions"].append({"person": person, "kind": kind, **span})
    if random.random() < 0.2:
        facts["unlisted"].append({"person": person, **random.choice(_spans(random) or [_OPEN])})


def _work(random: Random, facts: Facts, person: int, extracts: list[date]) -> None:
    for _ in range(random.choice((0, 1, 1, 2, 2, 5))):
        start = random.choice(DAYS)
        end = random.choice((None, None, start + timedelta(days=random.choice((1, 29, 30, 31, 150)))))
        wages = ("3000.00", "4321.99", "0.00", "30000.01", "99.99", "100.00", "399.99", "400.00")
        wage = _some(random, *map(Decimal, wages))
        job = {"job": len(facts["jobs"]) + 1, "person": person, "place": random.choice(PLACES), "wage": wage}
        job |= {"uscc": _some(random, "91150522561489942N"), "insured": _some(random, True, False)}
        job |= {"industry": _some(random, "x"), "channel": _some(random, "y"), "employer_named": random.random() < 0.8}
        job |= {"public_post": _some(random, True, False), "workshop": _some(random, True, False, False)}
        job |= {
            "form": _some(random, "自主创业", "单位就业"),
            "occupation": _some(random, "a", "b", "c"),
            "organised": _some(random, True, False),
        }
        facts["jobs"].append({**job, "valid_from": start, "valid_to": end})
    if random.random() < 0.3:
        for span in _spans(random):
            facts["joblessness"].append({"person": person, "reason": None, **span})
    for _ in range(random.choice((0, 0, 1, 2))):
        answered = random.choice(DAYS)
        facts["work_answers"].append(
            {
                "person": person,
                "month": answered.replace(day=1),
                "answer": "confirmed",
                "answered_on": answered,
            }
        )
    for month in extracts:
        for _ in range(random.choice((0, 1, 1, 2))):
            wage = _some(random, Decimal("5000.00"), Decimal("2500.00"), Decimal("2500.01"), Decimal("0.00"))
            facts["insurance_months"].append(
                {"person": person, "month": month, "status": random.choice((1, 1, 2, 3)), "wage": wage}
            )


def _help(random: Random, facts: Facts, person: int) -> None:
    case = len(facts["cases"]) + 1
    opened = _moment(random)
    closed = random.choice((None, opened + timedelta(days=random.choice((1, 20, 45)))))
    outcome = random.choice(("employed", "in_training", "no_will", None)) if closed else None
    whose = {"case_": case, "person": person, "division": random.choice(VILLAGES)}
    backlog = random.random() < 0.2
    facts["cases"].append(
        {
            **whose,
            "opened_at": opened,
            "cause": "x",
            "backlog": backlog,
            "outcome": outcome,
            "closed_at": closed,
        }
    )
    for stage in random.choices(("need_survey", "first_service_round", "outcome"), k=random.choice((1, 3, 4))):
        due, done = _some(random, _moment(random)), random.choice((None, _moment(random)))
        if due is not None and random.random() < 0.3:
            done = due + timedelta(seconds=random.choice((0, 1)))
        times = {"opened_at": opened, "due_at": due, "done_at": done}
        result = random.choice(("exempt", None, "late"))
        facts["legs"].append({"leg": len(facts["legs"]) + 1, **whose, "stage": stage, **times, "result": result})
    for kind in ["guidance"] * random.choice((0, 1)) + ["job_offer"] * random.choice((2, 3, 4)) + ["training_offer"]:
        given = random.choice(DAYS[2:])
        answer = random.choice(("accepted", "refused", "unreachable", "thinking", None))
        facts["services"].append({"case_": case, "person": person, "kind": kind, "given_on": given, "answer": answer})


def _teach(random: Random, facts: Facts, person: int) -> None:
    for _ in range(random.choice((1, 1, 2))):
        start = random.choice(DAYS)
        end = random.choice((None, start, start + timedelta(days=random.choice((1, 20, 181)))))
        passed = _some(random, True, True, False)
        facts["trainings"].append({"person": person, "valid_from": start, "ends_on": end, "passed": passed})


def _moment(random: Random) -> datetime:
    day = random.choice([*DAYS, date(2026, 6, 5), date(2026, 6, 20), date(2026, 7, 1)])
    return datetime.combine(day, random.choice((time(), time(9), time(23, 59, 59))))


def fill_lake(engine: Engine, facts: Facts) -> None:
    """Puts facts under the names of the lake's tables into an engine; tables not named stay empty."""
    for table in TABLES.values():
        rows = facts.get(table.name, [])
        columns = {c.name: pa.array([row.get(c.name) for row in rows], ARROW[c.type]) for c in table.columns}
        engine.show(table.name, pa.table(columns))
