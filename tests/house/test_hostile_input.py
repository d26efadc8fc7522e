"""What an attacker types: markup in every text, formulas in cells, text without end, codes and keys that are none."""

import io
import zipfile
from uuid import uuid4

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import CharField
from django.test import Client
from django.urls import reverse

from bangfu.accounts.models import User
from bangfu.cases.course_models import Escalation, FollowUp, Pause, WayOut
from bangfu.cases.models import Service, Survey
from bangfu.cases.plan_models import Plan
from bangfu.cases.referral_models import Referral
from bangfu.cases.visit_models import Visit
from bangfu.divisions.models import Division
from bangfu.employers.models import Employer, Post
from bangfu.intake.models import Batch
from bangfu.monitoring.actions import close_night, keep_proof, publish_lake
from bangfu.monitoring.models import AreaAlarm, Feed
from bangfu.people.models import Household, Job, Person
from tests.factories import VILLAGE, id_number
from tests.house.addresses import DEEDS, LAKE
from tests.house.answers import ask, checked
from tests.house.county_a import HEADER, PLACE, build, undone
from tests.intake.ledger_files import text, workbook

pytestmark = pytest.mark.django_db
MARKUP = "<script>x</script><img src=x onerror=y>\"'>"
FORMULA = "=cmd|' /C calc'!A0"
CELLS = [MARKUP, FORMULA, "+1", "-1+1", "@SUM(A1)", "\t=1", "\x01", "http://evil.example"]
TEXTS = {
    Person: ["name"], Household: ["number"], User: ["name", "office"], Division: ["name"], Employer: ["name"],
    Post: ["title", "requirements"], Job: ["employer", "occupation"], Batch: ["file_name"],
    Survey: ["wished_occupation", "wished_trade", "barriers", "wished_place", "health_words", "family_words"],
    Pause: ["evidence"], WayOut: ["reason", "said"], FollowUp: ["words"], Escalation: ["words"], Plan: ["goal"],
    Visit: ["findings", "needs"],
    Referral: ["reason", "said"], Service: ["title", "reason"],
    Feed: ["file_name", "reason"], AreaAlarm: ["said"],
}  # fmt: skip
WRONG = ["x" * 11_000, "\x00", "9" * 30, "abc", "9" * 5000, "٣", "9999-99", "150522' OR 1=1 --"]
KEYS = ["0", "9" * 18, str(2**63), "9" * 30, "9" * 5000]
WORKBOOKS = ("intake:failed-rows", "intake:template", "monitoring:bad-lines", "monitoring:list-to-fill")
PARAMETERS = {
    "home:worklist": ["division", "leg", "due", "cause", "helper", "after"],
    "home:person": ["story"],
    "people:list": ["town", "village", "work", "category", "able", "after"],
    "people:work-round": ["division", "village", "month", "state", "after"],
    "home:board": ["division"],
    "cases:ways-out": ["state", "after"],
    "cases:escalations": ["state", "division", "after"],
    "cases:pairing": ["division", "state", "helper", "after"],
    "cases:forecast": ["division", "pool"],
    "cases:referrals": ["way", "after"],
    "cases:list": ["division", "state", "outcome", "backlog", "month", "after"],
    "employers:list": ["state", "place", "after"],
    "intake:list": ["kind", "after"],
    "intake:batch": ["show", "after", "start"],
    "placements:rounds": ["after"],
    "placements:round": ["part", "after"],
    "placements:post-offers": ["after"],
    "monitoring:list": ["town", "village"],
    "monitoring:alarms": ["after"],
    "monitoring:alarm": ["after"],
    "monitoring:rule": ["town", "after", "state"],
    "monitoring:precision": ["town"],
    "monitoring:answers": ["town", "after", "finding"],
    "monitoring:findings": ["town", "rule", "state", "after"],
    "monitoring:feeds": ["kind", "after"],
    "monitoring:review-feed": ["state", "after"],
    "monitoring:screen": ["town", "rule", "state", "after"],
    "monitoring:screen-finding": ["from"],
    "monitoring:zero-families": ["town", "state", "after"],
    "monitoring:coverage": ["division"],
    "monitoring:map": ["division", "show"],
    "monitoring:flow": ["division"],
    "monitoring:flow-rows": ["division", "belt", "to", "after"],
    "monitoring:coverage-rows": ["division", "after"],
    **{f"bulletins:{name}": ["division", "month"] for name in ("month", "json", "history", "ranking")},
    "bulletins:rows": ["division", "month", "part", "after"],
}


@pytest.fixture
def place(client, officer):
    built = build(officer)
    client.force_login(officer)
    return built


def spoil():
    """Markup in every text that comes from outside, as long as its column."""
    for model, names in TEXTS.items():
        for name in names:
            column = model._meta.get_field(name)
            assert isinstance(column, CharField)
            for row in model._base_manager.order_by("pk")[:40]:
                marked = MARKUP[: column.max_length]
                if column.unique:
                    marked = f"<script>x</script>{row.pk}"
                model._base_manager.filter(pk=row.pk).update(**{name: marked})
    Division.objects.filter(pk=VILLAGE).update(name=MARKUP)


def test_markup_in_any_text_stays_text(client, place):
    spoil()
    shown = set()
    for deed in DEEDS:
        if deed.method == "get" and deed.name not in WORKBOOKS and not deed.name.startswith(LAKE):
            response = ask(client, deed, place)
            page = response.content.decode()
            assert response.status_code == deed.officer, deed.label
            assert "<script>x" not in page, deed.label
            assert "<img" not in page, deed.label
            if "&lt;script&gt;x" in page:
                shown.add(deed.name)
    assert {"home:person", "home:case", "home:household", "home:worklist", "people:list", "cases:list"} <= shown
    assert {"employers:list", "employers:post", "placements:round", "intake:list", "intake:batch"} <= shown


def test_markup_in_what_the_lake_tells_stays_text(client, lake, officer):
    place = build_with_tree(officer)
    publish_lake(place.run.acted_on, at=place.run.ran_at)
    keep_proof(place.run.acted_on, at=place.run.ran_at)
    close_night(place.run.acted_on, {}, at=place.run.ran_at)
    spoil()
    client.force_login(officer)
    for deed in DEEDS:
        if deed.name.startswith(LAKE) and deed.method == "get":
            response = ask(client, deed, place)
            assert response.status_code == 200, deed.label
            assert "<script>x" not in response.content.decode() or deed.name == "bulletins:json"


def build_with_tree(officer):
    """The county after a test that commits: the tree of divisions is loaded again."""
    from bangfu.divisions.commands import load_packaged_divisions

    load_packaged_divisions(("150522", "150502"))
    return build(officer)


def test_cells_of_a_ledger_stay_text_on_the_page_and_in_the_download(client, place):
    rows = [[*PLACE, cell, cell, id_number(993)[:-1] + "?", cell, cell] for cell in CELLS]
    rows += [[*PLACE, "1", cell, cell, "女", cell] for cell in CELLS]
    sent = SimpleUploadedFile("<script>x.csv", text(HEADER, *rows))
    response = checked(client.post(reverse("intake:list"), {"kind": "roster", "file": sent}))
    assert response.status_code == 302
    page = checked(client.get(response.url)).content.decode()
    assert "<script>x" not in page
    assert "&lt;script&gt;x" in page
    key = Batch.objects.order_by("-id").first().pk
    download = checked(client.get(reverse("intake:failed-rows", args=[key])))
    assert download["Content-Disposition"] == f'attachment; filename="rejected-{key}.xlsx"'
    with zipfile.ZipFile(io.BytesIO(download.content)) as archive:
        sheets = [archive.read(name).decode() for name in archive.namelist() if "worksheets/sheet" in name]
    assert "=cmd|" in "".join(sheets)
    for sheet in sheets:
        assert "<f>" not in sheet
        assert "<hyperlink" not in sheet


def test_hostile_sheet_names_and_column_names_stay_text(client, place):
    header = [*HEADER, MARKUP, FORMULA]
    bad = [*PLACE, "1", "乌云", id_number(993)[:-1] + "?", "女", "", "=1", "=1"]
    book = workbook(("<b>=1", [header, bad], []), ("历史 History", [header, bad], []))
    sent = SimpleUploadedFile("=cmd.xlsx", book)
    response = checked(client.post(reverse("intake:list"), {"kind": "roster", "file": sent}))
    assert response.status_code == 302
    assert "<b>=1" not in checked(client.get(response.url)).content.decode()
    key = Batch.objects.order_by("-id").first().pk
    assert checked(client.get(reverse("intake:failed-rows", args=[key]))).status_code == 200


def test_no_parameter_of_an_address_breaks_it(client, place):
    for name, parameters in PARAMETERS.items():
        address = reverse(name, args=next(deed.args(place) for deed in DEEDS if deed.name == name))
        for parameter in parameters:
            for value in WRONG:
                status = checked(client.get(address, {parameter: value})).status_code
                assert status in {200, 404}, f"{name} {parameter}={value[:20]}"
    assert client.get(reverse("home:worklist"), {"division": "abc"}).status_code == 404


def test_no_next_page_of_the_entry_breaks_it():
    for value in WRONG:
        assert checked(Client().get(reverse("accounts:sign-in"), {"next": value})).status_code == 200


def test_no_count_of_the_progress_breaks_it(client, place):
    Batch.objects.filter(pk=place.batch.pk).update(state="applying")
    address = reverse("intake:progress", args=[place.batch.pk])
    for still in WRONG:
        assert checked(client.get(address, {"seen": "0", "still": still})).status_code == 200


def test_no_key_of_an_address_breaks_it(client, place):
    for deed in DEEDS:
        keys = deed.args(place)
        if not keys or not isinstance(keys[0], int):
            continue
        for at in range(len(keys)):
            for key in KEYS:
                given = [str(one) for one in keys]
                address = reverse(deed.name, args=keys).replace(given[at], key)
                with undone():
                    response = checked(getattr(client, deed.method)(address, deed.data(place)))
                # A page of administrators asks for the duty before it looks for the row.
                refusals = {403, 404} if deed.officer == 403 else {404}
                assert response.status_code in refusals, f"{deed.label} {key[:20]}"


def test_no_field_of_a_form_breaks_it(client, place):
    for deed in DEEDS:
        if deed.method != "post" or deed.officer == 403 or deed.name in ("accounts:sign-out",):
            continue
        for field in deed.data(place):
            for value in WRONG[:4]:
                with undone():
                    given = {**deed.data(place), field: value}
                    response = checked(client.post(reverse(deed.name, args=deed.args(place)), given))
                assert response.status_code in {200, 204, 302, 400, 404, 422}, f"{deed.label} {field}={value[:20]}"


OPTIONAL = {
    "home:survey": ["wished_occupation", "wage_floor_amount", "reach", "wants_training", "wished_trade", "barriers"],
    "home:guidance": ["refusal", "words", "title"],
    "home:answer": ["refusal", "words"],
    "home:assign": ["filters"],
    "people:work-round-answer": ["on", "employer", "occupation", "wage_amount", "county", "state"],
    "people:work-round-confirm": ["state"],
    "home:search": ["q"],
}


def test_no_further_field_of_a_form_breaks_it(client, place):
    for deed in (deed for deed in DEEDS if deed.method == "post" and deed.name in OPTIONAL):
        overfill(client, place, deed)


def overfill(client, place, deed):
    """Every further field of a form at once, with one wrong text after the other."""
    for value in [*WRONG[:4], "NaN", "Infinity", "1e999999", "0001-01-01", "9999-12-31"]:
        with undone():
            given = {**deed.data(place), **dict.fromkeys(OPTIONAL[deed.name], value)}
            response = checked(client.post(reverse(deed.name, args=deed.args(place)), given))
        assert response.status_code in {200, 302, 400, 404, 422}, f"{deed.label} {value[:20]}"


def test_one_key_for_two_persons_counts_once(client, place):
    key = "3f0c2b1e-6d57-4f6e-9c0a-0a4f8f1f2b11"
    given = [f"{person.pk}:{key}" for person in (place.worker, place.person)]
    person = place.person.standing
    person.work_status = "at_work"
    person.save()
    response = checked(client.post(reverse("people:work-round-confirm"), {"village": VILLAGE, "confirm": given}))
    assert response.status_code == 302


def test_the_mark_of_another_list_begins_at_the_first_page(client, place):
    other = signing.dumps([VILLAGE, 1], salt="page.people.standing.division.person_id")
    for mark in (signing.dumps([VILLAGE, 1]), other, signing.dumps({"due_at": 1}), "made-up"):
        response = checked(client.get(reverse("home:worklist"), {"after": mark}))
        assert response.status_code == 200
        assert not response.context["page"].after_start


@pytest.mark.parametrize("key", ["9223372036854775808", "9" * 19, "9" * 40, "１２", "-1"])
def test_a_key_that_no_row_can_have_is_not_found(client, place, key):
    """Nineteen digits once reached the database, which holds no number so large."""
    for name, data in (
        ("people:edit", {"person": key}),
        ("people:work-round-answer", {"person": key, "client_key": str(uuid4()), "answer": "jobless"}),
        ("people:difference-decide", {"row": key, "decision": "keep", "reason": "x"}),
        ("home:assign", {"case": key}),
    ):
        assert client.post(reverse(name), data).status_code == 404, name
    assert client.post(reverse("monitoring:fix"), {"finding": key, "person": key}).status_code == 302
