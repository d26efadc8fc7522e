"""The monthly work round: who is asked, what each answer records, confirming at once, scope and cost."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from bangfu.audit.models import Entry
from bangfu.core.keys import new_key
from bangfu.core.retirement import add_months
from bangfu.people.models import Job, Joblessness, Standing, WorkAnswer
from tests.factories import VILLAGE, JobFactory, PersonFactory, UserFactory

pytestmark = pytest.mark.django_db
ROUND = "/people/work-round/"
OTHER_VILLAGE = "150522101201"


def at_work(**standing):
    person = PersonFactory(standing__work_status="at_work", **{f"standing__{k}": v for k, v in standing.items()})
    JobFactory(person=person, spell=new_key())
    return person


def send(client, person, answer, *, headers=None, **said):
    said = {"month": f"{timezone.localdate():%Y-%m}", "client_key": str(uuid4()), **said}
    return client.post(
        reverse("people:work-round-answer"), {"person": person.pk, "answer": answer, **said}, headers=headers
    )


def asked(response):
    return {line.standing.person_id for line in response.context["lines"]}


@pytest.mark.parametrize("rows", [1, 25])
def test_a_village_costs_the_same_for_1_and_25_rows(client, officer, django_assert_num_queries, rows):
    for _ in range(rows):
        at_work()
    client.force_login(officer)
    client.get(ROUND, {"village": VILLAGE})
    with django_assert_num_queries(15):
        response = client.get(ROUND, {"village": VILLAGE})
    assert len(response.context["lines"]) == rows


@pytest.mark.parametrize("places", [1, 5])
def test_the_places_cost_the_same_for_1_and_5(client, officer, django_assert_num_queries, places):
    for number in range(places):
        at_work(division=f"15052210{number + 1}201")
    client.force_login(officer)
    client.get(ROUND)
    with django_assert_num_queries(11):
        assert len(client.get(ROUND).context["places"]) == places


def test_a_village_officer_stands_in_the_own_village_at_once(client):
    person = at_work()
    client.force_login(UserFactory(role="village_officer", division=VILLAGE))
    assert asked(client.get(ROUND)) == {person.pk}


def test_places_count_who_is_asked_and_who_has_answered(client, officer):
    people = [at_work(), at_work(), at_work(division=OTHER_VILLAGE)]
    client.force_login(officer)
    send(client, people[0], "confirmed")
    towns = client.get(ROUND).context["places"]
    assert [(town.code, town.answered, town.total) for town in towns] == [
        ("150522101000", 0, 1), ("150522202000", 1, 2),
    ]  # fmt: skip
    villages = client.get(ROUND, {"division": "150522202000"}).context["places"]
    assert [(place.code, place.open) for place in villages] == [(VILLAGE, 1)]


@pytest.mark.parametrize(
    ("able", "work", "months", "is_asked"),
    [
        (True, "jobless", 192, True), (True, "jobless", 191, False), (False, "jobless", 480, False),
        (None, "unknown", 480, False), (False, "at_work", 480, True), (None, "at_work", 480, True),
    ],
)  # fmt: skip
def test_who_is_asked(client, officer, able, work, months, is_asked):
    born_on = add_months(timezone.localdate().replace(day=1), -months)
    person = PersonFactory(born_on=born_on, standing__able=able, standing__work_status=work)
    client.force_login(officer)
    assert asked(client.get(ROUND, {"village": VILLAGE})) == ({person.pk} if is_asked else set())


def test_each_answer_records_its_facts(client, officer):
    today = timezone.localdate()
    people = {name: at_work() for name in ("confirmed", "changed", "ended")}
    people |= {name: PersonFactory() for name in ("started", "jobless")}
    client.force_login(officer)
    news = {
        "employer": "合成电子有限公司",
        "occupation": "焊工",
        "wage_amount": "5200",
        "county": "科左后旗",
        "on": today.isoformat(),
    }
    for name, person in people.items():
        assert send(client, person, name, **(news if name in {"changed", "started"} else {})).status_code == 302
    jobs = {name: list(Job.objects.true_on(today).filter(person=person)) for name, person in people.items()}
    assert [job.employer for job in jobs["confirmed"]] == ["合成食品有限公司"]
    for name in ("changed", "started"):
        assert [(job.employer, job.place, job.wage_amount) for job in jobs[name]] == [
            ("合成电子有限公司", "150522000000", 5200)
        ]
    assert jobs["ended"] == jobs["jobless"] == []
    without = {people["ended"].pk, people["jobless"].pk}
    assert set(Joblessness.objects.open().values_list("person_id", flat=True)) == without
    standings = dict(Standing.objects.values_list("person_id", "work_status"))
    assert {key for key, status in standings.items() if status == "jobless"} == without


def test_sent_twice_counts_once(client, officer):
    person, same = at_work(), str(uuid4())
    client.force_login(officer)
    for _ in range(2):
        assert send(client, person, "ended", client_key=same).status_code == 302
    assert WorkAnswer.objects.count() == 1
    assert Entry.objects.filter(verb="people.work_round_answered").count() == 1


@pytest.mark.parametrize(
    ("answer", "said", "field"),
    [
        ("changed", {}, "employer"),
        ("changed", {"employer": "某厂", "county": "没有这个县"}, "county"),
        ("changed", {"employer": "某厂", "wage_amount": "五千"}, "wage_amount"),
        ("ended", {"on": "tomorrow"}, "on"),
        ("started", {"employer": "某厂"}, "answer"),
        ("", {}, "answer"),
    ],
)
def test_a_mistake_is_shown_at_its_field_and_nothing_changes(client, officer, answer, said, field):
    person = at_work()
    client.force_login(officer)
    if said.get("on"):
        said = {"on": (timezone.localdate() + timedelta(days=1)).isoformat()}
    response = send(client, person, answer, **said)
    assert response.status_code == 422
    assert [list(line.form.errors) for line in response.context["lines"]] == [[field]]
    assert (WorkAnswer.objects.count(), Job.objects.count()) == (0, 1)


def test_confirm_all_confirms_only_who_is_at_work_and_has_not_answered(client, officer):
    silent, left, jobless = at_work(), at_work(), PersonFactory()
    far = at_work(division=OTHER_VILLAGE)
    client.force_login(officer)
    send(client, left, "ended")
    month = f"{timezone.localdate():%Y-%m}"
    keys = [f"{person.pk}:{uuid4()}" for person in (silent, left, jobless, far)]
    sent = {"village": VILLAGE, "month": month, "confirm": [*keys, "1:x", "nonsense"]}
    for _ in range(2):
        assert client.post(reverse("people:work-round-confirm"), sent).status_code == 302
    answers = dict(WorkAnswer.objects.filter(superseded_at__isnull=True).values_list("person_id", "answer"))
    assert answers == {silent.pk: "confirmed", left.pk: "ended"}


def test_an_answer_can_be_changed_and_the_old_one_is_kept(client, officer):
    person = at_work()
    client.force_login(officer)
    send(client, person, "confirmed")
    send(client, person, "ended")
    assert list(WorkAnswer.objects.order_by("pk").values_list("answer", flat=True)) == ["confirmed", "ended"]
    response = client.get(ROUND, {"village": VILLAGE, "state": "answered"})
    assert [line.answer.answer for line in response.context["lines"]] == ["ended"]
    assert asked(client.get(ROUND, {"village": VILLAGE, "state": "open"})) == set()


def test_other_divisions_and_readers(client, officer, stranger, supervisor):
    person = at_work()
    confirm = {"village": VILLAGE, "confirm": f"{person.pk}:{uuid4()}"}
    for user, page, deed in ((stranger, 404, 404), (supervisor, 200, 403)):
        client.force_login(user)
        assert client.get(ROUND, {"village": VILLAGE}).status_code == page
        assert send(client, person, "ended").status_code == deed
        assert client.post(reverse("people:work-round-confirm"), confirm).status_code == deed
    assert WorkAnswer.objects.count() == 0


@pytest.mark.parametrize(("back", "status"), [(-1, 404), (0, 200), (2, 200), (3, 404)])
def test_this_month_and_two_before_it(client, officer, back, status):
    client.force_login(officer)
    month = add_months(timezone.localdate().replace(day=1), -back)
    assert client.get(ROUND, {"village": VILLAGE, "month": f"{month:%Y-%m}"}).status_code == status


@pytest.mark.parametrize(("language", "word"), [("en", "Nothing changed"), ("zh-hans", "合成食品有限公司")])
def test_both_languages(client, officer, language, word):
    at_work()
    client.force_login(officer)
    client.cookies["django_language"] = language
    assert word in client.get(ROUND, {"village": VILLAGE}).content.decode()


def test_the_job_shown_is_the_last_one_begun_by_the_end_of_the_month(client, officer):
    person = PersonFactory()
    for start, end in ((date(2024, 1, 1), date(2024, 6, 1)), (date(2025, 1, 1), date(2025, 6, 1))):
        JobFactory(person=person, spell=new_key(), valid_from=start, valid_to=end)
    client.force_login(officer)
    lines = client.get(ROUND, {"village": VILLAGE}).context["lines"]
    assert lines[0].job.valid_from == date(2025, 1, 1)


def test_an_answer_in_place_swaps_its_line_and_the_progress(client, officer):
    person, other = at_work(), at_work()
    client.force_login(officer)
    key = str(uuid4())
    for _ in range(2):  # sent twice by a weak network
        response = send(client, person, "confirmed", client_key=key, headers={"HX-Request": "true"})
        page = response.content.decode()
        assert response.status_code == 200
        assert f'id="p{person.pk}"' in page
        assert f'id="p{other.pk}"' not in page
        assert 'hx-swap-oob="true"' in page
        assert 'value="1" max="2"' in page
    wrong = send(client, other, "changed", headers={"HX-Request": "true"})
    assert (wrong.status_code, WorkAnswer.objects.count()) == (422, 1)
    assert f'id="p{other.pk}"' in wrong.content.decode()
