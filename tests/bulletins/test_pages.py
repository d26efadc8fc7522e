"""Pages of the monthly bulletin, over the snapshot of a small register."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bangfu.bulletins import queries
from bangfu.bulletins.actions import set_target
from bangfu.bulletins.behind import key_page
from bangfu.bulletins.charts import BOTTOM, TOP, line_chart
from bangfu.bulletins.forms import read_division, read_month
from bangfu.divisions.models import Division
from bangfu.monitoring.actions import publish_lake
from tests.factories import JobFactory, PersonFactory, UserFactory

COUNTY, OTHER = "150522000000", "150502000000"
MONTH = date(2026, 6, 1)
NIGHT = date(2026, 6, 30)


@pytest.fixture
def tree(lake):
    """The county and a town of it: a test that commits leaves the tables empty for the next."""
    for code, name, level in ((COUNTY, "科尔沁左翼后旗", 3), ("150522202000", "阿都沁苏木", 4)):
        columns = {"name": name, "level": level, "valid_from": "2000-01-01"}
        Division.objects.update_or_create(code=code, defaults=columns)
    return lake


@pytest.fixture
def night(tree, officer):
    """Three persons, two of them at work, as of the night of 30 June 2026."""
    people = [PersonFactory() for _ in range(3)]
    for person in people[:2]:
        JobFactory(person=person)
    set_target(COUNTY, 2026, "I2", 4, source="x", by=officer, at=timezone.now())
    publish_lake(NIGHT, at=timezone.now())
    return people


def month_of(client, **given):
    return client.get(reverse("bulletins:month"), {"division": COUNTY, "month": "2026-06", **given})


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_month_renders_in_both_languages_and_its_paper_in_chinese(client, night, officer, language):
    client.force_login(officer)
    client.cookies["django_language"] = language
    page = month_of(client).content.decode()
    assert "就业帮扶工作月通报" in page
    assert "全旗务工就业2人，完成年度目标任务4人的50.0%，与时序进度持平" in page
    for part in ("history", "ranking"):
        given = {"division": COUNTY, "month": "2026-06"}
        assert client.get(reverse(f"bulletins:{part}"), given).status_code == 200
    assert '<svg class="plot"' in month_of(client).content.decode()  # what is kept stands on the page at once


def test_the_json_is_what_the_console_prints(client, night, officer):
    client.force_login(officer)
    answer = client.get(reverse("bulletins:json"), {"division": "150522", "month": "2026-06"}).json()
    assert answer == queries.bulletin(COUNTY, MONTH).as_json()
    assert answer["figures"]["I2"] == {"value": 50.0, "numerator": 2, "denominator": 4, "unknown": 0}


def test_a_month_that_runs_is_counted_as_of_its_last_night(client, tree, officer):
    """Whose job ends next week is at work today; so say the figure, its rows and the day beside them."""
    job = JobFactory(valid_to=date(2026, 6, 24))
    publish_lake(date(2026, 6, 17), at=timezone.now())
    client.force_login(officer)
    answer = client.get(reverse("bulletins:json"), {"division": COUNTY, "month": "2026-06"}).json()
    assert (answer["as_of"], answer["figures"]["I1"]["value"]) == ("2026-06-17", 1)
    assert queries.rows_behind("I1", COUNTY, MONTH, "numerator") == [job.person_id]
    assert queries.history(COUNTY, MONTH)[-1] == (MONTH, 1)
    rows = client.get(reverse("bulletins:rows", args=["I1"]), {"division": COUNTY, "month": "2026-06"})
    assert "2026-06-17" in rows.content.decode()
    publish_lake(NIGHT, at=timezone.now())
    assert queries.bulletin(COUNTY, MONTH).figures["I1"].value == 0


@pytest.mark.parametrize("name", ["month", "json", "history", "ranking"])
def test_another_division_is_missing(client, night, stranger, name):
    client.force_login(stranger)
    assert client.get(reverse(f"bulletins:{name}"), {"division": COUNTY, "month": "2026-06"}).status_code == 404


@pytest.mark.parametrize("given", [{"division": "x"}, {"division": "150522x"}, {"month": "2026-13"}, {"month": "2026"}])
def test_what_is_no_division_or_month_is_missing(client, night, officer, given):
    client.force_login(officer)
    assert month_of(client, **given).status_code == 404


def test_without_a_night_the_page_says_what_to_do(client, tree, officer):
    client.force_login(officer)
    page = month_of(client)
    assert page.status_code == 200
    assert "bangfu nightly" in page.content.decode()
    assert client.get(reverse("bulletins:json"), {"month": "2026-06"}).status_code == 404


@pytest.mark.parametrize(
    ("code", "part", "rows"),
    [("I1", "numerator", 2), ("I5", "denominator", 3), ("I1", "denominator", 0), ("I17", "numerator", 1)],
)
def test_each_number_opens_its_rows(client, night, officer, code, part, rows):
    client.force_login(officer)
    url = reverse("bulletins:rows", args=[code])
    page = client.get(url, {"division": COUNTY, "month": "2026-06", "part": part})
    figure = queries.bulletin(COUNTY, MONTH).figures[code]
    assert page.context["total"] == (getattr(figure, part) or 0)
    assert len(page.context["lines"]) == page.context["total"]


def test_rows_stay_inside_the_readers_division(client, night, officer, stranger):
    url = reverse("bulletins:rows", args=["I1"])
    client.force_login(stranger)
    assert client.get(url, {"division": COUNTY, "month": "2026-06"}).status_code == 404
    person = night[0].standing
    person.division = "150502100001"
    person.save()
    client.force_login(officer)
    page = client.get(url, {"division": COUNTY, "month": "2026-06"})
    assert (page.context["total"], len(page.context["lines"]), page.context["gone"]) == (2, 1, 1)


@pytest.mark.parametrize(("code", "part"), [("I2", "numerator"), ("nothing", "numerator"), ("I1", "everything")])
def test_rows_of_what_is_no_figure_are_missing(client, night, officer, code, part):
    client.force_login(officer)
    page = client.get(reverse("bulletins:rows", args=[code]), {"division": COUNTY, "month": "2026-06", "part": part})
    assert page.status_code == 404


def test_rows_cost_the_same_for_1_and_25(client, tree, officer):
    client.force_login(officer)
    counts = []
    for number in (1, 24):
        for _ in range(number):
            JobFactory(person=PersonFactory())
        publish_lake(NIGHT, at=timezone.now())
        with CaptureQueriesContext(connection) as asked:
            page = client.get(reverse("bulletins:rows", args=["I1"]), {"division": COUNTY, "month": "2026-06"})
        counts.append(len(asked))
    assert len(page.context["lines"]) == 25  # so a night run again is not answered from what was kept
    assert counts[0] == counts[1]


def test_a_village_officer_reads_the_own_village(client, night):
    client.force_login(UserFactory(role="village_officer", division="150522202211"))
    page = client.get(reverse("bulletins:month"), {"month": "2026-06"})
    assert page.context["base"].numerator == 2


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("", date(2026, 5, 1)),
        ("2026-06", date(2026, 6, 1)),
        ("2026-07", None),
        ("2000-01", date(2000, 1, 1)),
        ("1999-12", None),
    ],
)
def test_which_month(text, month):
    if month is None:
        with pytest.raises(Http404):
            read_month(text, NIGHT)
    else:
        assert read_month(text, NIGHT) == month


@pytest.mark.parametrize(("text", "code"), [("", ""), ("15", "150000000000"), ("150522", COUNTY), (COUNTY, COUNTY)])
def test_which_division(text, code):
    assert read_division(text) == code


def test_months_go_back_over_the_year():
    assert queries.months_back(date(2026, 2, 28), 3) == [date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]


@pytest.mark.parametrize(
    ("after", "rows", "more"),
    [("", 25, True), ("25", 5, False), ("30", 0, False), ("x", 25, True), ("٣", 25, True), ("9" * 30, 25, True)],
)
def test_pages_of_keys(after, rows, more):
    page = key_page(list(range(1, 31)), after)
    assert (len(page.rows), bool(page.next)) == (rows, more)


@pytest.mark.parametrize("numbers", [(5, 5), (0, 1), (15205, 15369), (1, 1_000_000)])
def test_a_chart_stays_inside_its_frame(numbers):
    rows = [(date(2026, month, 1), number) for month, number in enumerate(numbers, start=1)]
    chart = line_chart(rows, numbers[0])
    places = [Decimal(point.y) for point in chart.points] + [Decimal(y) for y, _words in chart.ticks]
    assert min(places) >= TOP
    assert max(places) <= BOTTOM
    assert line_chart(rows[:1], None) is None
