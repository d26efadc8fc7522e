"""The importer's report against a second reading of the ledger contract, on seeded messy files."""

import csv
from collections import defaultdict
from pathlib import Path

import polars as pl
import pytest

from bangfu.divisions.naming import DivisionIndex
from bangfu.employers.checking import POSTS, check_posts
from bangfu.intake.reading import read_ledger
from bangfu.people.checking import JOBS, ROSTER, EmptyRegister, Known, check_jobs, check_roster
from tests.ledgers_reference import generator, reference
from tests.ledgers_reference.vacancies import UNFAIR

DATA = Path(__file__).parents[2] / "bangfu" / "divisions" / "data"
ALIASES = ("科左后旗", "科尔沁左后旗", "左后")


@pytest.fixture(scope="module")
def table():
    every = pl.read_parquet(DATA / "divisions.parquet")
    return every.filter((pl.col("level") <= 3) | pl.col("code").str.starts_with("150522")).rows()


@pytest.fixture(scope="module")
def divisions(table):
    with (DATA / "aliases.csv").open(encoding="utf-8") as file:
        return DivisionIndex(table, [(row["alias"], row["code"]) for row in csv.DictReader(file)])


@pytest.fixture(scope="module")
def places(table):
    names = {code: name for code, name, _ in table}
    towns = defaultdict(list)
    for code, name, level in table:
        if level == 5:
            towns[names[code[:9] + "000"]].append(name)
    return dict.fromkeys(("科尔沁左翼后旗", *ALIASES), towns)


@pytest.fixture(scope="module")
def counties(table):
    """Real chains of province, prefecture, county, without prefectures that exist on paper only."""
    names = {code: name for code, name, _ in table}
    chains = [
        (names[code[:2] + "0000000000"], names.get(code[:4] + "00000000", ""), name)
        for code, name, level in table
        if level == 3
    ]
    return [chain for chain in chains if chain[1].endswith(("市", "盟", "州")) and chain[2] != "市辖区"]


@pytest.mark.parametrize("seed", range(28))
def test_roster(seed, divisions, places):
    ledger = generator.roster(seed, places)
    found = check_roster(read_ledger(ledger.content, ledger.name, ROSTER), divisions, EmptyRegister(), generator.ON)
    assert found.report() == reference.roster_report(ledger.sheets, places, generator.ON)


class Register(EmptyRegister):
    """A register of {ID: name}, and of {ID: Known}."""

    def __init__(self, names, known=None):
        self.known_names, self.known = names, known

    def names(self, id_numbers):
        return {number: self.known_names[number] for number in id_numbers if number in self.known_names}

    def persons(self, id_numbers):
        return {number: self.known[number] for number in id_numbers if number in self.known}


@pytest.mark.parametrize("seed", range(100, 110))
def test_roster_against_a_register(seed, divisions, places):
    """The register holds every second person of the roster, two of them under other names."""
    ledger = generator.roster(seed, places)
    sheets = read_ledger(ledger.content, ledger.name, ROSTER)
    first = check_roster(sheets, divisions, EmptyRegister(), generator.ON)
    taken = {row["id_number"]: row for row in first.rows.filter(first.accepted).iter_rows(named=True)}
    people = reference.people_of(ledger.sheets, places, generator.ON)
    assert taken.keys() == people.keys()

    half = sorted(taken)[::2]
    others = dict.fromkeys(half[:2], "他人")
    known = {number: Known(others.get(number, taken[number]["name"]), generator.ON, taken[number]) for number in half}
    register = {number: people[number] | {"姓名": known[number].name} for number in half}
    found = check_roster(sheets, divisions, Register({}, known), generator.ON)
    assert found.report() == reference.roster_report(ledger.sheets, places, generator.ON, register)


@pytest.mark.parametrize("seed", range(14))
def test_jobs(seed, divisions, counties):
    ledger, known = generator.jobs(seed, counties)
    found = check_jobs(read_ledger(ledger.content, ledger.name, JOBS), divisions, Register(known), generator.ON)
    assert found.report() == reference.jobs_report(ledger.sheets, counties, generator.ON, known)


@pytest.mark.parametrize("seed", range(12))
def test_posts(seed, divisions, counties):
    ledger = generator.posts(seed, counties)
    found = check_posts(read_ledger(ledger.content, ledger.name, POSTS), divisions, generator.ON)
    assert found.report() == reference.posts_report(ledger.sheets, UNFAIR, generator.ON)
