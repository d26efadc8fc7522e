"""The clearing board: what each place has open, overdue and cleared; every number is that of its list."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bangfu.cases.actions import close_cases
from bangfu.cases.models import Case
from bangfu.people.models import Standing
from tests.factories import UserFactory
from tests.home.situations import leave, open_case

BOARD = "/board/"
NEAR, FAR = "150522202211", "150522101201"


@pytest.fixture
def cases(officer):
    """In one town three open cases, of them one of the backlog and one late, two closed now and one in a month before,
    whose follow-up is late; in another one open."""
    now = timezone.now()
    mine = [open_case(officer, division=NEAR) for _ in range(6)]
    far = open_case(officer, division=FAR)
    Case.objects.filter(pk=mine[0].pk).update(backlog=True)
    Standing.objects.filter(person=mine[1].person).update(due_at=now - timedelta(hours=1))
    close_cases({mine[3].pk: "employed"}, by=officer, at=now)
    leave(mine[4], "no_will", officer, now)
    before = timezone.localtime(now).replace(day=1, hour=0, minute=0) - timedelta(days=40)
    close_cases({mine[5].pk: "employed"}, by=officer, at=before)
    return [*mine, far]


def rows_on(client, **given):
    page = client.get(BOARD, given)
    assert page.status_code == 200
    return {row.code: row for row in page.context["rows"]}, page


@pytest.mark.django_db
def test_each_number_is_that_of_its_list(client, officer, cases):
    client.force_login(officer)
    rows, page = rows_on(client)
    near, far, whole = rows["150522202000"], rows["150522101000"], page.context["whole"]
    assert (near.open, near.backlog, near.overdue, near.closed, near.rate) == (3, 1, 2, 2, 40.0)
    assert (far.open, far.backlog, far.closed, far.rate) == (1, 0, 0, 0.0)
    assert (whole.open, whole.overdue, whole.closed) == (4, 2, 2)
    month = f"{timezone.localdate():%Y-%m}"
    for number, address in (
        (near.open, f"/cases/?division={near.code}"),
        (near.backlog, f"/cases/?division={near.code}&backlog=1"),
        (near.closed, f"/cases/?division={near.code}&state=closed&month={month}"),
        (near.overdue, f"/?division={near.code}&due=overdue"),
    ):
        assert address.replace("&", "&amp;") in page.content.decode()
        assert len(client.get(address).context["lines"]) == number


@pytest.mark.django_db
def test_a_town_shows_its_villages_and_a_village_itself(client, officer, cases):
    client.force_login(officer)
    rows, _ = rows_on(client, division="150522202000")
    assert rows[NEAR].open == 3
    assert sum(row.open for row in rows.values()) == 3
    client.force_login(UserFactory(role="village_officer", division=NEAR))
    rows, _page = rows_on(client)
    assert list(rows) == [NEAR]
    assert (rows[NEAR].open, rows[NEAR].past_work) == (3, None)
    assert client.get(BOARD, {"division": "150522202000"}).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("month", ["2026-13", "x", "", "1999-01", "٢٠٢٦-01"])
def test_what_is_no_month_is_not_chosen(client, officer, cases, month):
    client.force_login(officer)
    assert len(client.get("/cases/", {"state": "closed", "month": month}).context["lines"]) == 3


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_nothing_to_clear_is_a_dash(client, officer, language):
    client.force_login(officer)
    client.cookies["django_language"] = language
    rows, page = rows_on(client)
    assert all(row.rate is None for row in rows.values())
    assert "—" in page.content.decode()


@pytest.mark.django_db
def test_the_board_asks_as_much_for_many(client, officer):
    client.force_login(officer)
    counts = []
    for many in (1, 24):
        for _ in range(many):
            open_case(officer, division=NEAR)
        client.get(BOARD)
        with CaptureQueriesContext(connection) as asked:
            client.get(BOARD)
        counts.append(len(asked))
    assert counts[0] == counts[1]
