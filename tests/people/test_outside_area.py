"""A ledger reaches the people of the sender's area only: by the village of the row, and by where the person stands."""

import polars as pl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from bangfu.intake.checked import checked, keep_inside
from bangfu.intake.models import Batch
from bangfu.people.models import Job, Membership
from bangfu.people.register_lookup import RegisterLookup
from tests.factories import VILLAGE, PersonFactory, UserFactory, id_number, id_number_of, uscc
from tests.intake.ledger_files import text

pytestmark = pytest.mark.django_db
TOWN, OTHER_TOWN, OTHER_VILLAGE = "150522202000", "150522100000", "150522100001"
JOBS = ["姓名", "证件号码", "就业状态", "开始时间", "单位名称"]
ROSTER = ["县(市、区)", "乡镇", "行政村", "户编号", "姓名", "证件号码", "性别"]
HOME = ["科尔沁左翼后旗", "散都苏木", "公河来村委会"]
TOWN_OF_HOME = "150522203000"
POSTS = ["单位名称", "统一社会信用代码", "岗位名称", "招聘人数"]


def send(client, division, kind, *rows, role="town_officer"):
    """The batch of a ledger sent by an officer of the division."""
    client.force_login(UserFactory(role=role, division=division))
    file = SimpleUploadedFile("a.csv", text(*rows))
    response = client.post(reverse("intake:list"), {"kind": kind, "file": file})
    assert response.status_code == 302
    return Batch.objects.get(pk=response.url.strip("/").rpartition("/")[2])


def job_row(number, name="乌云"):
    return [name, number, "已就业", "2025-03-01", "合成食品有限公司"]


@pytest.mark.parametrize(
    ("division", "accepted"),
    [(VILLAGE, 1), (TOWN, 1), ("150522000000", 1), ("150522202210", 0), (OTHER_TOWN, 0), ("150502000000", 0)],
)
def test_a_jobs_ledger_reaches_the_people_of_the_area_only(client, division, accepted):
    number = id_number_of(PersonFactory())
    batch = send(client, division, "jobs", JOBS, job_row(number))
    assert batch.rows_accepted == accepted
    assert batch.report["rejected"] == ({} if accepted else {"a.csv!2": ["outside_area"]})
    client.post(reverse("intake:begin", args=[batch.pk]))
    assert Job.objects.count() == accepted


def test_of_a_person_elsewhere_nothing_is_told_but_that(client):
    """Else a ledger of guesses would tell names and jobs of people whom the sender may not see."""
    number = id_number_of(PersonFactory())
    rows = [job_row(number), job_row(number, "白云"), job_row(number), job_row(id_number(999))]
    report = send(client, OTHER_TOWN, "jobs", JOBS, *rows).report
    outside = {f"a.csv!{row}": ["outside_area"] for row in (2, 3, 4)}
    assert report["rejected"] == {**outside, "a.csv!5": ["person_unknown"]}
    assert report["warned"] == {}


@pytest.mark.parametrize("name", ["乌云", "白云"])
def test_a_roster_moves_nobody_out_of_another_area(client, name):
    person = PersonFactory(standing__division=OTHER_VILLAGE)
    row = [*HOME, "990522770001", name, id_number_of(person), "女"]
    batch = send(client, TOWN_OF_HOME, "roster", ROSTER, row)
    assert batch.report["rejected"] == {"a.csv!2": ["outside_area"]}
    client.post(reverse("intake:begin", args=[batch.pk]))
    person.standing.refresh_from_db()
    assert person.standing.division == OTHER_VILLAGE
    assert Membership.objects.filter(person=person).count() == 1


def test_the_county_moves_people_between_its_towns(client):
    person = PersonFactory(standing__division=OTHER_VILLAGE)
    row = [*HOME, "990522770001", "乌云", id_number_of(person), "女"]
    batch = send(client, "150522000000", "roster", ROSTER, row, role="county_officer")
    assert batch.rows_accepted == 1


def test_a_town_registers_its_own_people(client):
    row = [*HOME, "990522770001", "白云", id_number(2), "女"]
    assert send(client, TOWN_OF_HOME, "roster", ROSTER, row).rows_accepted == 1


def test_a_town_cannot_register_people_in_another(client):
    rows = [[*HOME, f"99052277000{at}", "白云", id_number(2 * at), "女"] for at in (1, 2)]
    batch = send(client, OTHER_TOWN, "roster", ROSTER, *rows)
    assert batch.rows_accepted == 0
    assert batch.report["rejected"] == {"a.csv!2": ["outside_area"], "a.csv!3": ["outside_area"]}


def test_vacancies_are_of_no_area(client):
    batch = send(client, OTHER_TOWN, "posts", POSTS, ["合成食品有限公司", uscc(7), "包装工", "5"])
    assert batch.rows_accepted == 1


def test_where_people_stand_is_found_by_number():
    person = PersonFactory(standing__division=OTHER_VILLAGE)
    number = id_number_of(person)
    assert RegisterLookup().divisions([number, id_number(999)]) == {number: OTHER_VILLAGE}
    assert RegisterLookup().divisions([]) == {}


def test_a_check_without_places_and_persons_stays_as_it_is():
    whole = checked(pl.DataFrame({"row": ["a.csv!2"]}), [])
    assert keep_inside(whole, [("150522000000", "150523000000")]) is whole


def test_an_officer_who_moved_leaves_the_uploads_behind(client):
    number = id_number_of(PersonFactory())
    batch = send(client, TOWN, "jobs", JOBS, job_row(number, "白云"))
    page = reverse("intake:batch", args=[batch.pk])
    assert client.get(page).status_code == 200
    batch.by.duties.update(division=OTHER_TOWN)
    assert client.get(page).status_code == 404
    assert client.get(reverse("intake:failed-rows", args=[batch.pk])).status_code == 404
    assert not client.get(reverse("intake:list")).context["lines"]
