"""The timeline of a person: what every room knows, as lines with a day, a mark, words and a source."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils import timezone
from django.utils.translation import gettext as _

from bangfu.audit.models import Entry
from bangfu.cases.models import Case
from bangfu.cases.queries import parts_of
from bangfu.cases.words import leg_name, leg_names
from bangfu.home.case_shown import events_of
from bangfu.home.causes import cause_name
from bangfu.monitoring.models import Signal
from bangfu.people.forms import purpose_name
from bangfu.people.models import Category, Job, Joblessness, WorkAnswer
from bangfu.people.queries import History
from bangfu.ui.amounts import amount_words

NOTHING_SAID = "-"


@dataclass(frozen=True)
class Line:
    """One line: `at` is None where only the day is known; `case` is the key of the case it belongs to, else None."""

    day: date
    at: datetime | None
    colour: str
    icon: str
    title: str
    result: str
    detail: str
    source: str
    case: int | None = None

    @property
    def order(self) -> tuple[date, datetime]:
        """What sorts the timeline; on one day, instants come after what is true of the whole day."""
        midnight = datetime.combine(self.day, time(), timezone.get_default_timezone())
        return self.day, self.at or midnight


def story(
    history: History,
    cases: Sequence[Case],
    signals: Sequence[Signal],
    looks: Sequence[Entry],
    places: Mapping[str, str],
    today: date,
) -> list[Line]:
    """All lines up to today, newest first. `places` names the places of work by code."""
    lines = [*_job_lines(history.jobs, places, today)]
    lines += [_jobless(row) for row in history.jobless]
    lines += [_category(row) for row in history.categories]
    lines += [_answer(row) for row in history.answers]
    lines += [line for row in signals for line in _signal(row)]
    lines += [line for case in cases for line in _case(case)]
    lines += [_look(entry) for entry in _once_a_day(looks)]
    return sorted((line for line in lines if line.day <= today), key=lambda line: line.order, reverse=True)


def job_words(job: Job, places: Mapping[str, str]) -> list[str]:
    """A job in words, the longest first: place, occupation, wage."""
    what = job.occupation or job.employer or job.form or _("At work")
    wage = _("%s yuan") % amount_words(job.wage_amount) if job.wage_amount is not None else ""
    place = places.get(job.place, "")
    return [_joined(place, what, wage), _joined(what, wage), what, place]


def _job_lines(jobs: Iterable[Job], places: Mapping[str, str], today: date) -> Iterable[Line]:
    for job in jobs:
        words, source = job_words(job, places)[0], str(job.get_source_display())
        detail = _joined(job.employer, job.channel)
        yield Line(job.valid_from, None, "b", "briefcase", _("Job begun"), words, detail, source)
        if job.valid_to and job.valid_to <= today:
            days = _("%d days at work") % (job.valid_to - job.valid_from).days
            yield Line(job.valid_to, None, "", "briefcase", _("Job ended"), words, _joined(days, job.employer), source)


def _jobless(row: Joblessness) -> Line:
    reason = "" if row.reason == NOTHING_SAID else row.reason
    title, source = _("Without work"), str(row.get_source_display())
    return Line(row.valid_from, None, "", "circle-dashed", title, "", reason, source)


def _category(row: Category) -> Line:
    risk = _("Risk: %s") % row.risk if row.risk else ""
    title, source = _("Listed as"), str(row.get_source_display())
    return Line(row.valid_from, None, "", "file-import", title, str(row.get_kind_display()), risk, source)


def _answer(row: WorkAnswer) -> Line:
    by = row.by.name if row.by else ""
    title = _("Work round of %s") % f"{row.month:%Y-%m}"
    return Line(
        timezone.localdate(row.answered_at), row.answered_at, "g", "calendar", title, str(row.get_answer_display()), by,
        _("Work round"),
    )  # fmt: skip


def _signal(row: Signal) -> Iterable[Line]:
    name, source = cause_name(row.code), _("Signal")
    yield Line(row.opened_on, None, "a", "alert-circle", _("Signal opened"), name, "", source, row.case)
    if row.closed_on:
        yield Line(row.closed_on, None, "", "check", _("Signal closed"), name, "", source, row.case)


def _case(case: Case) -> Iterable[Line]:
    for event in events_of(case, parts_of(case)):
        detail = _joined(event.detail, event.by)
        yield Line(
            timezone.localdate(event.at), event.at, event.colour, event.icon, event.title, event.result, detail,
            _("Case"), case.pk,
        )  # fmt: skip


def _once_a_day(looks: Iterable[Entry]) -> list[Entry]:
    """Of the looks of one user on one day for one purpose, the last."""
    kept: dict[tuple[object, ...], Entry] = {}
    for entry in looks:
        kept.setdefault((timezone.localdate(entry.at), entry.by_id, entry.verb, entry.purpose), entry)
    return list(kept.values())


def _look(entry: Entry) -> Line:
    title = {
        "people.viewed": _("Opened the file"), "people.copy_handed_out": _("Handed out a copy of the file"),
    }.get(entry.verb, _("Saw the whole ID number"))  # fmt: skip
    why = look_purpose(entry)
    return Line(
        timezone.localdate(entry.at), entry.at, "b", "eye", entry.by.name if entry.by else _("System"), title,
        _("Purpose: %s") % why if why else "", _("Look at the file"),
    )  # fmt: skip


def look_purpose(entry: Entry) -> str:
    """Why somebody looked, in words: the purpose chosen, or the leg that the person's case was in."""
    if entry.purpose == "case":
        return str(_("Case"))
    return leg_name(entry.purpose) if entry.purpose in leg_names() else purpose_name(entry.purpose)


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
