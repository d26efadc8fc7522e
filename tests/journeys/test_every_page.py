"""Every page in a real browser, in both languages, on a desk and on a phone: accessible, in its window, translated."""

import re
import shutil
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils.timezone import localdate
from playwright.sync_api import expect
from python_calamine import CalamineWorkbook

from tests.commands.conftest import LEDGERS, Home, empty_home  # noqa: F401  the fixture is used by name
from tests.intake.ledger_files import text
from tests.journeys.conftest import PASSWORD, add_user, serving, windows
from tests.journeys.test_county_day import posts_file

pytestmark = pytest.mark.journey

DESK, PHONE = 1280, 390
AXE = Axe().axe_script
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
LATIN = re.compile(r"[A-Za-z]{3,}")
NO_WORDS = re.compile(r"\S+\.(xlsx|xls|csv)\b|\b[0-9a-f]{64}\b|\S*SUM\S*|\b\w{4}-\w{4}-\w{4}\b")
# files, fingerprints, a cell of the ledger, numbers of exports
# Names and keys stay as they are.
KNOWN = {"Excel", "JSON", "WPS", "OpenDocument", "CSV", "UTF", "Ctrl", "Enter", "bangfu", "prove"}
# The rows of a list are alike: the first eight stand for all.
PART = {"exclude": [["tbody > tr:nth-child(n+9)"], ["tbody:nth-of-type(n+9)"], [".round > li:nth-child(n+9)"]]}
MOST_BYTES = 200 * 1024
WORDS_OF_PAGE = """() => {
    const said = [document.title, document.querySelector('main').innerText];
    for (const name of ['aria-label', 'title', 'placeholder', 'alt'])
        document.querySelectorAll(`[${name}]`).forEach((node) => said.push(node.getAttribute(name)));
    return said.join('\\n');
}"""

# A text of which nearly every line holds one character: its box was squeezed to nothing.
SQUEEZED = """() => [...document.querySelectorAll('main :is(td, th)')].flatMap((cell) => {
    const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT), found = [];
    while (walker.nextNode()) {
        const text = walker.currentNode.data.trim(), range = document.createRange();
        range.selectNodeContents(walker.currentNode);
        const lines = new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size;
        if (text.length >= 4 && lines > text.length / 2) found.push(text.slice(0, 20));
    }
    return found;
})"""


@pytest.fixture(scope="module")
def busy_home(empty_home, tmp_path_factory):  # noqa: F811
    """A register with people, jobs, vacancies, and a night over them: the opened cases have offers."""
    folder = tmp_path_factory.mktemp("busy") / "home"
    shutil.copytree(empty_home.folder, folder)
    home = Home(folder, "")
    add_user(home, "county", "county_officer", "150522000000")
    for kind, file in (("roster", LEDGERS / "roster-county.xlsx"), ("jobs", LEDGERS / "jobs.xlsx")):
        home.run("import", kind, str(file))
    home.run("import", "posts", str(posts_file(folder / "posts.csv")))
    deaths, month = folder / "deaths.csv", f"{localdate().replace(day=1) - timedelta(days=1):%Y-%m}"
    deaths.write_bytes(deaths_without_numbers())
    told = home.json("feed", "death", str(deaths), "--month", month, "--division", "150522000000")
    assert told["to_review"] > 0
    assert home.json("nightly")["offers"] > 0
    return home


def deaths_without_numbers():
    """A list of deaths that names people of the roster, with ID numbers that cannot be any."""
    sheet = CalamineWorkbook.from_path(LEDGERS / "roster-county.xlsx").get_sheet_by_index(0).to_python()
    header = next(row for row in sheet if "姓名" in row and "证件号码" in row)
    at = {label: header.index(label) for label in ("姓名", "证件号码")}
    rows = [row for row in sheet[sheet.index(header) + 1 :] if str(row[at["证件号码"]]).startswith("9905")][:5]
    cells = [(str(row[at["姓名"]]), str(row[at["证件号码"]])) for row in rows]
    died = localdate().replace(day=1) - timedelta(days=1)
    lines = [[name, number[6:14], number[:17], died.isoformat()] for name, number in cells]
    return text(["姓名", "出生日期", "身份证号", "死亡日期"], *lines)


@pytest.fixture(scope="module")
def address(busy_home):
    with serving(busy_home) as found:
        yield found


@pytest.fixture(scope="module")
def paths(chromium, address):
    """Every page by name; those of one row are found by the links that lead to them."""
    with windows(chromium, address) as open_window:
        page = open_window()
        done = send(page, address, "posts", "posts.xlsx")
        page.click("form[action$='begin/'] button")
        expect(page.locator("#undo")).to_be_visible(timeout=60_000)
        found = {
            "import done": done, "import to decide": send(page, address, "roster", "roster-by-town.xlsx"),
            "imports": "/imports/", "worklist": "/", "nothing waits": "/?due=overdue&helper=me", "people": "/people/",
            "nobody fits": "/people/?work=at_work&able=no", "work round": "/people/work-round/", "request": "/request/",
            "cases": "/cases/", "closed cases": "/cases/?state=closed", "posts": "/posts/", "matching": "/matching/",
            "no posts": "/posts/?state=closed", "signals": "/signals/", "bulletin of nobody": "/bulletins/",
            "differences": "/people/differences/", "duplicates": "/people/duplicates/",
            "corrections": "/people/corrections/", "data quality": "/quality/",
            "no findings": "/quality/?state=waived", "coverage": "/coverage/",
            "covered persons": "/coverage/work/in_clock/",
            "exports": "/exports/", "export people": "/exports/new/people/?work=jobless",
            "export posts": "/exports/new/posts/", "export templates": "/exports/templates/",
            "new export template": "/exports/templates/new/people/", "made export": export_made(page, address),
            "outside lists": "/feeds/", "ways out": "/cases/ways-out/", "ran out": "/cases/escalations/",
            "forecast": "/cases/forecast/", "referrals": "/cases/referrals/", "pairing": "/cases/pairing/",
            "bulletin": f"/bulletins/?division=150522000000&month={localdate():%Y-%m}",
        }  # fmt: skip
        leads = {
            "case": ("worklist", "tr a[href^='/cases/']"), "jobless": ("people", "a[href^='/persons/']"),
            "household": ("people", "a[href^='/households/']"), "villages": ("work round", "tr a[href*='division=']"),
            "village": ("villages", "tr a[href*='village=']"), "post": ("posts", "tr a[href^='/posts/']"),
            "round": ("matching", "tr a[href^='/matching/']"), "rule": ("signals", "tr a[href^='/signals/']"),
            "list": ("outside lists", "#feeds th a[href^='/feeds/']"),
            "unsure lines": ("outside lists", "#feeds a[href$='/review/']"),
            "rows": ("bulletin", "td a.fig[href*='/I1/']"), "families": ("bulletin", "td a.fig[href*='/I17/']"),
        }  # fmt: skip
        for name, (start, link) in leads.items():
            page.goto(address + found[start])
            href = page.locator(link).first.get_attribute("href")
            found[name] = href if href.startswith("/") else found["work round"] + href
        found["visits"] = f"/cases{found['household']}visits/"
        found["policy card"] = f"/cases{found['household']}card/"
        found["plan"] = f"{found['case']}plan/"
        page.goto(address + found["case"])
        found["person"] = page.locator("a[href^='/persons/']").first.get_attribute("href")
        key = found["person"].split("/")[2]
        found |= {
            "fact": f"/people/{key}/facts/intent/", "account": f"/people/{key}/facts/bankaccount/",
            "ask": f"/people/{key}/correction/", "copy": f"/persons/{key}/copy/",
        }  # fmt: skip
        return found


def send(page, address, kind, file):
    """Send a ledger with bad rows; the path of its preview."""
    page.goto(f"{address}/imports/")
    page.check(f"[name=kind][value={kind}]")
    page.set_input_files("[name=file]", str(LEDGERS / file))
    page.click("form[enctype] button.btn-primary")
    expect(page.locator("tr.why").first).to_be_visible()
    return page.url.removeprefix(address)


def export_made(page, address):
    """Ask for the list of posts; the path of the export."""
    page.goto(f"{address}/exports/new/posts/")
    page.fill("[name=recipient]", "县医保局")
    page.fill("[name=purpose]", "核对岗位")
    page.click("form[method=post][action*='/exports/new/'] button.btn-primary")
    expect(page.locator("form[action$='/file/']")).to_be_visible()
    return page.url.removeprefix(address)


def faults_of(page, name, width):
    """What is wrong with the page as it stands at this width."""
    page.set_viewport_size({"width": width, "height": 900})
    faults = []
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > width:
        faults.append(f"{name} at {width}: {wide} pixels wide")
    faults += [f"{name} at {width}: squeezed: {text}" for text in page.evaluate(SQUEEZED)]
    broken = page.evaluate("([part, rules]) => axe.run(part, rules)", [PART, RULES])["violations"]
    return faults + [f"{name} at {width}: {found['id']}: {found['nodes'][0]['html'][:200]}" for found in broken]


def untranslated(page, name):
    """Latin words of a Chinese page that are neither names nor keys."""
    text = NO_WORDS.sub("", page.evaluate(WORDS_OF_PAGE))
    return [f"{name}: {word}" for word in sorted(set(LATIN.findall(text)) - KNOWN)]


def searched(page, address):
    """The results of a search, and of the search for somebody who asks for help: both are sent by POST."""
    page.goto(address)
    page.fill("[data-find]", "王")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/")
    yield "search"
    page.goto(f"{address}/request/")
    page.fill("#who", "王")
    page.keyboard.press("Enter")
    expect(page.locator(".fold").first).to_be_visible()
    yield "request with persons"


def waived(page, address):
    """The form that waives a finding of the list; it is reached by POST."""
    page.goto(f"{address}/quality/")
    page.locator("[data-select-all]").check()
    page.click("[data-batch] button[formaction$='/waive/']")
    expect(page.locator("[name=until]")).to_be_visible()
    yield "waiver"


def each_page(page, address, paths):
    """The names of the pages; each is open when its name is given."""
    for name, path in paths.items():
        answer = page.goto(address + path)
        assert answer.status == 200, name
        if name == "bulletin":
            expect(page.locator(".rank")).to_be_visible()
            expect(page.locator("svg.plot").first).to_be_visible()
        yield name
    yield from searched(page, address)
    yield from waived(page, address)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_are_accessible_translated_and_in_their_window(chromium, address, paths, language):
    faults = []
    with windows(chromium, address) as open_window:
        page = open_window(language=language)
        page.add_init_script(AXE)
        for name in each_page(page, address, paths):
            if language == "zh-hans":
                faults += untranslated(page, name)
            for width in (PHONE, DESK):
                faults += faults_of(page, name, width)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_before_signing_in_and_errors(chromium, address, language):
    context = chromium.new_context()
    context.add_cookies([{"name": "django_language", "value": language, "url": address}])
    context.add_init_script(AXE)
    page, faults = context.new_page(), []

    def check(name):
        if language == "zh-hans":
            faults.extend(untranslated(page, name))
        faults.extend(fault for width in (PHONE, DESK) for fault in faults_of(page, name, width))

    page.goto(f"{address}/sign-in/")
    check("sign-in")
    for _ in range(5):
        page.goto(f"{address}/sign-in/")
        page.fill("[name=username]", f"stranger-{language}")
        page.fill("[name=password]", "wrong")
        page.click("form.gate-form button")
        page.wait_for_load_state()
    assert page.locator("form").count() == 0, "the entry is not locked"
    check("locked")
    page.goto(f"{address}/sign-in/")
    page.fill("[name=username]", "county")
    page.fill("[name=password]", PASSWORD)
    page.click("form.gate-form button")
    page.wait_for_url(f"{address}/")
    assert page.goto(f"{address}/persons/1/").status == 404
    check("not found")
    context.close()
    assert not faults, "\n".join(faults)


def test_the_first_load_of_the_worklist_is_small(chromium, address):
    with windows(chromium, address) as open_window:
        cookies = open_window().context.cookies()
        context = chromium.new_context()
        context.add_cookies(cookies)
        page = context.new_page()
        session, sizes = context.new_cdp_session(page), []
        session.send("Network.enable")
        session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
        page.goto(address, wait_until="networkidle")
        assert page.locator("tr[data-row]").count() == 25
        context.close()
    assert len(sizes) >= 5
    assert sum(sizes) <= MOST_BYTES, sizes


def test_the_worklist_by_keyboard(chromium, address):
    with windows(chromium, address) as open_window:
        page = open_window()
        links = page.locator("tr[data-row] th a")
        page.keyboard.press("j")
        expect(links.nth(0)).to_be_focused()
        page.keyboard.press("j")
        expect(links.nth(1)).to_be_focused()
        page.keyboard.press("k")
        expect(links.nth(0)).to_be_focused()
        page.keyboard.press("x")
        expect(page.locator("[data-select]").nth(0)).to_be_checked()
        expect(page.locator("[data-batch]")).to_be_visible()
        page.keyboard.press("Control+k")
        expect(page.locator("[data-find]")).to_be_focused()
