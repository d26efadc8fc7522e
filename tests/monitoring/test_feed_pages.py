"""Pages of outside lists: what came, what is late, sending one in, deciding, the file of bad lines."""

import io
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from bangfu.core.keys import new_key
from bangfu.core.retirement import add_months
from bangfu.monitoring.feed_lists import due_on, kind_lines, next_period
from bangfu.monitoring.models import EVERYWHERE, Feed, FeedLine, FeedState
from bangfu.monitoring.rules import feed_kinds
from tests.factories import NOON, PersonFactory, UserFactory, id_number, id_number_of
from tests.intake.ledger_files import text

pytestmark = pytest.mark.django_db

COUNTY = "150522000000"
HEAD = ["身份证号", "死亡日期", "信息来源"]
LIST = reverse("monitoring:feeds")


def row(kind="social_insurance", period=date(2026, 5, 1), division=COUNTY, state=FeedState.STANDING, **more):
    return Feed.objects.create(
        pk=new_key(), kind=kind, period=period, division=division, file_hash="", received_on=NOON.date(),
        received_at=NOON, lines=9, matched=4, report={}, state=state, stands_at=NOON, **more,
    )  # fmt: skip


def send(client, data, name="名单.csv", kind="death", period="2026-05-31"):
    file = SimpleUploadedFile(name, data)
    return client.post(LIST, {"kind": kind, "period": period, "file": file})


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_pages_render_in_both_languages(client, officer, language):
    held = row(state=FeedState.HELD, compared=20, bad=2, unread={"amount": 1})
    held.report = {"other_month": 1, "id_checksum": 1, "status_unknown": 1, "amount_missing": 2, "x_unreadable": 1}
    held.save()
    client.force_login(officer)
    client.cookies["django_language"] = language
    assert client.get(LIST).status_code == 200
    assert client.get(reverse("monitoring:feed", args=[held.pk])).status_code == 200
    assert client.get(reverse("monitoring:feed", args=[row(kind="gone").pk])).status_code == 200


def test_a_list_costs_the_same_for_1_and_25_rows(client, officer):
    client.force_login(officer)
    counts = []
    for number in (1, 24):
        for at in range(number):
            month = add_months(date(2026, 5, 1), -at - number)
            row(period=month)
            row(period=month, kind="tax_wage", state=FeedState.HELD, compared=30)
        client.get(LIST)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(LIST).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_an_officer_sends_a_list_of_the_own_place(client, officer):
    here, away = PersonFactory(), PersonFactory(standing__division="150521100201")
    client.force_login(officer)
    lines = [[id_number_of(one), "2026-05-09", "医院"] for one in (here, away)]
    sent = send(client, text(HEAD, *lines, ["?", "2026-05-09", "医院"], encoding="gb18030"))
    feed = Feed.objects.get()
    assert (sent.status_code, sent.url) == (302, reverse("monitoring:feed", args=[feed.pk]))
    assert (feed.division, feed.by, feed.file_name, feed.matched, feed.bad) == (COUNTY, officer, "名单.csv", 1, 1)
    assert FeedLine.objects.get().person == here
    page = client.get(sent.url).content.decode()
    assert "不保存" in page
    assert id_number_of(here) not in page
    again = send(client, text(HEAD, *lines, ["?", "2026-05-09", "医院"], encoding="gb18030"))
    assert again.url == sent.url
    assert Feed.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "name", "kind", "period", "words"),
    [
        (text(["a", "b", "c"], ["1", "2", "3"]), "x.csv", "death", "2026-05-31", "身份证号、死亡日期"),
        (text(HEAD, ["1", "2", "3"]), "x.csv", "death", "2026-05-31", "1 × "),
        (b"PK\x03\x04", "x.xlsx", "death", "2026-05-31", "损坏"),
        (text(HEAD, ["1", "2", "3"]), "x.xlsx", "death", "2026-05-31", "xlsx"),
        (text(HEAD), "x.csv", "death", "2026-05-31", "没有数据行"),
        (text(HEAD), "x.csv", "none", "2026-05-31", "none"),
        (text(HEAD), "x.csv", "death", "2026-13-31", ""),
        (text(HEAD), "x.csv", "death", "2999-01-01", "今天之后"),
        (b"", "x.csv", "death", "2026-05-31", "身份证号、死亡日期"),
    ],
)
def test_a_file_that_cannot_be_used_says_why_and_stores_nothing(client, officer, data, name, kind, period, words):
    client.force_login(officer)
    answer = send(client, data, name, kind, period)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Feed.objects.exists()


def test_a_supervisor_looks_and_sends_nothing(client):
    feed = row(state=FeedState.HELD, compared=30)
    client.force_login(UserFactory(role="supervisor"))
    page = client.get(LIST).content.decode()
    assert 'type="file"' not in page
    assert "9" in page
    assert send(client, text(HEAD, [id_number(1), "2026-05-09", "医院"])).status_code == 403
    assert client.get(reverse("monitoring:feed", args=[feed.pk])).status_code == 200
    for name in ("decide-feed", "bad-lines"):
        url = reverse(f"monitoring:{name}", args=[feed.pk])
        asked = client.post(url, {"decision": "release", "reason": "x"}) if name == "decide-feed" else client.get(url)
        assert asked.status_code == 403


@pytest.mark.parametrize(("decision", "state"), [("release", "standing"), ("reject", "rejected")])
def test_a_held_list_is_decided_with_a_reason(client, officer, decision, state):
    feed = row(state=FeedState.HELD, compared=30)
    client.force_login(officer)
    url, page = reverse("monitoring:decide-feed", args=[feed.pk]), reverse("monitoring:feed", args=[feed.pk])
    assert client.post(url, {"decision": decision, "reason": " "}).status_code == 422
    assert client.post(url, {"decision": "x", "reason": "已核"}).status_code == 422
    assert 'name="decision"' in client.get(page).content.decode()
    assert client.post(url, {"decision": decision, "reason": "来源已确认"}).url == page
    feed.refresh_from_db()
    assert (feed.state, feed.reason, feed.decided_by) == (state, "来源已确认", officer)
    shown = client.get(page).content.decode()
    assert "来源已确认" in shown
    assert 'name="decision"' not in shown
    answer = client.post(url, {"decision": decision, "reason": "再来"}, follow=True)
    assert "未作处理" in answer.content.decode()


def test_the_file_of_bad_lines_names_the_line_and_why(client, officer):
    client.force_login(officer)
    odd = [["=1+1", "2026-05-09", "医院"], [id_number(1), "?", "医院"]]
    send(client, text(HEAD, [id_number(3), "2026-05-09", "医院"], *odd))
    feed = Feed.objects.get()
    answer = client.get(reverse("monitoring:bad-lines", args=[feed.pk]))
    assert answer["Content-Disposition"] == f'attachment; filename="bad-lines-{feed.pk}.xlsx"'
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert rows[0] == ["行", *HEAD, "原因"]
    assert [line[:3] for line in rows[1:]] == [["3", *odd[0][:2]], ["4", *odd[1][:2]]]
    assert all(line[4] for line in rows[1:])


@pytest.mark.parametrize(
    ("kind", "period", "following", "due"),
    [
        ("social_insurance", date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 15)),
        ("social_insurance", date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 15)),
        ("medical_expense", date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 5)),
        ("business_registration", date(2026, 5, 31), date(2026, 6, 1), date(2026, 7, 10)),
        ("disability", date(2026, 3, 31), date(2026, 6, 1), date(2026, 7, 15)),
        ("school", date(2026, 1, 31), date(2026, 7, 1), date(2026, 8, 30)),
    ],
)
def test_when_the_next_list_is_expected(kind, period, following, due):
    kind = feed_kinds()[kind]
    assert next_period(kind, period) == following
    assert due_on(kind, following) == due


def test_a_list_is_late_from_the_day_after(officer):
    row(period=date(2026, 5, 1))
    row(kind="tax_wage", period=date(2026, 5, 1), division=EVERYWHERE)
    row(kind="death", period=date(2026, 5, 1), division="150521000000")

    def line(code, day):
        return next(one for one in kind_lines(officer, COUNTY, day) if one.kind.code == code)

    last = date(2026, 7, 15)
    assert not line("social_insurance", last).is_late
    late = line("social_insurance", last + timedelta(days=1))
    assert (late.is_late, late.days_late, late.next_period, late.due_on) == (True, 1, "2026-06", last)
    assert kind_lines(officer, COUNTY, last + timedelta(days=1))[0] == late
    assert line("tax_wage", last).last is not None  # of a wider place: it holds this one too
    assert line("death", last).last is None
    assert line("death", timezone.localdate()).is_late is False
