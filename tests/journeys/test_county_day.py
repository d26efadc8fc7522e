"""A county's day in a real browser: import, night, worklist, survey, offers, hire, bulletin."""

import csv
from datetime import timedelta

import pytest
from django.utils.timezone import localdate
from playwright.sync_api import expect

from tests.commands.conftest import LEDGERS

pytestmark = pytest.mark.journey


HEAD = "单位名称 统一社会信用代码 岗位名称 招聘人数 月薪下限 月薪上限 工作省 工作市 工作县 年龄下限 有效期至"
PLACE = "内蒙古自治区 通辽市 科尔沁左翼后旗"


def posts_file(path):
    """Five vacancies for almost everybody, valid for two more months."""
    until = (localdate() + timedelta(days=60)).isoformat()
    titles = ("养老护理员", "焊工", "保安员", "家政服务员", "中式烹调师")
    rows = [f"合成食品有限公司 91350100M000100Y43 {title} 100 6500 8200 {PLACE} 18 {until}" for title in titles]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(row.split() for row in (HEAD, *rows))
    return path


def bring_in(page, served, kind, file, rows):
    """Send a ledger, look at the preview, import it, wait until it is done."""
    page.goto(f"{served}/imports/")
    page.check(f"[name=kind][value={kind}]")
    page.set_input_files("[name=file]", str(file))
    page.click("form[enctype] button.btn-primary")
    page.click("form[action$='begin/'] button")
    expect(page.get_by_text("已导入").first).to_be_visible(timeout=60_000)
    expect(page.get_by_text(f"{rows}").first).to_be_visible()


def send(button):
    """Press it and wait for the answer of the server: a green note may stand on the page from before."""
    with button.page.expect_response(lambda answer: answer.request.method == "POST"):
        button.click()


def give(form, answer):
    """Answer a form of the case page and send it."""
    form.locator(f"[name=answer][value={answer}]").check()
    send(form.locator("button").last)


def test_from_a_ledger_to_a_job(open_browser, served, county_home, tmp_path):
    page = open_browser()
    bring_in(page, served, "roster", LEDGERS / "roster-county.xlsx", 584)
    with page.expect_download() as download:
        page.click("a[href*='failed']")
    assert download.value.suggested_filename.endswith(".xlsx")
    bring_in(page, served, "jobs", LEDGERS / "jobs.xlsx", 427)
    bring_in(page, served, "posts", posts_file(tmp_path / "posts.csv"), 5)
    night = county_home.json("nightly")
    assert night["offers"] > 0

    page.goto(f"{served}/")
    page.locator("tr[data-row] a.btn").first.click()
    address = page.url.split("#")[0]
    survey_need(page)
    give_package(page, address)
    answer_offers(page, address)
    person = page.locator("a[href^='/persons/']").first.get_attribute("href")
    start_work(page)
    page.goto(f"{served}{person}")
    expect(page.get_by_text("合成食品有限公司").first).to_be_visible()
    expect(page.get_by_text("在岗").first).to_be_visible()

    after = county_home.json("nightly")
    assert after["at_work"] == night["at_work"] + 1
    assert after["cases_open"] == night["cases_open"] - 1
    read_bulletin(page, served, county_home, after["at_work"])


def survey_need(page):
    """The first leg: what the person wants."""
    survey = page.locator("form[action$='survey/']")
    survey.locator("[name=finding][value=confirmed]").check()
    survey.locator("[name=wished_occupation]").fill("养老护理员")
    survey.locator("[name=wage_floor_amount]").fill("3000")
    survey.locator("[name=wants_training][value=no]").check()
    send(survey.locator("button").last)
    expect(page.locator(".note-green").first).to_be_visible()


def give_package(page, address):
    """One guidance and one training offer, each with the person's answer."""
    for name, title, answer in (
        ("guidance", "求职方向与面试准备", "accepted"),
        ("training", "养老护理员（五级）培训班", "thinking"),
    ):
        page.goto(address)
        form = page.locator(f"form[action$='{name}/']")
        open_fold(form)
        form.locator("[name=title]").fill(title)
        give(form, answer)
        expect(page.locator(".note-green").first).to_be_visible()


def answer_offers(page, address):
    """The first offer is accepted, the others are thought over."""
    page.goto(address)
    forms = page.locator("form[action*='offers']:has([name=answer])")
    offers = forms.count()
    assert offers >= 1
    for number in range(offers):
        page.goto(address)
        open_fold(forms.nth(number))
        give(forms.nth(number), "accepted" if number == 0 else "thinking")
        expect(page.locator(".note-green").first).to_be_visible()
    page.goto(address)


def start_work(page):
    """The accepted offer becomes a job from today."""
    hire = page.locator("form[action*='hire']")
    hire.locator("[name=start_on]").fill(localdate().isoformat())
    send(hire.locator("button"))
    expect(page.locator(".note-green").first).to_be_visible()


def read_bulletin(page, served, county_home, at_work):
    """The page shows the figure that the console prints, and the night counted."""
    month = f"{localdate():%Y-%m}"
    figures = county_home.json("bulletin", "--division", "150522", "--month", month)["figures"]
    assert figures["I1"]["value"] == at_work
    page.goto(f"{served}/bulletins/?division=150522000000&month={month}")
    expect(page.get_by_text(f"{at_work:,}").first).to_be_visible()


def open_fold(form):
    """Forms that are not the next step are folded away."""
    fold = form.locator("xpath=ancestor::details[1]")
    if fold.count() and fold.get_attribute("open") is None:
        fold.locator("summary").click()


def test_a_supervisor_sees_and_changes_nothing(open_browser, served):
    page = open_browser("supervisor")
    page.goto(f"{served}/imports/")
    assert page.locator("form[enctype]").count() == 0
