"""The only door through which pages get cases."""

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from bangfu.accounts.access import Viewer, inside
from bangfu.accounts.models import User
from bangfu.accounts.roles import Role
from bangfu.cases.course_models import Escalation, WayOut
from bangfu.cases.models import Case
from bangfu.cases.plan_models import Plan
from bangfu.cases.referral_models import Referral, ReferralAnswer
from bangfu.divisions.ranges import COUNTY, level_of

CONFIRMERS = frozenset({Role.TOWN_OFFICER, Role.COUNTY_OFFICER, Role.CITY_OFFICER, Role.PROVINCE_OFFICER})
"""Who may be the second person of a way out."""
COUNTY_OFFICERS = frozenset({Role.COUNTY_OFFICER, Role.CITY_OFFICER, Role.PROVINCE_OFFICER})
"""Who takes up what went up to the county."""


def visible_cases(user: Viewer) -> QuerySet[Case]:
    """Cases inside the user's duties of today; none without a duty."""
    return Case.objects.filter(inside(user))


def get_case(user: Viewer, key: int) -> Case:
    """The case with that key. Raises Http404 where there is none inside the user's duties, and none that another county
    asked the user's to help with."""
    rows = Case.objects.filter(inside(user, person="person") | Q(pk__in=hosted_cases(user).values("case")))
    return get_object_or_404(rows.select_related("person", "helper"), pk=key)


def hosted_cases(user: Viewer) -> QuerySet[Referral]:
    """Referrals of open cases that the county of the user has accepted."""
    rows = Referral.objects.filter(inside(user, "to_county"), answer=ReferralAnswer.ACCEPTED)
    return rows.filter(case__closed_at__isnull=True)


def visible_referrals(user: Viewer, *, sent: bool) -> QuerySet[Referral]:
    """Referrals that the counties inside the user's duties sent, or got."""
    return Referral.objects.filter(inside(user, "from_county" if sent else "to_county"))


def get_referral(user: Viewer, key: int, *, sent: bool) -> Referral:
    """The referral with that key, sent or got. Raises Http404 outside the user's duties."""
    return get_object_or_404(visible_referrals(user, sent=sent), pk=key)


def get_plan(user: Viewer, key: int) -> Plan:
    """The plan with that key. Raises Http404 where its case is not the user's."""
    plan = get_object_or_404(Plan.objects.select_related("case__person", "case__helper", "by"), pk=key)
    get_case(user, plan.case_id)
    return plan


def visible_ways_out(user: Viewer) -> QuerySet[WayOut]:
    """Ways out of cases inside the user's duties, proposed or decided."""
    return WayOut.objects.filter(inside(user, "case__division"))


def waiting_ways_out(user: Viewer) -> QuerySet[WayOut]:
    """Those that wait and that this user may decide: proposed by somebody else, inside a duty of `CONFIRMERS`."""
    rows = visible_ways_out(user).filter(confirmed__isnull=True)
    return rows.exclude(proposed_by=user.pk) if isinstance(user, User) and user.holds(CONFIRMERS) else rows.none()


def get_way_out(user: Viewer, key: int) -> WayOut:
    """The way out with that key. Raises Http404 where there is none inside the user's duties."""
    return get_object_or_404(visible_ways_out(user).select_related("case__person"), pk=key)


def visible_escalations(user: Viewer) -> QuerySet[Escalation]:
    """Legs inside the user's duties that ran out and went up; none for who works below a county."""
    rows = Escalation.objects.filter(inside(user, "leg__case__division"))
    return rows if isinstance(user, User) and level_of(user.division) <= COUNTY else rows.none()
