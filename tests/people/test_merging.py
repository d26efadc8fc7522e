"""Probable duplicates are found; two rows become one with all facts kept; taking it back gives exactly what was."""

from datetime import date, timedelta
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bangfu.audit.models import Entry
from bangfu.cases.models import Case
from bangfu.people import identity
from bangfu.people.actions import record_accounts, record_facts, register_people
from bangfu.people.duplicates import Pair, note_duplicates, set_apart
from bangfu.people.groups import FACTS
from bangfu.people.linking import duplicate_rule, pairs_on_register, probable_pairs, working_set
from bangfu.people.merging import CannotMerge, merge_people, unmerge_people
from bangfu.people.models import (
    BankAccount,
    Certificate,
    Condition,
    Contact,
    Difference,
    Duplicate,
    Intent,
    Job,
    Person,
    Recognition,
    Standing,
)
from bangfu.people.recorded import Recorded
from bangfu.people.register_lookup import RegisterLookup
from bangfu.people.standing import refresh_standings
from tests.factories import NOON, JobFactory, PersonFactory, UserFactory, id_number
from tests.home.situations import open_case
from tests.people.test_recording import ROW

pytestmark = [pytest.mark.django_db, pytest.mark.db]

DAY = date(2026, 6, 30)


def how(source="ledger", days=0, **more):
    return Recorded(on=DAY + timedelta(days=days), source=source, by=None, at=NOON + timedelta(days=days), **more)


def two():
    """One woman on two rows: the second with a wrong digit in the birth day, from another list."""
    rows = [ROW, {**ROW, "id_number": id_number(4, date(1986, 2, 15)), "born_on": date(1986, 2, 15)}]
    return [register_people([row], how(days=at, batch=at + 1))[row["id_number"]] for at, row in enumerate(rows)]


def beliefs():
    """All that is believed of everybody, values only, sealed numbers opened."""
    told = []
    for model in FACTS:
        for row in model.objects.known():
            values = {
                field.attname: getattr(row, field.attname)
                for field in model._meta.concrete_fields
                if field.attname not in {"id", "recorded_at", "recorded_by_id", "batch", "superseded_batch", "spell"}
                and not field.attname.endswith("_sealed")
            }
            told.append((model.__name__, sorted((name, repr(value)) for name, value in values.items()), _opened(row)))
    standings = Standing.objects.values_list("person_id", "division", "work_status", "category", "leg", "due_at")
    people = Person.objects.values_list("pk", "withdrawn_at", "merged_into")
    cases = Case.objects.values_list("pk", "person_id")
    return sorted(map(repr, told)), sorted(standings), sorted(people), sorted(cases)


def _opened(row):
    if isinstance(row, Contact):
        return identity.phone_number(row)
    if isinstance(row, BankAccount):
        return identity.account_number(row)
    return identity.certificate_number(row) if isinstance(row, Certificate) else ""


def test_all_facts_are_kept_and_the_later_value_stands():
    first, second = two()
    record_facts(Intent, {first: {"wished_trade": "电工"}}, how("visit", 1))
    record_facts(Condition, {second: {"health": "chronic"}}, how(days=2))
    record_facts(Recognition, {(second, "difficulty"): {"ground": "残疾"}}, how(days=2))
    record_accounts([{"person": second, "number": "6217000000000000001"}], how(days=2))
    JobFactory(person_id=second, person=Person.objects.get(pk=second), valid_from=date(2024, 1, 1))
    merge_people(first, second, reason="身份证核对，同一人", by=UserFactory(), at=NOON + timedelta(days=3))
    assert Condition.objects.open().get(person=first).health == "chronic"
    assert Intent.objects.open().get(person=first).wished_trade == "电工"
    assert Recognition.objects.open().get(person=first).ground == "残疾"
    assert identity.account_number(BankAccount.objects.get(person=first)) == "6217000000000000001"
    assert Job.objects.known().get(person=first).valid_from == date(2024, 1, 1)
    assert not Standing.objects.filter(person=second).exists()
    assert Standing.objects.get(person=first).work_status == "at_work"


def test_what_was_verified_stands_and_the_other_value_waits():
    first, second = two()
    record_facts(Condition, {first: {"health": "serious"}}, how("visit", 1))
    record_facts(Condition, {second: {"health": "chronic"}}, how(days=2))
    merge_people(first, second, reason="同一人", by=UserFactory(), at=NOON + timedelta(days=3))
    assert Condition.objects.open().get(person=first).health == "serious"
    assert [row.columns for row in Difference.objects.filter(state="open", group="condition")] == [["health"]]


def test_the_number_of_the_row_that_went_leads_to_the_one_that_stays():
    first, second = two()
    merge_people(first, second, reason="同一人", by=UserFactory(), at=NOON)
    again = {**ROW, "id_number": id_number(4, date(1986, 2, 15)), "education": "senior"}
    assert register_people([again], how(days=40, batch=9)) == {again["id_number"]: first}
    assert Condition.objects.open().get(person=first).education == "senior"
    assert RegisterLookup().keys_of([again["id_number"]]) == {again["id_number"]: (first, ROW["name"])}
    assert Person.objects.get(pk=second).withdrawn_at is not None


CHANGES = st.lists(
    st.tuples(
        st.sampled_from([0, 1]), st.sampled_from(["health", "intent", "job", "account", "recognised"]),
        st.integers(0, 3), st.sampled_from(["ledger", "visit", "person"]),
    ),
    max_size=7,
)  # fmt: skip


@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CHANGES)
def test_taking_a_merge_back_gives_exactly_what_was(changes):
    pair = [PersonFactory().pk, PersonFactory().pk]
    for at, (who, what, value, source) in enumerate(changes):
        _change(pair[who], what, value, how(source, at))
    refresh_standings(pair, DAY)
    before = beliefs()
    officer, later = UserFactory(), NOON + timedelta(days=20)
    merge = merge_people(*pair, reason="同一人", by=officer, at=later)
    assert unmerge_people(merge.pk, by=officer, at=later + timedelta(days=1)) == {}
    assert beliefs() == before
    assert not Difference.objects.filter(state="open", batch=merge.pk).exists()


def _change(person, what, value, said):
    if what == "health":
        record_facts(Condition, {person: {"health": ["healthy", "chronic", "serious", "disabled"][value]}}, said)
    elif what == "intent":
        record_facts(Intent, {person: {"will_work": value % 2 == 0, "wage_floor_amount": Decimal(3000 + value)}}, said)
    elif what == "account":
        record_accounts([{"person": person, "number": f"62170000000000000{value}"}], said)
    elif what == "recognised":
        record_facts(Recognition, {(person, "difficulty"): {"ground": f"依据{value}"}}, said)
    else:
        JobFactory(person=Person.objects.get(pk=person), valid_from=date(2024, 1, 1 + value))


def test_a_case_goes_along_and_comes_back():
    officer = UserFactory()
    case = open_case(officer)
    other = PersonFactory()
    refresh_standings([other.pk, case.person_id], DAY)
    before = beliefs()
    merge = merge_people(other.pk, case.person_id, reason="同一人", by=officer, at=NOON)
    assert Case.objects.get(pk=case.pk).person_id == other.pk
    assert Standing.objects.get(person=other).leg != ""
    unmerge_people(merge.pk, by=officer, at=NOON)
    assert beliefs() == before


def test_what_was_recorded_since_stays_with_the_row_that_stayed():
    first, second = two()
    record_facts(Condition, {second: {"health": "chronic"}}, how(days=2))
    officer = UserFactory()
    merge = merge_people(first, second, reason="同一人", by=officer, at=NOON + timedelta(days=3))
    record_facts(Condition, {first: {"health": "serious"}}, how("visit", 4))
    assert unmerge_people(merge.pk, by=officer, at=NOON + timedelta(days=5)) == {"changed_since": 1}
    assert Condition.objects.open().get(person=first).health == "serious"
    assert Condition.objects.open().get(person=second).health == "chronic"


@pytest.mark.parametrize("code", ["same_row", "not_on_register", "both_in_cases"])
def test_a_refusal_changes_nothing(code):
    officer = UserFactory()
    first, second = open_case(officer).person, open_case(officer).person
    if code == "not_on_register":
        Person.objects.filter(pk=second.pk).update(withdrawn_at=NOON)
    before, entries = beliefs(), Entry.objects.count()
    with pytest.raises(CannotMerge) as refused:
        merge_people(first.pk, first.pk if code == "same_row" else second.pk, reason="同一人", by=officer, at=NOON)
    assert refused.value.code == code
    assert (beliefs(), Entry.objects.count()) == (before, entries)


def test_the_night_finds_a_wrong_digit_and_lets_strangers_be():
    first, second = two()
    for at, name in enumerate(["包青山", "其木格", "白音那", "陈桂兰", "李雯", "李文"]):
        PersonFactory(name=name, born_on=date(1970 + at, 3, 1 + at), sequence=at)
    (pair,) = pairs_on_register()
    assert (pair.first, pair.second) == (min(first, second), max(first, second))
    assert pair.reasons == {"name": "same", "born": "close", "place": "household", "phone": "same", "sex": "same"}
    assert pair.likelihood > 0.99


def test_a_name_is_close_when_one_of_its_characters_differs():
    for at, name in enumerate(("万莉霞", "万莉婷")):  # three bytes apart
        PersonFactory(name=name, name_pinyin=f"wanli{at}", sequence=at)
    (pair,) = pairs_on_register()
    assert pair.reasons["name"] == "close"


def test_a_phone_of_many_says_nothing():
    for _ in range(duplicate_rule()["most_sharing_a_phone"] + 1):
        person = PersonFactory()
        Contact.objects.create(
            person=person, phone_index="a" * 32, phone_sealed=b"", valid_from=DAY, source="ledger", recorded_at=NOON
        )
    assert working_set(duplicate_rule()["most_sharing_a_phone"])["phone"].null_count == Person.objects.count()


def test_a_decided_pair_is_not_asked_again_and_an_old_one_settles():
    keys = sorted(PersonFactory().pk for _ in range(3))
    pairs = [Pair(keys[0], keys[1], 0.95, {"name": "same"}), Pair(keys[1], keys[2], 0.9, {"name": "close"})]
    assert note_duplicates(pairs, on=DAY, at=NOON) == 2
    set_apart([Duplicate.objects.get(first=keys[0]).pk], reason="双胞胎", by=UserFactory(), at=NOON)
    assert note_duplicates(pairs[:1], on=DAY, at=NOON) == 0
    assert sorted(Duplicate.objects.values_list("state", flat=True)) == ["distinct", "lapsed"]
    assert note_duplicates(pairs, on=DAY, at=NOON) == 1
    assert sorted(Duplicate.objects.values_list("state", flat=True)) == ["distinct", "open"]
    with pytest.raises(Duplicate.DoesNotExist):
        set_apart([Duplicate.objects.get(first=keys[0]).pk], reason="再看", by=UserFactory(), at=NOON)


def test_one_row_alone_is_nobodys_double():
    assert probable_pairs(pa.table({"unique_id": [1]}), duplicate_rule()) == []
