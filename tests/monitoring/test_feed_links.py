"""Lists without ID numbers: who is found, who is put before an officer, and what becomes of the decision."""

from datetime import date, timedelta

import pytest

from bangfu.audit.models import Entry
from bangfu.core.sealing import CannotOpen
from bangfu.intake.failures import BadLedger
from bangfu.monitoring.feed_reviews import (
    LineDecidedError,
    accept_candidates,
    cells_of,
    erase_unsure,
    reject_lines,
    reopen_lines,
    unsure_to_erase,
)
from bangfu.monitoring.feed_words import explain_feed
from bangfu.monitoring.feeds import receive_feed, reject_feeds
from bangfu.monitoring.line_models import LineState
from bangfu.monitoring.models import EVERYWHERE, Feed, FeedLine, FeedState, LineCandidate, UnsureLine
from bangfu.monitoring.rules import feed_kinds
from bangfu.people.merging import merge_people, unmerge_people
from bangfu.people.models import Person
from bangfu.people.names import sounds_of
from tests.factories import NOON, VILLAGE, PersonFactory, id_number, id_number_of
from tests.intake.ledger_files import text

pytestmark = [pytest.mark.django_db, pytest.mark.db]

DAY = NOON.date()
COUNTY = "150522000000"
HEAD = ["姓名", "性别", "出生日期", "户籍地址", "死亡日期"]
WUYUN, BORN = "乌云其木格", date(1986, 2, 14)


def person(name=WUYUN, born_on=BORN, **more):
    sound, initials = sounds_of(name)
    return PersonFactory(name=name, name_pinyin=sound, name_initials=initials, born_on=born_on, **more)


def line(name=WUYUN, born="1986-02-14", place=VILLAGE, sex="女", died="2026-06-09"):
    return [name, sex, born, place, died]


def receive(*lines, head=HEAD, code="death", division=COUNTY, on=DAY, period=DAY, end="\n"):
    data = text(head, *lines, end=end)
    return receive_feed(feed_kinds()[code], data, "x.csv", period=period, division=division, on=on, by=None, at=NOON)


def counts(feed):
    feed.refresh_from_db()
    return feed.matched, feed.linked, feed.unsure, feed.bad, feed.report["not_on_register"]


def unsure(feed, **more):
    """A line of the feed that waits, and its candidates, the likeliest first."""
    waiting = UnsureLine.objects.get(feed=feed, **more)
    return waiting, list(waiting.candidates.order_by("-likelihood", "person"))


@pytest.mark.parametrize("born", ["1986-02-14", "19860214", "1986年2月14日", "1986/2/14"])
def test_a_line_is_kept_of_whom_it_names(born):
    here = person()
    person("巴特尔")
    feed = receive(line(born=born), line("斯琴", "1950-01-01"))
    assert counts(feed) == (1, 1, 0, 0, 1)
    kept = FeedLine.objects.get()
    assert (kept.person, kept.ends_on) == (here, date(2026, 6, 9))


def test_the_number_comes_first_and_the_name_only_where_there_is_none():
    by_number, by_name = person("巴特尔", date(1970, 1, 1)), person()
    head = ["身份证号", *HEAD]
    strange = id_number(990, BORN)
    feed = receive(
        [id_number_of(by_number), *line()], ["", *line()], [strange, *line()], ["", *line("", "1986-02-14")], head=head
    )
    assert counts(feed) == (2, 1, 0, 1, 1)  # a sound number of nobody known is of somebody else, whatever the name
    assert feed.report["id_missing"] == 1
    assert set(FeedLine.objects.values_list("person", flat=True)) == {by_number.pk, by_name.pk}


def test_a_wrong_number_asks_an_officer_however_well_the_name_fits():
    person()
    number = "990522198602140014"
    feed = receive([number, *line()], head=["身份证号", *HEAD])
    assert counts(feed) == (0, 0, 1, 0, 0)
    waiting, (candidate,) = unsure(feed)
    assert candidate.likelihood >= 990
    assert cells_of([waiting])[0]["id_number"] == number


def test_who_is_in_the_list_by_number_gets_no_second_line_unasked():
    here = person()
    feed = receive([id_number_of(here), *line()], ["", *line()], head=["身份证号", *HEAD])
    assert counts(feed) == (1, 0, 1, 0, 0)


def test_two_who_fit_alike_are_put_before_an_officer_with_why():
    both = sorted(person().pk for _ in range(2))
    feed = receive(line(place="", sex=""))
    assert counts(feed) == (0, 0, 1, 0, 0)
    waiting, candidates = unsure(feed)
    assert (waiting.row, waiting.ends_on, waiting.state) == ("2", date(2026, 6, 9), LineState.OPEN)
    assert [one.person_id for one in candidates] == both
    assert [one.likelihood for one in candidates] == [500, 500]
    assert candidates[0].reasons == {"name": "same", "born": "same", "place": "unknown", "sex": "unknown"}
    assert not FeedLine.objects.exists()


def test_only_people_of_the_place_are_looked_for():
    person(standing__division="150521100201")
    assert counts(receive(line())) == (0, 0, 0, 0, 1)
    assert counts(receive(line(), division=EVERYWHERE)) == (1, 1, 0, 0, 0)


def test_several_lines_of_one_person_are_all_kept():
    person()
    feed = receive(line(), line(died="2026-06-10"))
    assert counts(feed) == (2, 2, 0, 0, 0)


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (line(name=""), "name_missing"),
        (line(name="乌云1"), "name_unreadable"),
        (line(born=""), "born_on_missing"),
        (line(born="1986-02"), "born_on_unreadable"),
        (line(born="2026-07-01"), "born_on_unreadable"),
        (line(died=""), "ends_on_missing"),
    ],
)
def test_a_line_that_names_nobody_is_a_bad_one(cells, reason):
    person()
    feed = receive(line(), cells)
    assert feed.report == {reason: 1, "not_on_register": 0}


@pytest.mark.parametrize(
    ("head", "code"),
    [
        (["姓名", "性别", "死亡日期"], "people_unnamed"),
        (["姓名", "出生日期", "性别"], "columns_missing"),
        (["a", "b", "c"], "columns_missing"),
    ],
)
def test_a_list_that_names_nobody_is_refused(head, code):
    kind = feed_kinds()["death"]
    with pytest.raises(BadLedger) as refused:
        receive(["乌云", "1986-02-14", "2026-06-09"], head=head)
    assert refused.value.code == code
    assert "%" not in explain_feed(refused.value, kind)
    assert not Feed.objects.exists()


def test_what_is_kept_of_an_unsure_line_is_sealed_and_bound():
    person(), person()
    waiting, _ = unsure(receive(line()))
    assert WUYUN.encode() not in bytes(waiting.sealed)
    assert cells_of([waiting])[0] == dict(zip(("name", "sex", "born_on", "place"), line()[:4], strict=True))
    waiting.pk += 1
    with pytest.raises(CannotOpen):
        cells_of([waiting])


def test_an_accepted_line_is_kept_of_the_person_and_the_other_falls_away(officer):
    person(), person()
    feed = receive(line())
    waiting, (one, other) = unsure(feed)
    accept_candidates([other], by=officer, at=NOON)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.decided_by, waiting.decided_at) == (LineState.ACCEPTED, officer, NOON)
    kept = FeedLine.objects.get()
    assert (kept.person_id, kept.feed, kept.ends_on) == (other.person_id, feed, date(2026, 6, 9))
    assert counts(feed) == (1, 1, 1, 0, 0)
    entry = Entry.objects.order_by("id").last()
    assert (entry.verb, entry.facts) == ("monitoring.line_accepted", {"feed": feed.pk})
    for again in (
        lambda: accept_candidates([one], by=officer, at=NOON),
        lambda: reject_lines([waiting], by=officer, at=NOON),
    ):
        with pytest.raises(LineDecidedError):
            again()
    assert FeedLine.objects.count() == 1


def test_a_rejected_line_counts_as_of_nobody_known(officer):
    person(), person()
    feed = receive(line())
    waiting, _ = unsure(feed)
    reject_lines([waiting], by=officer, at=NOON)
    assert counts(feed) == (0, 0, 1, 0, 1)
    assert not FeedLine.objects.exists()
    assert Entry.objects.order_by("id").last().verb == "monitoring.line_rejected"


@pytest.mark.parametrize("is_accepted", [True, False])
def test_a_decision_is_taken_back_exactly(officer, is_accepted):
    person(), person()
    feed = receive(line())
    waiting, (one, other) = unsure(feed)
    before = counts(feed)
    with pytest.raises(LineDecidedError):
        reopen_lines([waiting], by=officer, at=NOON)
    if is_accepted:
        accept_candidates([one], by=officer, at=NOON)
    else:
        reject_lines([waiting], by=officer, at=NOON)
    reopen_lines([waiting], by=officer, at=NOON)
    assert (counts(feed), FeedLine.objects.count()) == (before, 0)
    again, candidates = unsure(feed, state=LineState.OPEN, person=None, decided_by=None, kept=None)
    assert (again, candidates) == (waiting, [one, other])
    assert Entry.objects.order_by("id").last().verb == "monitoring.line_reopened"
    accept_candidates([other], by=officer, at=NOON)
    assert FeedLine.objects.get().person_id == other.person_id


def test_of_several_lines_none_is_decided_when_one_cannot_be(officer):
    person(), person()
    feed = receive(line(), line(place=""))
    first, second = UnsureLine.objects.order_by("row")
    reject_lines([second], by=officer, at=NOON)
    with pytest.raises(LineDecidedError):
        reject_lines([first, second], by=officer, at=NOON)
    with pytest.raises(LineDecidedError):
        accept_candidates(list(first.candidates.all()), by=officer, at=NOON)  # two persons for one line
    first.refresh_from_db()
    assert (first.state, counts(feed)[4]) == (LineState.OPEN, 1)


def test_a_person_who_left_the_register_is_not_accepted(officer):
    person(), person()
    _, (one, _other) = unsure(receive(line()))
    Person.objects.filter(pk=one.person_id).update(withdrawn_at=NOON)
    with pytest.raises(LineDecidedError):
        accept_candidates([one], by=officer, at=NOON)
    assert not FeedLine.objects.exists()


def test_a_replaced_list_takes_its_unsure_lines_along(officer):
    person(), person()
    waiting, (one, _other) = unsure(receive(line()))
    again = receive(line(), end="\r\n")
    assert UnsureLine.objects.get().feed == again
    with pytest.raises(LineDecidedError):
        accept_candidates([one], by=officer, at=NOON)
    with pytest.raises(LineDecidedError):
        reject_lines([waiting], by=officer, at=NOON)


def test_a_rejected_list_takes_its_unsure_lines_along(officer):
    person(), person()
    receive(*[line("斯琴", f"195{year}-01-01") for year in range(4)], period=date(2026, 5, 31))
    feed = receive(line())
    assert (feed.state, UnsureLine.objects.count()) == (FeedState.HELD, 1)
    reject_feeds([feed], reason="漏报乡镇", by=officer, at=NOON)
    assert not LineCandidate.objects.exists()


def test_two_candidates_that_are_made_one_person_stay_one_choice(officer):
    first, second = person(), person()
    waiting, _ = unsure(receive(line()))
    merge = merge_people(first.pk, second.pk, reason="同一人", by=officer, at=NOON)
    there = waiting.candidates.filter(person__withdrawn_at__isnull=True)
    assert [one.person for one in there] == [first]
    unmerge_people(merge.pk, by=officer, at=NOON)
    assert there.all().count() == 2


def test_unsure_lines_are_erased_with_the_bad_ones_and_counted():
    person(), person()
    feed = receive(line())
    assert not unsure_to_erase(DAY).exists()
    assert erase_unsure(DAY + timedelta(days=1), rule="feed", at=NOON) == 1
    assert not LineCandidate.objects.exists()
    feed.refresh_from_db()
    assert feed.report == {"not_on_register": 0, "not_reviewed": 1}
    assert Entry.objects.order_by("id").last().verb == "monitoring.unsure_lines_erased"


@pytest.mark.parametrize("code", sorted(code for code, kind in feed_kinds().items() if kind.may_link))
def test_every_kind_that_may_come_without_numbers_does(code):
    person()
    kind = feed_kinds()[code]
    cells = {
        "name": WUYUN,
        "born_on": "1986-02-14",
        "sex": "女",
        "place": VILLAGE,
        "month": "202606",
        "ends_on": "2026-06-02",
    }
    columns = [column for column in kind.columns if column.field != "id_number"]
    said = [next(iter(column.codes), cells.get(column.field, "")) for column in columns]
    feed = receive(said, head=[column.headings[0] for column in columns], code=code)
    assert counts(feed)[:3] == (1, 1, 0)


def test_the_kinds_in_which_lists_come_without_numbers():
    linked = {code for code, kind in feed_kinds().items() if kind.may_link}
    assert linked == {
        "living_allowance", "disability", "workshop_roster", "school", "death", "employment_registration",
    }  # fmt: skip
