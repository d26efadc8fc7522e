"""From a filtered list to the file on the desk: the same rows, in a real browser; whole numbers need two people."""

import shutil

import pytest
from playwright.sync_api import expect
from python_calamine import CalamineWorkbook

from tests.commands.conftest import LEDGERS, Home, empty_home  # noqa: F401  the fixture is used by name
from tests.journeys.conftest import add_user, serving, windows

pytestmark = pytest.mark.journey
FILTER = "/people/?category=marginal"


@pytest.fixture(scope="module")
def address(empty_home, tmp_path_factory):  # noqa: F811
    """A served register with people, two officers of the county."""
    folder = tmp_path_factory.mktemp("exports") / "home"
    shutil.copytree(empty_home.folder, folder)
    home = Home(folder, "")
    for username in ("county", "second"):
        add_user(home, username, "county_officer", "150522000000")
    home.run("import", "roster", str(LEDGERS / "roster-county.xlsx"))
    with serving(home) as found:
        yield found


def listed(page, address):
    """The names of all rows of the filtered list, page by page, and the number that the page says."""
    page.goto(address + FILTER)
    said = int("".join(filter(str.isdigit, page.locator("#people [role=status]").inner_text())))
    names = []
    while True:
        names += page.locator("#people tbody th b").all_inner_texts()
        following = page.locator(".pages a[href*='after=']")
        if not following.count():
            return names, said
        page.goto(address + "/people/" + following.first.get_attribute("href"))


def ask(page, address, columns=()):
    """Ask for the filtered list by its button."""
    page.goto(address + FILTER)
    page.click("#people a[href*='/exports/new/people/']")
    page.fill("[name=recipient]", "县医保局")
    page.fill("[name=purpose]", "核对参保名单")
    for code, mask in columns:
        page.check(f"#column-{code}")
        page.select_option(f"[name=mask_{code}]", mask)
    page.click("form[method=post][action*='/exports/new/'] button.btn-primary")


def downloaded(page, folder):
    """The rows of the file that the button gives, the names of the columns first."""
    with page.expect_download() as started:
        page.click("form[action$='/file/'] button")
    path = folder / started.value.suggested_filename
    started.value.save_as(path)
    return CalamineWorkbook.from_path(path).get_sheet_by_index(1).to_python()


def test_the_file_is_the_list(chromium, address, tmp_path):
    with windows(chromium, address) as open_window:
        page = open_window()
        names, said = listed(page, address)
        assert len(names) == said > 0
        ask(page, address)
        head, *rows = downloaded(page, tmp_path)
        assert head[0] == "姓名"
        assert [row[0] for row in rows] == names
        page.goto(f"{address}/exports/")
        expect(page.locator("table .st-green")).to_be_visible()


def test_whole_numbers_leave_only_when_a_second_person_agrees(chromium, address, tmp_path):
    with windows(chromium, address) as open_window:
        page = open_window()
        ask(page, address, [("id_number", "whole")])
        asked = page.url
        expect(page.locator("form[action$='/file/']")).to_have_count(0)
        expect(page.locator("form[action$='/decide/']")).to_have_count(0)
        other = open_window("second")
        other.goto(f"{address}/exports/")
        other.click("table a.btn-go")
        other.fill("[name=reason]", "用途明确")
        other.click("button[value=approve]")
        other.wait_for_url(f"{address}/exports/")
        page.goto(asked)
        expect(page.locator("form[action$='/file/']")).to_be_visible(timeout=60_000)
        head, *rows = downloaded(page, tmp_path)
        numbers = [row[head.index("身份证号")] for row in rows]
        assert all(number.startswith("990522") and len(number) == 18 and "*" not in number for number in numbers)
