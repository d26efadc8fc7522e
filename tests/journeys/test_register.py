"""The register in a browser: the work round in one key, a change to many, a request answered, a finding waived."""

import shutil

import pytest
from playwright.sync_api import expect

from tests.commands.conftest import LEDGERS, Home, empty_home  # noqa: F401  the fixture is used by name
from tests.journeys.conftest import add_user, serving, windows

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def address(empty_home, tmp_path_factory):  # noqa: F811
    """A served register with people and their jobs, and an officer of the county."""
    folder = tmp_path_factory.mktemp("register") / "home"
    shutil.copytree(empty_home.folder, folder)
    home = Home(folder, "")
    add_user(home, "county", "county_officer", "150522000000")
    home.run("import", "roster", str(LEDGERS / "roster-county.xlsx"))
    home.run("import", "jobs", str(LEDGERS / "jobs.xlsx"))
    with serving(home) as found:
        yield found


@pytest.fixture
def page(chromium, address):
    """A signed-in window."""
    with windows(chromium, address) as open_window:
        yield open_window()


def test_the_work_round_in_one_key(page, address):
    page.goto(f"{address}/people/work-round/")
    page.locator("tr a[href*='division=']").first.click()
    page.locator("tr a[href*='village=']").first.click()
    waiting = page.locator("[data-unchanged]")
    expect(waiting.first).to_be_visible()
    page.wait_for_load_state()  # the keys work once the page's script has run
    before = waiting.count()
    assert before > 1
    page.keyboard.press("u")
    expect(waiting).to_have_count(before - 1)
    expect(page.locator("#round-progress progress")).to_have_attribute("value", "1")
    page.keyboard.press("u")
    expect(waiting).to_have_count(before - 2)
    expect(page.locator("#round-progress progress")).to_have_attribute("value", "2")


def upload_of(page):
    """The address of the upload that the page shows."""
    page.wait_for_url("**/imports/*/")
    return page.url


def test_a_wage_is_changed_for_those_ticked_and_taken_back(page, address):
    page.goto(f"{address}/people/?work=at_work")
    boxes = page.locator("#people tbody [data-select]")
    boxes.nth(0).check()
    boxes.nth(1).check()
    expect(page.locator("[data-chosen]")).to_have_text("2")
    page.locator("[data-batch] button").first.click()
    page.locator("[name=deed][value=wage]").check()
    page.fill("[name=wage]", "9876")
    page.click("form.card-in button.btn-primary")
    expect(page.get_by_text("9,876.00").first).to_be_visible()
    page.click("form[action$='begin/'] button")
    upload = upload_of(page)
    changed = page.get_by_text("9,876")
    for _ in range(120):  # the worker of the background takes it up in its own time
        page.goto(f"{address}/people/?work=at_work")
        if changed.count() == 2:
            break
        page.wait_for_timeout(500)
    expect(changed).to_have_count(2)
    page.goto(upload)
    expect(page.get_by_text("已导入").first).to_be_visible(timeout=60_000)
    page.locator("#undo button").last.click()
    expect(page.get_by_text("已撤销").first).to_be_visible()
    page.goto(f"{address}/people/?work=at_work")
    expect(page.get_by_text("9,876")).to_have_count(0)


def test_a_request_of_a_person_is_registered_and_answered(page, address):
    page.goto(f"{address}/people/")
    page.locator("#people a[href^='/persons/']").first.click()
    page.click("a[href$='/correction/']")
    page.locator("[name=kind][value=correct]").check()
    page.fill("[name=said_words]", "学历应为初中")
    page.click("form.card-in button.btn-primary")
    page.locator("#corrections a[href^='/people/corrections/']").first.click()
    expect(page.get_by_text("学历应为初中")).to_be_visible()
    page.locator("[name=answer][value=done]").check()
    page.fill("[name=reply]", "已更正为初中")
    page.click("form.card-in button.btn-primary")
    expect(page.get_by_text("已更正为初中")).to_be_visible()


def test_a_finding_is_looked_into_and_waived(page, address):
    page.goto(f"{address}/quality/")
    page.locator("a[href*='rule=']").first.click()
    boxes = page.locator("#findings tbody [data-select]")
    boxes.first.check()
    page.click("[data-batch] button[formaction$='/waive/']")
    page.fill("[name=reason]", "已入户核实，情况属实")
    page.click("form.card-in button.btn-primary")
    expect(page.get_by_text("已豁免 1 条")).to_be_visible()
    page.select_option("[name=state]", "waived")
    expect(page.get_by_text("已入户核实，情况属实")).to_be_visible()
