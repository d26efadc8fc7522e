"""One county with one of everything that has an address of its own, and the state of the whole register."""

import hashlib
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import uuid4

from django.apps import apps
from django.db import transaction
from django.utils import timezone

from bangfu.cases.actions import close_cases
from bangfu.cases.course_models import Escalation, WayOut
from bangfu.cases.models import Case
from bangfu.cases.pausing import PauseAsked, pause_cases
from bangfu.cases.plan_models import Plan
from bangfu.cases.planning import Measure, PlanMade, make_plans
from bangfu.cases.referral_models import Referral
from bangfu.cases.referring import Asked as Refer
from bangfu.cases.referring import send_referrals
from bangfu.cases.ways_out import Proposal, propose_ways_out
from bangfu.core.keys import new_key
from bangfu.exports.actions import Asking, ask_export, make_export, save_template
from bangfu.exports.models import Export, Template
from bangfu.intake.actions import apply_batch, begin_batch
from bangfu.intake.models import Batch
from bangfu.intake.staging import stage_file
from bangfu.monitoring.feeds import receive_feed
from bangfu.monitoring.models import (
    AreaAlarm,
    Feed,
    FeedState,
    Finding,
    Inspection,
    ScreenFinding,
    Signal,
    Trial,
    UnsureLine,
)
from bangfu.monitoring.quality import waive_findings
from bangfu.monitoring.rules import feed_kinds
from bangfu.people import identity
from bangfu.people.actions import record_facts
from bangfu.people.corrections import Asked, ask_corrections
from bangfu.people.importing import ROSTER
from bangfu.people.merging import merge_people
from bangfu.people.models import Condition, Contact, Correction, Difference, Duplicate, Household, Merge, Person
from bangfu.people.recorded import Recorded
from bangfu.placements.actions import match_open_cases
from bangfu.placements.models import Offer, Round
from tests.factories import (
    VILLAGE,
    HouseholdFactory,
    JobFactory,
    PersonFactory,
    UserFactory,
    id_number,
    id_number_of,
)
from tests.home.situations import open_case, open_posts, surveyed_case
from tests.intake.ledger_files import text

COUNTY, TOWN, OTHER_COUNTY = "150522000000", "150522202000", "150502000000"
NAME, WORKER, PHONE, FILE = "斯琴图雅", "哈斯其木格", "13847522046", "名册.csv"
RULE, FIXABLE, LOOKED = "insurance_stopped", "organised_at_home", "monitored_no_contact"
HEADER = ["县(市、区)", "乡镇", "行政村", "户编号", "姓名", "证件号码", "性别", "联系电话"]
PLACE = ["科尔沁左翼后旗", "散都苏木", "公河来村委会"]


@dataclass(frozen=True)
class CountyA:
    """A person at work, one in a surveyed case with offers, a round, a signal, a staged and an applied ledger."""

    person: Person
    worker: Person
    household: Household
    case: Case
    offer: Offer
    accepted: Offer
    run: Round
    batch: Batch
    applied: Batch
    difference: Difference
    correction: Correction
    pair: Duplicate
    merge: Merge
    asked: Export
    made: Export
    stuck: Export
    template: Template
    noticed: Signal
    trial: Trial
    finding: Finding
    feed: Feed
    unsure: UnsureLine
    alarm: AreaAlarm
    screened: ScreenFinding
    inspection: Inspection
    way_out: WayOut
    plan: Plan
    referral: Referral
    escalation: Escalation
    paused: Case
    followed: Case
    sent: Referral

    def secrets(self) -> list[str]:
        """What no stranger may meet: names, numbers, keys."""
        offers = (self.offer, self.accepted)
        rows = (self.person, self.worker, self.household, self.case, *offers, self.batch, self.applied)
        rows += (self.difference, self.correction, self.pair, self.merge, self.made, self.finding)
        rows += (self.noticed, self.trial, self.feed, self.unsure, self.alarm, self.screened)
        rows += (self.way_out, self.plan, self.escalation)
        known = [NAME, WORKER, PHONE, FILE, id_number_of(self.person), self.household.number]
        return [*known, *(str(row.pk) for row in rows)]


def build(officer) -> CountyA:
    """County 150522, by its officer, today."""
    today, now = timezone.localdate(), timezone.now()
    household = HouseholdFactory()
    case = surveyed_case(officer, household=household)
    person, worker = case.person, open_case(officer, work_status="at_work", household=household).person
    for one, name in ((person, NAME), (worker, WORKER)):
        one.name = name
        one.save()
    JobFactory(person=worker)
    _telephone(person, now)
    open_posts(3)
    match_open_cases(today, at=timezone.now())
    offer, accepted = Offer.objects.filter(case=case).order_by("pk")[:2]
    accepted.state, accepted.answered_at = "accepted", now
    accepted.save()
    Signal.objects.create(
        pk=new_key(), code=RULE, person=person, division=VILLAGE, opened_on=today - timedelta(days=1), reasons={},
        case=case.pk,
    )  # fmt: skip
    noticed = Signal.objects.create(
        pk=new_key(), code=LOOKED, person=worker, division=VILLAGE, opened_on=today, raised_on=today, reasons={}
    )
    trial = Trial.objects.create(
        code=LOOKED, division=COUNTY, values={"days": "120"}, by=officer, asked_at=now, moved_at=now, total=8
    )
    number = id_number_of(person)
    rows = [[*PLACE, "990522770001", NAME, f"{number[:-1]}?", "女", PHONE], row_of(WORKER, id_number_of(worker))]
    batch = stage_file(ROSTER, FILE, text(HEADER, *rows), on=today, by=officer, at=now)
    applied = stage_file(ROSTER, FILE, text(HEADER, row_of("白云", id_number(997))), on=today, by=officer, at=now)
    begin_batch(applied, by=officer, at=now)
    applied = apply_batch(applied, at=now)
    difference, correction = _in_question(person, officer, today, now)
    run = Round.objects.get()
    pair = Duplicate.objects.create(
        first=min(person, worker, key=_by_key), second=max(person, worker, key=_by_key), likelihood=900, reasons={},
        noted_on=today,
    )  # fmt: skip
    merge = merge_people(
        person.pk, PersonFactory(standing__household=household).pk, reason="同一人", by=officer, at=now
    )
    return CountyA(
        person, worker, household, case, offer, accepted, run, batch, applied, difference, correction, pair, merge,
        *_exports(officer, now), noticed, trial, *_found(worker, officer, now),
        *_course(case, officer, now), *_on_the_way(worker, officer, now),
    )  # fmt: skip


def _telephone(person, now) -> None:
    sealed = identity.seal_phones([(person.pk, PHONE)])[0]
    index = identity.phone_indexes([PHONE])[0]
    Contact.objects.create(
        person=person, phone_index=index, phone_sealed=sealed, valid_from=date(2025, 1, 1), source="ledger",
        recorded_at=now,
    )  # fmt: skip


def _on_the_way(worker, officer, now) -> tuple[Case, Case, Referral]:
    """A case whose clocks stand still and with which another county is asked to help, and one that ended in work and is
    followed up."""
    paused, followed = Case.objects.get(person=worker), open_case(officer)
    until = timezone.localdate(now) + timedelta(days=5)
    pause_cases([PauseAsked(paused.pk, "hospital", "住院证明", until, str(uuid4()))], by=officer, at=now)
    close_cases({followed.pk: "employed"}, by=officer, at=now)
    send_referrals([Refer(paused.pk, "150402000000", "在外务工", str(uuid4()))], by=officer, at=now)
    return paused, followed, Referral.objects.get(case=paused)


def _course(case, officer, now) -> tuple[WayOut, Plan, Referral, Escalation]:
    """A way out that a colleague proposed, a plan, what another county asks, a leg that ran out."""
    colleague, far = UserFactory(), open_case(officer, division="150402001001")
    (proposed,) = propose_ways_out([Proposal(case.pk, "no_will", "本人不愿")], by=colleague, at=now)
    (plan,) = make_plans(
        [PlanMade(case.pk, "稳定就业", [Measure("推荐岗位", "王芳", None)], str(uuid4()))], by=officer, at=now
    )
    send_referrals([Refer(far.pk, COUNTY, "在贵县务工", str(uuid4()))], by=officer, at=now)
    escalation = Escalation.objects.create(leg=case.legs.get(stage="outcome"), raised_at=now)
    way_out = WayOut.objects.get(pk=proposed)
    return way_out, Plan.objects.get(pk=plan), Referral.objects.get(case=far), escalation


def _held_list(worker, officer, now) -> Feed:
    """A list of the county that lost a third of its lines, with a bad one and one that may be of the worker."""
    kind, today, feed = feed_kinds()["death"], now.date(), None
    head = ["身份证号", "死亡日期", "信息来源", "姓名", "出生日期", "户籍地址"]
    nobody = ["", "", ""]
    lines = [[id_number(number), "2026-01-03", "医院", *nobody] for number in (993, 995)]
    lines.append([id_number_of(worker), "2026-01-02", "医院", *nobody])
    bad, unsure = (
        ["1", "2026-02-02", "医院", *nobody],
        ["2", "2026-02-02", "医院", WORKER, f"{worker.born_on}", VILLAGE],
    )
    for month, rows in ((date(2026, 1, 9), lines), (date(2026, 2, 9), [lines[0], bad, unsure])):
        feed = receive_feed(kind, text(head, *rows), FILE, period=month, division=COUNTY, on=today, by=officer, at=now)
    assert feed.state == FeedState.HELD
    return feed


def _finding(worker, officer, now) -> Finding:
    """That of a job in the own county nobody said whether transport was organised: what is right is certain. Waived
    for a while, so that the waiver can be taken back."""
    today = timezone.localdate(now)
    finding, _ = Finding.objects.get_or_create(
        code=FIXABLE, person=worker, closed_on=None, defaults={
            "version": "", "division": VILLAGE, "opened_on": today, "due_on": today, "reasons": {},
        },
    )  # fmt: skip
    waive_findings([finding], "已核", today + timedelta(days=9), by=officer, at=now)
    return finding


def _found(worker, officer, now):
    """What the night and an outside list left to be looked at."""
    seen, held = _finding(worker, officer, now), _held_list(worker, officer, now)
    return seen, held, held.unsure_lines.get(), _alarm(officer, now), *_screened(worker, officer, now)


def _alarm(officer, now) -> AreaAlarm:
    """A town where work fell; something was done already."""
    today = timezone.localdate(now)
    figures = {
        "seekers": 60, "at_work": 45, "at_work_before": 57, "lost_work": 12, "found_work": 0, "share": "75.00",
        "share_before": "95.00", "fell": "20.00",
    }  # fmt: skip
    return AreaAlarm.objects.create(
        code="town_work_falling", version="", division=TOWN, opened_on=today, judged_on=today, reasons=figures,
        said="已通知乡镇核查", answered_by=officer, answered_at=now,
    )  # fmt: skip


def _screened(worker, officer, now) -> tuple[ScreenFinding, Inspection]:
    """A recorder of the town whose wages are all alike, and an inspection of the county."""
    today = timezone.localdate(now)
    recorder = UserFactory(role="village_officer", division=VILLAGE)
    figures = {"waged": 20, "same_wage": 20, "wage_share": "100.00", "usual_wage_share": None, "common_wage": "3600.00"}
    found = ScreenFinding.objects.create(
        code="screen_same_wage", version="", recorder=recorder, division=TOWN, opened_on=today, judged_on=today,
        reasons=figures,
    )  # fmt: skip
    held = Inspection.objects.create(
        division=COUNTY, held_on=today - timedelta(days=3), announced_by="省检查组", entered_at=now, entered_by=officer
    )
    worker.job_facts.update(recorded_by=recorder)
    return found, held


def _by_key(person):
    return person.pk


def _in_question(person, officer, today, now):
    """A list that contradicts what was seen at a visit, and what the person asked of the file."""
    for source, health in (("visit", "healthy"), ("ledger", "chronic")):
        how = Recorded(on=today, source=source, by=officer, at=now)
        record_facts(Condition, {person.pk: {"health": health}}, how)
    asked = Asked(person.pk, "correct", "condition", "person", "我已小学毕业", str(uuid4()))
    ask_corrections([asked], by=officer, at=now)
    return Difference.objects.get(), Correction.objects.get()


def _exports(officer, now) -> tuple[Export, Export, Export, Template]:
    """One of a colleague that waits for a second person; one made and one stopped of the officer; a template."""

    def ask(by, mask):
        columns = [("name", ""), ("id_number", mask)]
        asking = Asking("people", {}, columns, "核对名单", "县医保局", str(new_key()), "zh-hans")
        return ask_export(asking, by=by, at=now)

    asked, made, stuck = ask(UserFactory(), "whole"), ask(officer, "ends"), ask(officer, "last4")
    made = make_export(made.pk, at=now)
    stuck.trouble = "changed"
    stuck.save()
    template = Template(division=COUNTY, recipient="县医保局", list="people", columns=[["name", ""]])
    return asked, made, stuck, save_template(template, by=officer, at=now)


def row_of(name: str, number: str) -> list[str]:
    """A good row of a roster."""
    return [*PLACE, "990522770002", name, number, "女" if int(number[16]) % 2 == 0 else "男", "13847522047"]


def everything() -> dict[str, str]:
    """Each table as a fingerprint of all its rows, without sessions, sign-ins and the tree of divisions."""
    left_out = {"sessions.Session", "axes.AccessLog", "divisions.Division"}
    return {model._meta.label: _fingerprint(model) for model in apps.get_models() if model._meta.label not in left_out}


def _fingerprint(model) -> str:
    rows = model._base_manager.order_by("pk").values_list()
    plain = [[bytes(value) if isinstance(value, memoryview) else value for value in row] for row in rows]
    return f"{len(plain)} {hashlib.sha256(repr(plain).encode()).hexdigest()}"


class _Undo(Exception):
    """Nothing is in error: it ends a transaction that is not to be kept."""


@contextmanager
def undone():
    """What happens inside is taken back at the end."""
    try:
        with transaction.atomic():
            yield
            raise _Undo
    except _Undo:
        pass
