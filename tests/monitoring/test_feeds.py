"""Outside lists of every kind: read by their mapping files, compared, replaced; samples; bad lines."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bangfu.audit.models import Entry
from bangfu.intake.failures import BadLedger
from bangfu.intake.long_lists import LIMITS, read_long_list
from bangfu.intake.tables import Columns
from bangfu.monitoring.feed_lines import BadLine
from bangfu.monitoring.feeds import (
    FeedDecidedError,
    bad_lines_to_erase,
    erase_bad_lines,
    hand_out_bad_lines,
    receive_feed,
    reject_feeds,
    release_feeds,
)
from bangfu.monitoring.models import EVERYWHERE, BadFeedLines, Feed, FeedLine, FeedState
from bangfu.monitoring.queries import feeds_about, feeds_in_use, held_feeds
from bangfu.monitoring.rules import feed_kinds
from bangfu.people import known_numbers
from bangfu.people.models import Person
from tests.factories import NOON, VILLAGE, EmployerFactory, JobFactory, PersonFactory, id_number, id_number_of, uscc
from tests.intake.ledger_files import text, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.db]

LISTS = Path(__file__).parents[1] / "lists"
DAY = NOON.date()
JUNE = date(2026, 6, 1)
COUNTY, OTHER = "150522000000", "150521000000"
CELLS = {
    "month": "202606", "uscc": uscc(1), "begins_on": "2026年6月2日", "ends_on": "2026/6/9", "amount": "1,200.50",
    "number": "21", "name": "乌云", "born_on": "1986年2月14日", "sex": "女", "place": VILLAGE,
}  # fmt: skip
VALUES = {"begins_on": date(2026, 6, 2), "ends_on": date(2026, 6, 9), "amount": Decimal("1200.50"), "number": 21}


def receive(code, data, name="x.csv", period=DAY, division=EVERYWHERE, on=DAY):
    return receive_feed(feed_kinds()[code], data, name, period=period, division=division, on=on, by=None, at=NOON)


def insurance(*numbers, month="202606"):
    return text(["AAC002", "AAE003", "AAC031"], *([number, month, "1"] for number in numbers))


@pytest.mark.parametrize("code", sorted(feed_kinds()))
def test_every_mapping_file_reads_a_line_of_its_own(code):
    kind, person = feed_kinds()[code], PersonFactory()
    EmployerFactory(uscc=uscc(1))
    given = {"id_number": id_number_of(person), **CELLS}
    words = {column.field: next(iter(column.codes.items())) for column in kind.columns if column.codes}
    cells = [words[column.field][0] if column.codes else given[column.field] for column in kind.columns]
    data = text([column.headings[0] for column in kind.columns], cells, encoding="gb18030")
    feed = receive(code, data)
    assert (feed.lines, feed.bad, feed.matched, feed.unread) == (1, 0, 1, {})
    line = FeedLine.objects.get()
    assert (line.person if kind.about == "person" else line.uscc) in (person, uscc(1))
    fields = {column.field for column in kind.columns}
    for name, value in VALUES.items():
        assert getattr(line, name) == (value if name in fields else None)
    for name in ("status", "detail"):
        assert getattr(line, name) == (words[name][1] if name in words else "")


def test_the_sample_of_social_insurance_is_a_workbook_with_odd_lines():
    kind = feed_kinds()["social_insurance"]
    data = (LISTS / "social-insurance-2026-06.xlsx").read_bytes()
    columns = Columns(kind.headings, kind.required)
    numbers = read_long_list(data, "x.xlsx", columns, kind.encodings).rows["id_number"].to_list()
    one, odd = (PersonFactory(number=number, born_on=born_on(number)) for number in (numbers[0], numbers[43]))
    feed = receive("social_insurance", data, "x.xlsx")
    assert (feed.lines, feed.bad, feed.matched) == (45, 4, 2)
    assert feed.report == {
        "id_checksum": 1, "other_month": 1, "status_unknown": 1, "id_precision_lost": 1, "not_on_register": 39,
    }  # fmt: skip
    assert feed.unread == {"amount": 1}
    assert [line.row for line in hand_out_bad_lines(feed, by=None, at=NOON)] == ["43", "44", "45", "47"]
    assert set(FeedLine.objects.values_list("person", "status")) == {(one.pk, "paying"), (odd.pk, "paying")}
    assert FeedLine.objects.get(person=odd).amount is None


def born_on(number):
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def test_the_sample_of_business_registration_keeps_units_that_somebody_works_for():
    data = (LISTS / "business-registration-2026-06-30.csv").read_bytes()
    lines = [line.split(",") for line in data.decode("gb18030").splitlines()]
    EmployerFactory(uscc=lines[4][0])
    JobFactory(uscc=lines[8][0])
    feed = receive("business_registration", data)
    assert feed.report == {"uscc_invalid": 1, "status_unknown": 1, "not_on_register": feed.good - 2}
    assert (feed.lines, feed.matched) == (len(lines) - 1, 2)
    told = FeedLine.objects.order_by("ends_on").values_list("uscc", "status", "ends_on", "person")
    assert list(told) == [
        (lines[8][0], "revoked", date(2026, 5, 20), None), (lines[4][0], "cancelled", date(2026, 6, 12), None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ([id_number(3), "202605", "1"], "other_month"),
        ([id_number(3), "六月", "1"], "other_month"),
        ([id_number(3), "", "1"], "other_month"),
        ([id_number(3), "202606", ""], "status_unknown"),
        (["990522198602140014", "202606", "1"], "id_checksum"),
        (["9.90522E+17", "202606", "1"], "id_precision_lost"),
        (["", "202606", "1"], "id_missing"),
    ],
)
def test_a_bad_line_is_counted_kept_sealed_and_erased(cells, reason):
    number = id_number_of(PersonFactory())
    data = text(["AAC002", "AAE003", "AAC031"], cells, [number, "2026-06", "1"])
    feed = receive("social_insurance", data)
    assert (feed.lines, feed.bad, feed.report) == (2, 1, {reason: 1, "not_on_register": 0})
    fields = ("id_number", "month", "status")
    assert hand_out_bad_lines(feed, by=None, at=NOON) == [BadLine("2", reason, dict(zip(fields, cells, strict=True)))]
    assert cells[0].encode() not in BadFeedLines.objects.get().sealed or not cells[0]
    assert not bad_lines_to_erase(DAY).exists()
    assert erase_bad_lines(DAY + timedelta(days=1), rule="feed", at=NOON) == 1
    assert hand_out_bad_lines(feed, by=None, at=NOON) == []
    verbs = list(Entry.objects.order_by("id").values_list("verb", flat=True))
    assert verbs == ["monitoring.feed_received", "monitoring.bad_lines_sent", "monitoring.bad_lines_erased"]


@pytest.mark.parametrize("missing", ["收入额", "身份证号"])
def test_a_required_cell_that_is_missing_makes_a_bad_line(missing):
    number = id_number_of(PersonFactory())
    head, cells = ["身份证号", "税款所属期", "收入额"], {"身份证号": number, "税款所属期": "202606", "收入额": "3000"}
    lines = [[{**cells, missing: said}[name] for name in head] for said in ("", "?")]
    feed = receive("tax_wage", text(head, list(cells.values()), *lines))
    wanted = {"收入额": {"amount_missing": 1, "amount_unreadable": 1}, "身份证号": {"id_missing": 1, "id_checksum": 1}}
    assert feed.report == {**wanted[missing], "not_on_register": 0}


def test_numbers_are_mended_and_another_person_s_number_leads_to_who_stays():
    stays, number = PersonFactory(), "99052219860214001X"
    person = PersonFactory(sequence=0)
    Person.objects.filter(pk=person.pk).update(withdrawn_at=NOON, merged_into=stays)
    withdrawn = PersonFactory()
    Person.objects.filter(pk=withdrawn.pk).update(withdrawn_at=NOON)
    written = f" {id_number_of(person)[:6]} {id_number_of(person)[6:]}’".lower()
    feed = receive("social_insurance", insurance(written, id_number_of(withdrawn), number))
    assert feed.matched == 1
    assert FeedLine.objects.get().person == stays


def test_many_numbers_are_compared_as_few_are(monkeypatch):
    people = [PersonFactory() for _ in range(3)]
    numbers = [*map(id_number_of, people), "990522197007067264", "990522196602140013"]
    few = receive("social_insurance", insurance(*numbers))
    monkeypatch.setattr(known_numbers, "MANY", 1)
    many = receive("social_insurance", insurance(*numbers) + b"\n")
    assert few.matched == many.matched == 3
    assert set(FeedLine.objects.values_list("person", flat=True)) == {person.pk for person in people}


TABLE = [
    ["AAC002", "AAC003", "AAE003", "AAC031"],
    *([f"9905221986021400{n:02d}", "乌云", "202606", "1"] for n in range(9)),
]


@pytest.mark.parametrize(
    "data",
    [
        text(*TABLE),
        b"\xef\xbb\xbf" + text(*TABLE, end="\r\n"),
        text(*TABLE, encoding="gb18030"),
        text(*TABLE, encoding="utf-16"),
        text(*TABLE, delimiter="\t"),
        text(*TABLE, delimiter=";"),
        text(["参保名单"], *TABLE),
        text(*[[*row, "备注, 有"] if at else [*row, "x"] for at, row in enumerate(TABLE)]),
        workbook(("x", TABLE, ())),
    ],
)
def test_a_list_is_read_alike_however_it_is_written(data):
    kind = feed_kinds()["social_insurance"]
    name = "x.xlsx" if data[:2] == b"PK" else "x.csv"
    listed = read_long_list(data, name, Columns(kind.headings, kind.required), kind.encodings)
    names = ["id_number", "month", "status"]
    assert listed.rows.select(names).rows() == [(row[0], *row[2:4]) for row in TABLE[1:]]
    assert listed.headings == {"id_number": "AAC002", "month": "AAE003", "status": "AAC031"}
    first = 3 if data.startswith("参保名单".encode()) else 2
    assert [str(row) for row in listed.rows["_row"]] == [str(row) for row in range(first, first + 9)]


def test_an_encoding_that_the_mapping_file_does_not_name_is_refused():
    kind = feed_kinds()["social_insurance"]
    with pytest.raises(BadLedger) as refused:
        read_long_list(text(*TABLE, encoding="gb18030"), "x.csv", Columns(kind.headings), ["utf-8"])
    assert refused.value.code == "unknown_encoding"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (text(*TABLE, encoding="gb18030")[:-9], "truncated"),
        (b"%PDF-1.7", "wrong_type"),
        (b"PK\x03\x04 none", "truncated"),
        (text(["a", "b", "c"], ["1", "2", "3"]), "columns_missing"),
        (text(["AAC002", "AAC003", "AAC031"], ["1", "2", "3"]), "columns_missing"),
    ],
)
def test_a_list_that_cannot_be_read_says_why(data, code):
    with pytest.raises(BadLedger) as refused:
        receive("social_insurance", data)
    assert refused.value.code == code
    assert not Feed.objects.exists()


def test_a_list_larger_than_one_takes_is_refused():
    kind = feed_kinds()["social_insurance"]
    small = type(LIMITS)(rows=8)
    with pytest.raises(BadLedger) as refused:
        read_long_list(text(*TABLE), "x.csv", Columns(kind.headings), kind.encodings, small)
    assert refused.value.code == "too_large"


def test_a_list_of_a_place_keeps_only_its_people():
    here, away = PersonFactory(), PersonFactory(standing__division="150521100201")
    data = insurance(id_number_of(here), id_number_of(away))
    feed = receive("social_insurance", data, division=COUNTY)
    assert (feed.matched, feed.report) == (1, {"not_on_register": 1})
    assert FeedLine.objects.get().person == here


def test_a_wider_list_replaces_those_inside_and_no_narrower_one_comes_after():
    number = id_number_of(PersonFactory())
    town = f"{VILLAGE[:9]}000"
    for place in (town, OTHER, COUNTY):
        receive("social_insurance", insurance(number), division=place)
    in_use = Feed.objects.filter(superseded_at__isnull=True)
    assert set(in_use.values_list("division", flat=True)) == {OTHER, COUNTY}
    wide = receive("social_insurance", insurance(number) + b"\n")
    assert Feed.objects.get(superseded_at__isnull=True) == wide
    with pytest.raises(BadLedger) as refused:
        receive("social_insurance", insurance(number) + b"\n\n", division=COUNTY)
    assert refused.value.code == "wider_list"


def test_a_month_to_come_is_refused_and_a_day_stands_for_its_month():
    number = id_number_of(PersonFactory())
    with pytest.raises(BadLedger) as refused:
        receive("social_insurance", insurance(number, month="202607"), period=date(2026, 7, 1))
    assert refused.value.code == "period_in_future"
    assert receive("social_insurance", insurance(number), period=DAY).period == JUNE


MAY = date(2026, 5, 1)


def two_months(before, now, division=EVERYWHERE):
    """Lists of so many lines of May and of June; returns that of June."""
    PersonFactory()
    numbers = [id_number(n) for n in range(1, 13)]
    receive("social_insurance", insurance(*numbers[:before], month="202605"), period=MAY, division=division)
    return receive("social_insurance", insurance(*numbers[:now]), division=division)


@pytest.mark.parametrize(
    ("before", "now", "held"), [(3, 2, True), (4, 3, False), (6, 4, True), (7, 5, False), (2, 9, False)]
)
def test_a_list_that_lost_a_third_is_held(before, now, held):
    feed = two_months(before, now)
    assert feed.compared == before
    assert (feed.state, feed.stands_at) == ((FeedState.HELD, None) if held else (FeedState.STANDING, NOON))
    assert held_feeds().exists() is held
    assert feeds_in_use().count() == (1 if held else 2)


def test_bad_lines_do_not_make_a_list_long():
    receive("social_insurance", insurance(*map(id_number, range(1, 4)), month="202605"), period=MAY)
    feed = receive("social_insurance", insurance(id_number(1), id_number(2), "1", "2"))
    assert (feed.lines, feed.good, feed.state) == (4, 2, FeedState.HELD)


def test_the_first_list_and_that_of_another_place_or_kind_are_not_compared():
    assert two_months(9, 9, COUNTY).state == FeedState.STANDING
    number = id_number(1)
    assert receive("social_insurance", insurance(number), division=OTHER).compared is None
    assert receive("tax_wage", text(["身份证号", "税款所属期", "收入额"], [number, "202606", "1"])).compared is None
    april = insurance(number, month="202604")
    assert receive("social_insurance", april, period=date(2026, 4, 1), division=COUNTY).compared is None


def test_a_month_without_a_list_is_leapt_over():
    two_months(6, 6)
    at = date(2026, 8, 31)
    feed = receive("social_insurance", insurance(id_number(1), month="202608"), period=at, on=at)
    assert (feed.compared, feed.state) == (6, FeedState.HELD)
    at = date(2026, 9, 30)
    again = receive("social_insurance", insurance(id_number(1), month="202609"), period=at, on=at)
    assert again.compared == 6  # what was never used is no measure


def test_a_held_list_replaces_nothing_before_it_is_released(officer):
    whole = two_months(9, 9)
    short = receive("social_insurance", insurance(id_number(1), id_number(2)))
    assert (short.state, set(feeds_about(VILLAGE).filter(period=JUNE))) == (FeedState.HELD, {whole})
    release_feeds([short], reason="停产整顿", by=officer, at=NOON)
    short.refresh_from_db()
    whole.refresh_from_db()
    assert (short.state, short.stands_at, short.decided_by, short.reason) == ("standing", NOON, officer, "停产整顿")
    assert whole.superseded_at == NOON
    assert list(feeds_in_use().filter(period=JUNE)) == [short]
    assert not whole.kept.exists()


def test_a_rejected_list_keeps_its_counts_and_nobodys_lines(officer):
    person = PersonFactory()
    two_months(9, 9)
    short = receive("social_insurance", insurance(id_number_of(person)))
    reject_feeds([short], reason="漏报乡镇", by=officer, at=NOON)
    short.refresh_from_db()
    assert (short.state, short.lines, short.matched, short.kept.count()) == ("rejected", 1, 1, 0)
    assert feeds_in_use().count() == 2
    assert receive("social_insurance", insurance(id_number_of(person))) == short  # the same file stays rejected
    better = receive("social_insurance", insurance(*map(id_number, range(1, 10))) + b"\n")
    assert better.state == FeedState.STANDING


def test_a_better_file_takes_the_place_of_one_that_waits():
    short = two_months(9, 2)
    better = receive("social_insurance", insurance(*map(id_number, range(1, 9))))
    short.refresh_from_db()
    assert (better.state, short.superseded_at) == (FeedState.STANDING, NOON)
    assert not held_feeds().exists()


@pytest.mark.parametrize("verb", [release_feeds, reject_feeds])
def test_what_was_decided_is_not_decided_again(officer, verb):
    feed = two_months(9, 2)
    verb([feed], reason="已核", by=officer, at=NOON)
    for other in (release_feeds, reject_feeds):
        with pytest.raises(FeedDecidedError):
            other([feed], reason="已核", by=officer, at=NOON)
    entry = Entry.objects.order_by("id").last()
    wanted = {release_feeds: "monitoring.feed_released", reject_feeds: "monitoring.feed_rejected"}[verb]
    assert (entry.verb, entry.purpose, entry.facts["before"]) == (wanted, "已核", 9)


def test_a_held_list_is_not_released_beside_a_wider_one(officer):
    short = two_months(9, 2, COUNTY)
    receive("social_insurance", insurance(id_number(1)))
    short.refresh_from_db()
    assert short.superseded_at == NOON
    with pytest.raises(FeedDecidedError):
        release_feeds([short], reason="已核", by=officer, at=NOON)
