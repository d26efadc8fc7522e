"""The sample ledgers give exactly the report that their expected files say."""

import json
from pathlib import Path

import pytest

from bangfu.intake.reading import read_ledger
from bangfu.people.checking import JOBS, ROSTER, EmptyRegister, check_jobs, check_roster, counties_of

LEDGERS = Path(__file__).parents[1] / "ledgers"


def expected(name):
    return json.loads((LEDGERS / f"{name}.expected.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["roster-county.xlsx", "roster-by-town.xlsx", "roster-gb18030.csv", "roster-utf8.csv"])
def test_rosters(name, divisions, on):
    sheets = read_ledger(LEDGERS / name, name, ROSTER)
    assert counties_of(sheets, divisions) == ["150522000000"]
    found = check_roster(sheets, divisions, EmptyRegister(), on)
    assert found.report() == expected(name)
    accepted = found.rows.filter(found.accepted)
    for column in ("id_number", "name", "sex", "born_on", "division", "household_no", "category"):
        assert accepted[column].null_count() == 0


def test_jobs_of_the_people_on_the_county_roster(divisions, on):
    name = "roster-county.xlsx"
    roster = check_roster(read_ledger(LEDGERS / name, name, ROSTER), divisions, EmptyRegister(), on)
    names = dict(roster.rows.filter(roster.accepted).select("id_number", "name").iter_rows())

    class Register(EmptyRegister):
        def names(self, id_numbers):
            return {key: names[key] for key in id_numbers if key in names}

    found = check_jobs(read_ledger(LEDGERS / "jobs.xlsx", "jobs.xlsx", JOBS), divisions, Register(), on)
    assert found.report() == expected("jobs.xlsx")


def test_a_household_number_merged_over_its_members_is_everyones(divisions, on):
    name = "roster-by-town.xlsx"
    found = check_roster(read_ledger(LEDGERS / name, name, ROSTER), divisions, EmptyRegister(), on)
    members = found.rows.filter(found.rows["household_no"] == "9905220000001")
    assert members["row"].to_list()[:3] == ["阿都沁苏木!5", "阿都沁苏木!6", "阿都沁苏木!7"]
    assert members["category"].unique().to_list() == ["lifted"]


def test_rare_characters_survive(divisions, on):
    for name in ("roster-gb18030.csv", "roster-utf8.csv"):
        found = check_roster(read_ledger(LEDGERS / name, name, ROSTER), divisions, EmptyRegister(), on)
        assert any("䶮" in person or "𠅤" in person for person in found.rows["name"].to_list())
