"""The console commands on the sample ledgers: what they print is the contract."""

import json

import pytest

from config.keys import read_keys
from tests.commands.conftest import LEDGERS, ON

pytestmark = pytest.mark.db

ROSTERS = ["roster-county.xlsx", "roster-by-town.xlsx", "roster-gb18030.csv", "roster-utf8.csv"]


def expected(name):
    return json.loads((LEDGERS / f"{name}.expected.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ROSTERS)
def test_each_roster_reports_what_it_should(home, name):
    answer = home.json("import", "roster", str(LEDGERS / name), "--on", ON)
    assert list(answer) == ["accepted", "rejected", "warned"]
    assert answer == expected(name)


def test_a_dry_run_says_the_same_and_stores_nothing(home):
    file = str(LEDGERS / "roster-county.xlsx")
    assert home.json("import", "roster", file, "--on", ON, "--dry-run") == expected("roster-county.xlsx")
    assert home.json("nightly", "--on", ON)["persons"] == 0


def test_a_file_sent_twice_gives_its_first_result(home):
    file = str(LEDGERS / "roster-county.xlsx")
    first = home.json("import", "roster", file, "--on", ON)
    assert home.json("import", "roster", file, "--on", "2026-07-15") == first


def test_the_same_rows_in_another_file_are_repeats(home, tmp_path):
    home.run("import", "roster", str(LEDGERS / "roster-utf8.csv"), "--on", ON)
    again = tmp_path / "again.csv"
    again.write_bytes((LEDGERS / "roster-utf8.csv").read_bytes() + b"\n")
    answer = home.json("import", "roster", str(again), "--on", ON)
    assert answer["accepted"] == 0
    assert sum(codes == ["duplicate_row"] for codes in answer["warned"].values()) >= 598


@pytest.fixture
def county(home):
    """The register after all ledgers and both extracts of social insurance."""
    for kind, name in (("roster", "roster-county.xlsx"), ("jobs", "jobs.xlsx"), ("posts", "posts.xlsx")):
        assert home.json("import", kind, str(LEDGERS / name), "--on", ON) == expected(name)
    for month in ("2026-05", "2026-06"):
        file = str(LEDGERS / f"insurance-{month}.csv")
        home.run("feed", "social_insurance", file, "--month", month, "--on", ON)
    return home


def test_the_county_day_on_the_ledgers(county):
    night = county.json("nightly", "--on", ON)
    assert {"persons", "at_work", "cases_open", "offers", "signals"} <= night.keys()
    assert night["persons"] == 584
    assert night["signals"]["insurance_stopped"] == 10
    assert night["cases_open"] > 0
    assert 0 < night["offers"] <= 3 * night["cases_open"]
    again = county.json("nightly", "--on", ON)
    assert again | {"published_rows": 0} == night | {"published_rows": 0}
    assert again["standings_changed"] == 0
    _check_signals(county)
    _check_bulletin(county, night)
    assert county.json("audit", "verify")["broken"] == []


def _check_signals(county):
    persons = county.json("signals", "insurance_stopped", "--on", ON)
    wanted = json.loads((LEDGERS / "insurance.expected.json").read_text())["insurance_stopped"]
    ring = read_keys(county.folder.with_name(f"{county.folder.name}.keys")).ring()
    rows = f"Person.objects.filter(pk__in={[int(key) for key in persons]}).values_list('id_index', flat=True)"
    script = f"from bangfu.people.models import Person; print(*{rows})"
    found = county.run("manage", "shell", "-v", "0", "-c", script)
    assert sorted(found.stdout.split()) == sorted(ring.blind("id", wanted))
    assert county.json("signals", "insurance_stopped", "--on", "2026-06-29") == []
    tried = county.json("rules", "try", "insurance_stopped", "--on", ON)
    assert tried["true"] == len(persons) == sum(place["true"] for place in tried["places"].values())


def _check_bulletin(county, night):
    answer = county.json("bulletin", "--division", "150522", "--month", "2026-06")
    figures = answer["figures"]
    assert (answer["division"], answer["month"]) == ("150522000000", "2026-06")
    assert figures["I1"]["value"] == night["at_work"]
    assert len(figures) >= 10
    for figure in figures.values():
        assert {"value", "numerator", "denominator"} <= figure.keys()
    share = figures["I5"]
    assert share["value"] == pytest.approx(100 * share["numerator"] / share["denominator"], abs=0.05)


def test_an_import_is_undone(home):
    done = home.run("import", "roster", str(LEDGERS / "roster-county.xlsx"), "--on", ON)
    batch = done.stderr.split()[1]
    home.run("undo", batch, "--on", ON)
    assert home.json("nightly", "--on", ON)["persons"] == 0
    assert home.json("import", "roster", str(LEDGERS / "roster-county.xlsx"), "--on", ON) == expected(
        "roster-county.xlsx"
    )
    assert home.json("nightly", "--on", ON)["persons"] == 584


def test_a_conflict_with_the_register_leaves_it_as_it_is(home, tmp_path):
    home.run("import", "roster", str(LEDGERS / "roster-utf8.csv"), "--on", ON)
    lines = (LEDGERS / "roster-utf8.csv").read_text(encoding="utf-8-sig").splitlines()
    cells = lines[1].split(",")
    cells[6] = "另一人"
    file = tmp_path / "one.csv"
    file.write_text("\n".join([lines[0], ",".join(cells)]), encoding="utf-8")
    answer = home.json("import", "roster", str(file), "--on", "2026-07-31")
    assert answer == {"accepted": 0, "rejected": {"one.csv!2": ["id_conflict"]}, "warned": {}}
    assert home.json("nightly", "--on", "2026-07-31")["persons"] == 598
