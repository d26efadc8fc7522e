"""Feeds are counted and kept by month; signals open, stay and close; cases follow."""

from datetime import date, timedelta

import pytest

from bangfu.cases.actions import open_cases
from bangfu.cases.models import Case, Cause
from bangfu.intake.reading import BadLedger
from bangfu.monitoring import actions
from bangfu.monitoring.actions import close_night, record_signals
from bangfu.monitoring.feeds import receive_feed
from bangfu.monitoring.models import Feed, FeedLine, Signal
from bangfu.monitoring.queries import signals_on
from bangfu.monitoring.rules import feed_kinds
from bangfu.rulebook.evaluate import Found
from tests.factories import NOON, VILLAGE, PersonFactory, id_number_of
from tests.home.situations import leave

pytestmark = [pytest.mark.django_db, pytest.mark.db]

MAY = date(2026, 5, 1)
DAY = NOON.date()


def extract(*lines, head="AAC002,AAC003,AAB001,AAB004,AAE003,AAC031,AAC040"):
    return "\r\n".join([head, *lines, ""]).encode("gb18030")


def line(number, month="202605", status="1", wage="3600"):
    return f"{number},乌云,,合成食品有限公司,{month},{status},{wage}"


def receive(data, month=MAY):
    kind = feed_kinds()["social_insurance"]
    return receive_feed(kind, data, "x.csv", period=month, on=DAY, by=None, at=NOON)


def test_only_people_of_the_register_are_kept():
    person = PersonFactory()
    feed = receive(extract(line(id_number_of(person)), line("990522197007067264")))
    assert (feed.lines, feed.matched, feed.report) == (2, 1, {"not_on_register": 1})
    assert FeedLine.objects.get().person == person


def test_what_does_not_fit_is_counted_and_left_out():
    number = id_number_of(PersonFactory())
    lines = [line(number), line(number, month="202604"), line(number, status="9"), line(number, wage="x")]
    feed = receive(extract(*lines))
    assert feed.report == {"other_month": 1, "status_unknown": 1, "not_on_register": 0}
    assert list(FeedLine.objects.order_by("id").values_list("amount", flat=True)) == [3600, None]


def test_the_same_file_counts_once_and_another_replaces_it():
    number = id_number_of(PersonFactory())
    data = extract(line(number))
    assert receive(data) == receive(data)
    receive(extract(line(number, status="3")))
    assert FeedLine.objects.get().status == "ended"
    assert Feed.objects.filter(superseded_at__isnull=True).count() == 1


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "columns_missing"),
        (extract(head="a,b,c"), "columns_missing"),
        (extract(), "no_rows"),
        (extract(line("990522197007067264", month="202601")), "no_rows"),
        (extract('"990522'), "truncated"),
    ],
)
def test_a_bad_extract_stores_nothing(data, code):
    with pytest.raises(BadLedger) as refused:
        receive(data)
    assert refused.value.code == code
    assert not Feed.objects.exists()


def found(person, code="willing_jobless", **values):
    return Found(code, "person_day", person.pk, person.pk, VILLAGE, values, "")


def judge(day, *some):
    return record_signals(some, day, at=NOON + (day - DAY))


def test_what_the_first_night_finds_is_the_backlog():
    person = PersonFactory()
    assert judge(DAY, found(person)) == {"willing_jobless": 1}
    assert Case.objects.get().backlog
    assert Signal.objects.get().case == Case.objects.get().pk


def test_after_the_first_night_the_clock_runs():
    close_night(DAY - timedelta(days=1), {}, at=NOON)
    judge(DAY, found(PersonFactory()))
    assert not Case.objects.get().backlog


def test_a_signal_stays_open_and_closes_when_it_is_true_no_more():
    person = PersonFactory()
    judge(DAY, found(person))
    judge(DAY + timedelta(days=1), found(person))
    judge(DAY + timedelta(days=2))
    signal = Signal.objects.get()
    assert (signal.opened_on, signal.closed_on) == (DAY, DAY + timedelta(days=2))
    for days, number in ((-1, 0), (0, 1), (1, 1), (2, 0)):
        assert signals_on("willing_jobless", DAY + timedelta(days=days)).count() == number


def test_a_night_that_is_killed_between_its_parts_goes_on(monkeypatch):
    people = [PersonFactory() for _ in range(5)]
    monkeypatch.setattr(actions, "_PART", 2)
    some = [found(person) for person in people] + [found(people[0], "job_ended_no_next")]
    begun = []

    def killed(openings, **how):
        begun.append(openings)
        if len(begun) == 2:
            raise KeyboardInterrupt
        return open_cases(openings, **how)

    with monkeypatch.context() as patch:
        patch.setattr(actions, "open_cases", killed)
        with pytest.raises(KeyboardInterrupt):
            judge(DAY, *some)
    assert (Signal.objects.count(), Case.objects.count()) == (2, 1)  # both of the first person
    judge(DAY, *some)
    assert (Signal.objects.count(), Case.objects.count(), Cause.objects.count()) == (6, 5, 6)
    assert all(Case.objects.values_list("backlog", flat=True))
    assert not Signal.objects.filter(case=None).exists()


def test_a_finding_opens_no_case():
    judge(DAY, found(PersonFactory(), "insured_but_jobless"))
    assert not Case.objects.exists()
    assert Signal.objects.get().case is None


def test_a_closed_case_is_not_opened_again_the_next_night_but_after_three_months(officer):
    person = PersonFactory()
    close_night(DAY - timedelta(days=1), {}, at=NOON)
    judge(DAY, found(person))
    leave(Case.objects.get(), "moved_out", officer, NOON)
    judge(DAY + timedelta(days=1), found(person))
    assert Case.objects.count() == 1
    judge(DAY + timedelta(days=91), found(person))
    assert Case.objects.filter(closed_at__isnull=True).count() == 1
