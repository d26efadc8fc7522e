"""Signals in words: names of columns, values, parameters, kinds of rules."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import TextChoices
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bangfu.cases.words import leg_name, spoken
from bangfu.people import choices
from bangfu.rulebook.rules import SIGNAL, Rule
from bangfu.rulebook.views import View
from bangfu.ui.amounts import amount_words

COLUMNS: Mapping[str, Promise] = {
    "jobs_open": gettext_lazy("Jobs held"),
    "job_from": gettext_lazy("At work since"),
    "job_ended_on": gettext_lazy("Last job ended"),
    "work_status": gettext_lazy("Work status"),
    "job_ends_on": gettext_lazy("Job ends on"),
    "ended_public_post": gettext_lazy("Was a public-welfare post"),
    "ended_job_days": gettext_lazy("Days in the last job"),
    "ended_where": gettext_lazy("Worked in"),
    "by_unit": gettext_lazy("With a unit"),
    "public_post": gettext_lazy("Public-welfare post"),
    "jobless_from": gettext_lazy("Without work since"),
    "jobless_reason": gettext_lazy("Reason given"),
    "able": gettext_lazy("Able to work"),
    "at_school": gettext_lazy("At school"),
    "left_school_on": gettext_lazy("Left school on"),
    "trained_on": gettext_lazy("Class ended on"),
    "in_class": gettext_lazy("In class"),
    "registered_unemployed": gettext_lazy("Registered unemployed"),
    "retires_on": gettext_lazy("Retires on"),
    "category": gettext_lazy("Kind of household"),
    "will_work": gettext_lazy("Wants to work"),
    "will_train": gettext_lazy("Wants training"),
    "wage_floor": gettext_lazy("Lowest wage asked"),
    "wage": gettext_lazy("Wage a month"),
    "paid_before": gettext_lazy("Paid insurance last month"),
    "pays_now": gettext_lazy("Pays insurance this month"),
    "insurance_month": gettext_lazy("Month of the extract"),
    "insurance_wage_before": gettext_lazy("Insured wage before"),
    "insurance_wage_now": gettext_lazy("Insured wage now"),
    "employer_closed": gettext_lazy("Employer closed"),
    "employer_closed_on": gettext_lazy("Employer closed on"),
    "taxed_now": gettext_lazy("Wage declared for tax"),
    "tax_month": gettext_lazy("Month of the tax list"),
    "tax_wage": gettext_lazy("Wage declared"),
    "medical_month": gettext_lazy("Medical costs up to"),
    "medical_paid": gettext_lazy("Medical costs paid this year"),
    "on_death_list": gettext_lazy("On a list of deaths"),
    "died_on": gettext_lazy("Died on"),
    "roll_month": gettext_lazy("School roll of"),
    "roll_status": gettext_lazy("State on the school roll"),
    "roll_left_on": gettext_lazy("Left by the school roll on"),
    "disability_certified": gettext_lazy("Valid disability certificate"),
    "allowance_month": gettext_lazy("Month of the allowance list"),
    "allowance_now": gettext_lazy("Living allowance this month"),
    "allowance_before": gettext_lazy("Living allowance the month before"),
    "roster_month": gettext_lazy("Month of the workshop roster"),
    "on_roster": gettext_lazy("On a workshop roster"),
    "registration_month": gettext_lazy("List of employment registration of"),
    "registered_as": gettext_lazy("Employment registration"),
    "unit_insured": gettext_lazy("Insured with the unit before"),
    "unit_stopped": gettext_lazy("Stopped at the unit"),
    "last_answer_on": gettext_lazy("Last asked"),
    "silent_days": gettext_lazy("Days without an answer"),
    "age": gettext_lazy("Age"),
    "born_on": gettext_lazy("Born on"),
    "work_where": gettext_lazy("Works in"),
    "work_place": gettext_lazy("Place of work"),
    "occupation": gettext_lazy("Kind of work"),
    "form": gettext_lazy("Form of work"),
    "channel": gettext_lazy("Channel"),
    "industry": gettext_lazy("Industry"),
    "employer_named": gettext_lazy("Employer named"),
    "organised": gettext_lazy("Organised transport"),
    "labour_capacity": gettext_lazy("Labour capacity"),
    "education": gettext_lazy("Education"),
    "income": gettext_lazy("Income a head"),
    "phone_known": gettext_lazy("Telephone on file"),
    "public_posts": gettext_lazy("Kinds of public-welfare post"),
    "monitored_from": gettext_lazy("Monitored since"),
    "cleared_on": gettext_lazy("Cleared on"),
    "unlisted_from": gettext_lazy("Missing since"),
    "service_asked": gettext_lazy("Need of service recorded"),
    "others": gettext_lazy("Others with this telephone"),
    "other_households": gettext_lazy("Other households"),
    "other_counties": gettext_lazy("Other counties"),
    "persons": gettext_lazy("Persons concerned"),
    "waged": gettext_lazy("Open jobs with a wage"),
    "same_wage": gettext_lazy("With the same wage"),
    "common_wage": gettext_lazy("Most frequent wage"),
    "ended_jobs": gettext_lazy("Jobs ended in a year"),
    "short_jobs": gettext_lazy("Short ones over a month’s end"),
    "edits": gettext_lazy("Records by hand in 90 days"),
    "month_end_edits": gettext_lazy("On the last 3 days of a month"),
    "inspection_edits": gettext_lazy("In the week before an inspection"),
    "wage_share": gettext_lazy("Share with the same wage"),
    "short_share": gettext_lazy("Share of short jobs over a month’s end"),
    "month_end_share": gettext_lazy("Share at the end of months"),
    "inspection_share": gettext_lazy("Share before inspections"),
    "usual_wage_share": gettext_lazy("Usual in the county (same wage)"),
    "usual_short_share": gettext_lazy("Usual in the county (short jobs)"),
    "usual_month_end_share": gettext_lazy("Usual in the county (month ends)"),
    "usual_inspection_share": gettext_lazy("Usual in the county (inspections)"),
    "seekers": gettext_lazy("Able and willing"),
    "at_work": gettext_lazy("At work"),
    "at_work_before": gettext_lazy("At work 30 days before"),
    "lost_work": gettext_lazy("Lost their work"),
    "found_work": gettext_lazy("Newly at work"),
    "share": gettext_lazy("Share at work"),
    "share_before": gettext_lazy("Share 30 days before"),
    "fell": gettext_lazy("Fell by"),
    "at_work_members": gettext_lazy("Members at work"),
    "at_work_from": gettext_lazy("A member at work since"),
    "members": gettext_lazy("Members"),
    "able_willing": gettext_lazy("Able and willing"),
    "able_willing_jobless": gettext_lazy("of them without work"),
    "unknown_members": gettext_lazy("Members of unknown status"),
    "seeker_jobless": gettext_lazy("A seeker is without work"),
    "anyone_at_work": gettext_lazy("Somebody is at work"),
}
"""Short names of the columns that signals show; the documentation of a fact view is longer."""
PARAMETERS: Mapping[str, Promise] = {
    "days": gettext_lazy("Days"),
    "least": gettext_lazy("At least"),
    "wait": gettext_lazy("Not before day"),
    "share": gettext_lazy("Share"),
    "months": gettext_lazy("Months"),
    "cleared": gettext_lazy("Ways out that count"),
    "years": gettext_lazy("Years"),
    "line": gettext_lazy("Line"),
    "kinds": gettext_lazy("Kinds"),
    "highest": gettext_lazy("Highest"),
    "lowest": gettext_lazy("Lowest"),
    "doubtful": gettext_lazy("Doubtful below"),
    "households": gettext_lazy("Households"),
    "counties": gettext_lazy("Counties"),
    "listed_line": gettext_lazy("Line for listed families"),
    "other_line": gettext_lazy("Line for others"),
    "persons": gettext_lazy("Persons"),
    "from_percent": gettext_lazy("From a share of (percent)"),
    "points": gettext_lazy("Percentage points"),
    "times": gettext_lazy("Times what is usual"),
    "guidance": gettext_lazy("Times of guidance"),
    "job_offers": gettext_lazy("Posts offered"),
    "training_offers": gettext_lazy("Trainings offered"),
}
SEVERITIES: Mapping[str, tuple[Promise, str]] = {
    "urgent": (gettext_lazy("Urgent"), "st-red"),
    "high": (gettext_lazy("High"), "st-amber"),
    "normal": (gettext_lazy("Normal"), ""),
}
CHECK_STATES: Mapping[str, Promise] = {
    "to_check": gettext_lazy("to look into"),
    "left_out": gettext_lazy("left out: beyond what the office can look into"),
    "checked": gettext_lazy("looked into"),
    "all": gettext_lazy("all open"),
}


class WorkWhere(TextChoices):
    """Where somebody works, seen from home: what the fact view of a person says."""

    HOME_COUNTY = "home_county", gettext_lazy("Own county")
    OTHER_COUNTY = "other_county", gettext_lazy("Another county of the province")
    OTHER_PROVINCE = "other_province", gettext_lazy("Another province")


class RollStatus(TextChoices):
    """What the latest school roll says of somebody: `roll_status` of the view of lists."""

    AT_SCHOOL = "at_school", gettext_lazy("at school")
    ON_LEAVE = "on_leave", gettext_lazy("on leave from school")
    FINISHED = "finished", gettext_lazy("finished school")
    LEFT = "left", gettext_lazy("left school")
    NOT_LISTED = "not_listed", gettext_lazy("not on the roll")


class RegisteredAs(TextChoices):
    """What the latest list of employment registration says of somebody: `registered_as` of the view of lists."""

    EMPLOYED = "employed", gettext_lazy("registered as employed")
    UNEMPLOYED = "unemployed", gettext_lazy("registered as unemployed")
    NONE = "none", gettext_lazy("not registered")


CODE_LISTS = {
    "work_status": choices.WorkStatus, "category": choices.CategoryKind, "education": choices.Education,
    "health": choices.Health, "labour_capacity": choices.LabourCapacity, "sex": choices.Sex,
    "work_where": WorkWhere, "ended_where": WorkWhere,
    "roll_status": RollStatus, "registered_as": RegisteredAs,
}  # fmt: skip


def column_words(view: View, name: str) -> str:
    """The short name of a column; that of the view's documentation where there is no shorter one."""
    return str(COLUMNS[name]) if name in COLUMNS else spoken(view.columns[name].name)


def value_words(name: str, value: Any, kind: str) -> str:
    """A value of a column of a fact view as people write it; "unknown" for None."""
    if value is None:
        return _("unknown")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    listed = CODE_LISTS.get(name)
    if listed is not None and value in listed.values:
        return str(listed(value).label)
    if name == "stage":
        return leg_name(value)
    if kind == "DATE" and name.endswith("_month"):
        return date.fromisoformat(value).strftime("%Y-%m")
    if kind.startswith("DECIMAL"):
        return amount_words(value)
    return number_format(value, force_grouping=True) if isinstance(value, int) else str(value)


def reasons_of(rule: Rule, view: View, facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The values on which a signal or finding rests, as (name, value), without those that every one of the rule shares.

    A yes or no of a condition is such a shared one, because the rule is true; a rule of such columns alone
    shows what it shows beside them. Of a finding a no is shown: mostly it is what is missing.
    """
    shown = []
    for name in rule.columns():
        value = facts.get(name)
        if name not in facts or name not in view.columns or value is True:
            continue
        if value is False and rule.kind == SIGNAL:
            continue
        shown.append((column_words(view, name), value_words(name, value, view.columns[name].type)))
    return shown


def parameter_words(name: str) -> str:
    """The name of a parameter of a rule."""
    return str(PARAMETERS[name]) if name in PARAMETERS else name
