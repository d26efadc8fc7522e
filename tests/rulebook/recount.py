"""What the rules should answer, counted over again in plain Python, one person at a time and without SQL."""

from collections import Counter
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from bangfu.core.retirement import add_months, retires_on

Row = dict
Truth = bool | None


def all_of(*truths: Truth) -> Truth:
    """AND of three-valued logic."""
    if any(truth is False for truth in truths):
        return False
    return None if any(truth is None for truth in truths) else True


def negated(truth: Truth) -> Truth:
    """NOT of three-valued logic."""
    return None if truth is None else not truth


def valid(rows: list[Row], day: date) -> list[Row]:
    """The rows of a fact that hold on a day."""
    return [row for row in rows if row["valid_from"] <= day and (row["valid_to"] is None or row["valid_to"] > day)]


def one(rows: list[Row], day: date) -> Row:
    """The one version that holds on a day; {} where there is none."""
    found = valid(rows, day)
    assert len(found) <= 1
    return found[0] if found else {}


def persons_on(facts: dict[str, list[Row]], day: date) -> list[Row]:
    """Each person with what is known of them at the end of a day."""
    by_person: dict[str, dict[int, list[Row]]] = {}
    for name, rows in facts.items():
        grouped = by_person.setdefault(name, {})
        for row in rows:
            grouped.setdefault(row.get("person"), []).append(row)
    found = []
    for person in facts["persons"]:
        mine = {name: grouped.get(person["person"], []) for name, grouped in by_person.items()}
        found.append(
            {
                **_self(person, mine, day),
                **_job(mine, day),
                **_insurance(mine["insurance_months"], _received(facts, "social_insurance", mine, day), day),
                **_lists(facts, mine, day),
            }
        )
    for row in found:
        row["work_where"] = _where(row["work_place"], row["division"])
        row["ended_where"] = _where(row["ended_place"], row["division"])
        row["silent_days"] = _silent(row, day)
    _note_shared_telephones(found)
    _note_layoffs(found)
    return found


def _note_layoffs(persons: list[Row]) -> None:
    """Beside each person for whom a unit pays no more with how many others of it; None where none stopped."""
    before, stopped = Counter(), Counter()
    for row in persons:
        for unit in row["units_before"]:
            before[unit, row["insurance_month"]] += 1
            stopped[unit, row["insurance_month"]] += unit not in row["units_now"]
    for row in persons:
        left = [stopped[unit, row["insurance_month"]] for unit in row["units_before"] - row["units_now"]]
        row["unit_stopped"] = max(left, default=None)


def _note_shared_telephones(persons: list[Row]) -> None:
    """Beside each person how many other households and counties have the same telephone; None without one."""
    for row in persons:
        row["other_households"] = row["other_counties"] = None
        if row["token"] is None:
            continue
        alike = [other for other in persons if other["token"] == row["token"]]
        households = {other["household"] for other in alike} - {row["household"], None}
        counties = {(other["division"] or "")[:6] for other in alike} - {(row["division"] or "")[:6], ""}
        row["other_households"], row["other_counties"] = len(households), len(counties)


def _self(person: Row, mine: dict[str, list[Row]], day: date) -> Row:
    home = one(mine["memberships"], day)
    condition = one(mine["conditions"], day)
    category, wishes = one(mine["categories"], day), one(mine["intents"], day)
    monitored_from, cleared_on = _monitored(mine["categories"], day)
    capacity = condition.get("labour_capacity")
    working_age = _working_age(person["sex"], person["born_on"], day)
    has_capacity = None if capacity is None else capacity in ("ordinary", "skilled", "weak")
    return {
        "person": person["person"],
        "born_on": person["born_on"],
        "household": home.get("household"),
        "division": home.get("division"),
        "relation": home.get("relation"),
        "member_from": home.get("valid_from"),
        "working_age": working_age,
        "labour_capacity": capacity,
        "at_school": condition.get("at_school"),
        "left_school_on": None if condition.get("at_school") else _last_end(mine["conditions"], day, "at_school"),
        "retires_on": _retires_on(person["sex"], person["born_on"]),
        "registered": any(row["kind"] == "unemployed" for row in valid(mine["recognitions"], day)),
        **_classes(mine["trainings"], day),
        "able": all_of(has_capacity, working_age),
        "age": None if person["born_on"] is None else _years(person["born_on"], day),
        "education": condition.get("education"),
        "health": condition.get("health"),
        "will_work": wishes.get("will_work"),
        "will_go_out": wishes.get("will_go_out"),
        "service_asked": wishes.get("service_asked"),
        "category": category.get("kind"),
        "work_risk": category.get("work_risk"),
        "monitored_from": monitored_from,
        "cleared_on": cleared_on,
        "income": one(mine["incomes"], day).get("per_head"),
        "token": one(mine["contacts"], day).get("token"),
        "unlisted": bool(valid(mine["unlisted"], day)),
        "last_answer_on": max(
            (a["answered_on"] for a in mine["work_answers"] if a["answered_on"] <= day), default=None
        ),
    }


def _last_end(rows: list[Row], day: date, column: str) -> date | None:
    """The last day on which a version with that column true had ended."""
    ends = [row["valid_to"] for row in rows if row[column] and row["valid_to"] is not None]
    return max((end for end in ends if end <= day), default=None)


def _retires_on(sex: str | None, born_on: date | None) -> date | None:
    return None if sex is None or born_on is None else retires_on({"male": "man", "female": "woman_55"}[sex], born_on)


def _classes(trainings: list[Row], day: date) -> Row:
    begun = [(row["ends_on"] or row["valid_from"], row) for row in trainings if row["valid_from"] <= day]
    ended = [end for end, row in begun if end <= day and row["passed"] is not False]
    return {"trained_on": max(ended, default=None), "in_class": any(end >= day for end, _row in begun)}


def _years(born_on: date, day: date) -> int:
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def _monitored(categories: list[Row], day: date) -> tuple[date | None, date | None]:
    """First day of the last spell of monitoring, and the first day after it; versions that touch are one spell."""
    spells: list[list[date | None]] = []
    for row in sorted(categories, key=lambda row: (row["valid_from"], row["valid_to"] or date.max)):
        if row["kind"] == "lifted" or row["valid_from"] > day:
            continue
        end = row["valid_to"] if row["valid_to"] is not None and row["valid_to"] <= day else None
        if spells and spells[-1][1] == row["valid_from"]:
            spells[-1][1] = end
        else:
            spells.append([row["valid_from"], end])
    return (spells[-1][0], spells[-1][1]) if spells else (None, None)


def _working_age(sex: str | None, born_on: date | None, day: date) -> Truth:
    if born_on is None:
        return None
    if add_months(born_on, 16 * 12) > day:
        return False
    answers = {
        day < retires_on(kind, born_on) for kind, of in (("man", "male"), ("woman_55", "female")) if sex in (of, None)
    }
    return answers.pop() if len(answers) == 1 else None


def _job(mine: dict[str, list[Row]], day: date) -> Row:
    jobs = valid(mine["jobs"], day)
    ended = [job for job in mine["jobs"] if job["valid_to"] is not None and job["valid_to"] <= day]
    ends = [job["valid_to"] for job in ended]
    last = max(ended, key=lambda job: (job["valid_to"], job["job"]), default={})
    open_ends = [job["valid_to"] for job in jobs]
    stated = bool(valid(mine["joblessness"], day))
    main = min(jobs, key=lambda job: (job["valid_from"], job["job"]), default={})
    wages = [job["wage"] for job in jobs]
    insured = [job["insured"] for job in jobs]
    public = [job["public_post"] for job in jobs]
    local = _either(main.get("public_post"), main.get("workshop"))
    without = "jobless" if stated or ends else "unknown"
    return {
        "jobs": len(jobs),
        "status": "at_work" if jobs else without,
        "job_from": main.get("valid_from"),
        "work_place": main.get("place"),
        "wage": sum(wages) if wages and None not in wages else None,
        "by_unit": any(job["uscc"] for job in jobs),
        "job_insured": True if True in insured else (None if None in insured or not insured else False),
        "ended_on": max(ends, default=None),
        "ended_place": last.get("place"),
        "ended_public_post": last.get("public_post"),
        "ended_days": (last["valid_to"] - last["valid_from"]).days if last else None,
        "ends_on": max(open_ends) if open_ends and None not in open_ends else None,
        "stated": stated,
        "industry": main.get("industry"),
        "channel": main.get("channel"),
        "form": main.get("form"),
        "organised": main.get("organised"),
        "employer_named": main.get("employer_named"),
        "local_post": local,
        "public_post": True if True in public else (None if None in public or not public else False),
        "public_posts": len({job["occupation"] for job in jobs if job["public_post"]} - {None}),
    }


def _either(one_truth: Truth, other: Truth) -> Truth:
    return negated(all_of(negated(one_truth), negated(other)))


def _received(facts: dict[str, list[Row]], kind: str, mine: dict[str, list[Row]], day: date) -> set[date]:
    """The periods of the lists of a kind that cover the person's village; who has none is in lists of everywhere."""
    home = one(mine["memberships"], day).get("division") or ""
    return {row["month"] for row in facts["feeds"] if row["kind"] == kind and home.startswith(row["place"])}


def _lists(facts: dict[str, list[Row]], mine: dict[str, list[Row]], day: date) -> Row:
    """What lists of other offices say: wages declared, medical costs of the year, closed units."""
    come = {kind: {month for month in _received(facts, kind, mine, day) if month <= day} for kind in _KINDS}
    tax = max(come["tax_wage"], default=None)
    wages = [row["wage"] for row in mine["tax_wages"] if row["month"] == tax]
    medical = max((month for month in come["medical_expense"] if month.year == day.year), default=None)
    paid = [row["paid"] for row in mine["medical_costs"] if row["month"] == medical]
    jobs = valid(mine["jobs"], day)
    shut = {row["job"] for row in mine["employers_closed"] if row["month"] <= day}
    known = any(job["uscc"] for job in jobs) and come["business_registration"]
    return {
        "taxed_now": None if tax is None else sum(wages, Decimal(0)) > 0,
        "medical_paid": None if medical is None else max(paid, default=Decimal(0)),
        "employer_closed": True if any(job["job"] in shut for job in jobs) else (False if known else None),
    }


_KINDS = ("tax_wage", "medical_expense", "business_registration")


def _insurance(lines: list[Row], received: set[date], day: date) -> Row:
    latest = max((month for month in received if month <= day), default=None)

    def paying(month: date | None) -> list[Row]:
        return [line for line in lines if line["month"] == month and line["status"] == 1]

    def wage(month: date | None) -> Decimal | None:
        wages = [line["wage"] for line in paying(month)]
        return sum(wages, Decimal(0)) if wages and None not in wages else None

    before = None if latest is None else add_months(latest, -1)
    if before not in received:
        before = None
    return {
        "insurance_month": latest,
        "units_before": {line["uscc"] for line in paying(before)} - {None} if before else set(),
        "units_now": {line["uscc"] for line in paying(latest)},
        "pays_now": None if latest is None else bool(paying(latest)),
        "paid_before": None if before is None else bool(paying(before)),
        "wage_now": wage(latest),
        "wage_before": wage(before),
    }


def _where(place: str | None, home: str | None) -> str | None:
    if not place or not home:
        return None
    if place[:2] != home[:2]:
        return "other_province"
    if place[4:6] == "00":
        return None
    return "home_county" if place[:6] == home[:6] else "other_county"


def _silent(row: Row, day: date) -> int | None:
    if not row["jobs"]:
        return None
    known = [row[name] for name in ("job_from", "member_from", "last_answer_on") if row[name] is not None]
    return (day - max(known)).days


def households_on(persons: list[Row]) -> list[Row]:
    """Each household with what its members give together."""
    grouped: dict[int, list[Row]] = {}
    for person in persons:
        if person["household"] is not None:
            grouped.setdefault(person["household"], []).append(person)
    return [_household(household, members) for household, members in grouped.items()]


def _household(household: int, members: list[Row]) -> Row:
    def seeks(person: Row) -> Truth:
        return all_of(person["able"], person["will_work"], person["at_school"] is not True)

    def counts(person: Row) -> bool:
        waits = person["working_age"] is False or person["at_school"] is True
        return not waits and person["labour_capacity"] not in ("lost", "none")

    jobless = [person for person in members if person["status"] == "jobless"]
    at_work = [person for person in members if person["status"] == "at_work"]
    seekers = [person["person"] for person in jobless if seeks(person)]
    someone_unknown = any(person["status"] == "unknown" and counts(person) for person in members) or any(
        person["working_age"] is None for person in at_work
    )
    heads = [person["division"] for person in members if person["relation"] == "head"]
    return {
        "household": household,
        "person": min(seekers, default=None),
        "division": min(heads or [person["division"] for person in members]),
        "willing": sum(seeks(person) is True for person in members),
        "working": sum(person["working_age"] is True for person in at_work),
        "work_from": min((person["job_from"] for person in at_work if person["working_age"]), default=None),
        "seeker": True if seekers else (None if any(seeks(person) is None for person in jobless) else False),
        "anyone": True if any(p["working_age"] for p in at_work) else (None if someone_unknown else False),
    }


def families_on(facts: dict[str, list[Row]], day: date) -> list[Row]:
    """Each spell of a zero-employment family begun by a day, with what was known of it then."""
    found = []
    for row in facts["zero_families"]:
        if row["recognised_on"] > day:
            continue
        cleared = row["cleared_on"] if row["cleared_on"] is not None and row["cleared_on"] <= day else None
        passed = False if row["due_on"] <= day else None
        found.append(
            {
                **row,
                "waiting": cleared is None,
                "due_this_month": day.replace(day=1) <= row["due_on"] <= day,
                "on_time": passed if cleared is None else cleared <= row["due_on"],
            }
        )
    return found


def legs_on(facts: dict[str, list[Row]], day: date) -> list[Row]:
    """Each leg begun by the end of a day, with what had been done by then."""
    end = datetime.combine(day + timedelta(days=1), time())
    cases = {case["case_"]: case for case in facts["cases"]}
    found = []
    for leg in facts["legs"]:
        if leg["opened_at"] >= end:
            continue
        case = cases[leg["case_"]]
        due = leg["due_at"]
        done = leg["done_at"] if leg["done_at"] is not None and leg["done_at"] < end else None
        passed = due is not None and due < end
        closed = case["closed_at"] is not None and case["closed_at"] < end
        given = [
            item["kind"]
            for item in facts["services"]
            if item["case_"] == leg["case_"] and item["given_on"] <= day and item["answer"] is not None
        ]
        on_time = None
        if due is not None and (done is not None or passed):
            on_time = done is not None and done <= due
        found.append(
            {
                **{name: leg[name] for name in ("leg", "person", "division", "stage")},
                "backlog": case["backlog"],
                "due": passed and due >= datetime.combine(day.replace(day=1), time()) and leg["result"] != "exempt",
                "on_time": on_time,
                "overdue": done is None and passed and leg["result"] != "exempt",
                "outcome": case["outcome"] if closed else None,
                "full": given.count("guidance") >= 1
                and given.count("job_offer") >= 3
                and given.count("training_offer") >= 1,
            }
        )
    return found
