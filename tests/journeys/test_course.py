"""The course of a case in a browser: a plan on paper, a pause, and a way out that needs a second person."""

import shutil
from datetime import timedelta

import pytest
from django.utils.timezone import localdate
from playwright.sync_api import expect

from tests.commands.conftest import LEDGERS, Home, empty_home  # noqa: F401  the fixture is used by name
from tests.journeys.conftest import add_user, serving, windows

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def home(empty_home, tmp_path_factory):  # noqa: F811
    """A register after a night that opened cases; two officers."""
    folder = tmp_path_factory.mktemp("course") / "home"
    shutil.copytree(empty_home.folder, folder)
    found = Home(folder, "")
    for name in ("county", "second"):
        add_user(found, name, "county_officer", "150522000000")
    for kind, file in (("roster", LEDGERS / "roster-county.xlsx"), ("jobs", LEDGERS / "jobs.xlsx")):
        found.run("import", kind, str(file))
    assert found.json("nightly")["cases_open"] > 0
    return found


def test_a_plan_a_pause_and_a_way_out_by_two_people(chromium, home, tmp_path):
    with serving(home) as address, windows(chromium, address) as open_window:
        page = open_window()
        page.goto(address)
        case = page.locator("tr a[href^='/cases/']").first.get_attribute("href")
        page.goto(f"{address}{case}plan/")
        page.fill("[name=goal]", "到县内企业稳定就业")
        page.click("main form .btn-primary")
        expect(page.locator(".paper")).to_contain_text("到县内企业稳定就业")
        page.click("form[action$='/sign/'] button")
        expect(page.locator(".st-green")).to_be_visible()
        page.goto(f"{address}{case}")
        page.click("#pause summary")
        page.select_option("#pause [name=reason]", "hospital")
        page.fill("#pause [name=evidence]", "县医院住院证明")
        page.fill("#pause [name=last_on]", (localdate() + timedelta(days=6)).isoformat())
        page.click("#pause form button")
        expect(page.locator("form[action$='/resume/']")).to_be_visible()
        page.click("#close summary")
        page.select_option("#close [name=outcome]", "no_will")
        page.fill("#close [name=reason]", "本人表示暂不就业")
        page.click("#close form button")
        expect(page.locator("form[action$='/decide/']")).to_have_count(0)
        second = open_window("second")
        second.goto(f"{address}/cases/ways-out/")
        second.click("label:has([name=decision][value=confirm])")
        second.click("form[action*='/ways-out/'] button")
        expect(second.locator("form[action*='/ways-out/']")).to_have_count(0)
        page.goto(f"{address}{case}")
        expect(page.locator("form[action$='/resume/']")).to_have_count(0)
