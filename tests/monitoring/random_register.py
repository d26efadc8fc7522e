"""The random facts of the tests of rules, written into the register: what is missing there is missing here."""

from collections import defaultdict
from datetime import datetime, time
from random import Random

from bangfu.core.keys import new_key
from bangfu.monitoring.models import Feed, FeedLine
from bangfu.people import models
from tests.factories import NOON, ZONE, HouseholdFactory, PersonFactory
from tests.rulebook.lake_facts import random_facts

_SCHOOL = {True: "junior", False: "none", None: ""}
_PAYMENT = {1: "paying", 2: "suspended", 3: "ended"}
_COMMON = {"source": "ledger", "recorded_at": NOON}


def fill_register(seed: int, count: int) -> dict[int, models.Person]:
    """So many persons with everything that `random_facts` says of them; by the number it gives them."""
    facts, random = random_facts(seed, count), Random(seed)
    people = {row["person"]: _person(row, random) for row in facts["persons"]}
    households = defaultdict(HouseholdFactory)
    for row in facts["memberships"]:
        home = households[row["household"]] if row.get("household") else None
        relation = {"head": "户主", None: ""}.get(row["relation"], row["relation"])
        _add(models.Membership, people, row, household=home, division=row["division"], relation=relation)
    for row in facts["categories"]:
        risk = {True: "务工就业不稳", False: "因病", None: ""}[row["work_risk"]]
        _add(models.Category, people, row, kind=row["kind"], risk=risk)
    for row in facts["conditions"]:
        known = {name: row.get(name) or "" for name in ("education", "health", "labour_capacity")}
        _add(models.Condition, people, row, **known, school=_SCHOOL[row.get("at_school")])
    for row in facts["intents"]:
        wishes = {name: row.get(name) for name in ("will_work", "will_train", "will_go_out")}
        _add(models.Intent, people, row, **wishes, service_need="x" if row.get("service_asked") else "")
    for row in facts["incomes"]:
        _add(models.Income, people, row, per_head_amount=row["per_head"])
    for row in facts["contacts"]:
        _add(models.Contact, people, row, phone_sealed=b"", phone_index=f"{row['token']:032d}")
    for row in facts["unlisted"]:
        _add(models.Unlisted, people, row, list_name="x")
    for row in facts["joblessness"]:
        _add(models.Joblessness, people, row, reason=row["reason"] or "-")
    for row in facts["jobs"]:
        _job(people, row)
    for row in facts["work_answers"]:
        _answer(people, row)
    _extracts(people, facts)
    return people


def _person(row, random):
    born = {"born_on": row["born_on"]} if row["born_on"] else {}
    person = PersonFactory(sex=row["sex"] or random.choice(("male", "female")), **born)
    models.Membership.objects.filter(person=person).delete()
    return person


def _add(model, people, row, **values):
    until = row.get("valid_to")
    if until is not None and until <= row["valid_from"]:
        return  # the register refuses what never holds
    model.objects.create(
        person=people[row["person"]], valid_from=row["valid_from"], valid_to=until, **_COMMON, **values
    )


def _job(people, row):
    texts = {name: row.get(name) or "" for name in ("place", "occupation", "uscc", "industry")}
    kinds = [word for name, word in (("public_post", "公益性岗位"), ("workshop", "帮扶车间")) if row.get(name)]
    texts |= {"form": row.get("form") or "", "channel": kinds[0] if kinds else row.get("channel") or ""}
    texts["employer"] = "合成食品有限公司" if row.get("employer_named") else ""
    key = new_key()
    _add(
        models.Job, people, row, id=key, spell=key, wage_amount=row.get("wage"), insured=row.get("insured"),
        organised=row.get("organised"), **texts,
    )  # fmt: skip


def _answer(people, row):
    day, person = row["answered_on"], people[row["person"]]
    if not models.WorkAnswer.objects.filter(person=person, month=row["month"]).exists():
        models.WorkAnswer.objects.create(
            person=person, month=row["month"], answer="at_work", answered_on=day, client_key=str(new_key()),
            answered_at=datetime.combine(day, time(12), ZONE),
        )  # fmt: skip


_KEPT = {"insurance_months": "social_insurance", "tax_wages": "tax_wage", "medical_costs": "medical_expense"}


def _extracts(people, facts):
    feeds = {}
    for row in facts["feeds"]:
        feed = Feed.objects.create(
            kind=row["kind"], period=row["month"], division=row["place"].ljust(12, "0"), file_hash="",
            received_on=row["received_on"], received_at=NOON, lines=0, matched=0, report={}, stands_at=NOON,
        )  # fmt: skip
        feeds.setdefault((row["kind"], row["month"]), feed)
    for table, kind in _KEPT.items():
        for row in facts[table]:
            if (kind, row["month"]) in feeds:
                FeedLine.objects.create(
                    feed=feeds[kind, row["month"]], person=people[row["person"]],
                    status=_PAYMENT.get(row.get("status"), ""), uscc=row.get("uscc") or "",
                    amount=row.get("wage", row.get("paid")),
                )  # fmt: skip
    for row in facts["feed_lines"]:
        feed = feeds[row["kind"], row["month"]]
        more = {"status": row["status"] or "", "ends_on": row["ends_on"]}
        FeedLine.objects.create(feed=feed, person=people[row["person"]], **more)
    units = {row["job"]: row["uscc"] for row in facts["jobs"]}
    for unit, month, closed_on in {(units[r["job"]], r["month"], r["closed_on"]) for r in facts["employers_closed"]}:
        feed = feeds["business_registration", month]
        FeedLine.objects.create(feed=feed, uscc=unit, status="cancelled", ends_on=closed_on)
