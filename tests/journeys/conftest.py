"""A served installation of its own, and Debian's chromium."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.commands.conftest import Home, empty_home  # noqa: F401  the fixture is used by name

PASSWORD = "frühling-im-bezirk-7"
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-sync"]


def free_port() -> int:
    """A port of this machine that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def add_user(home: Home, username: str, role: str, division: str) -> None:
    """A user made by the real command; the password goes in by standard input."""
    environment = {**os.environ, "BANGFU_HOME": str(home.folder), "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [
        str(Path(sys.executable).parent / "bangfu"), "user", username, "--name", "刘敏", "--role", role, "--division",
        division, "--on", "2026-01-01",
    ]  # fmt: skip
    subprocess.run(command, env=environment, input=PASSWORD, text=True, check=True, capture_output=True)


@pytest.fixture(scope="session")
def county_home(empty_home, tmp_path_factory):  # noqa: F811
    """A register without people, with an officer and a supervisor.

    Its night has run, so that the schedule of `bangfu serve` runs none between two ledgers of a journey.
    """
    import shutil

    folder = tmp_path_factory.mktemp("served") / "home"
    shutil.copytree(empty_home.folder, folder)
    shutil.copy(f"{empty_home.folder}.keys", f"{folder}.keys")
    home = Home(folder, "")
    add_user(home, "county", "county_officer", "150522000000")
    add_user(home, "supervisor", "supervisor", "150500000000")
    home.json("nightly")
    return home


@pytest.fixture(scope="session")
def served(county_home):
    """The address at which `bangfu serve` answers."""
    with serving(county_home) as address:
        yield address


@contextmanager
def serving(home: Home):
    """`bangfu serve` for a home; gives its address."""
    port = free_port()
    environment = {**os.environ, "BANGFU_HOME": str(home.folder), "DJANGO_SETTINGS_MODULE": "config.settings"}
    environment.pop("BANGFU_DATABASE", None)
    log = (home.folder / "serve.log").open("w")
    command = [str(Path(sys.executable).parent / "bangfu"), "serve", "--port", str(port), "--workers", "1"]
    process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(address)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)
        log.close()


def wait_for(address: str) -> None:
    """Until the entry page answers, at most a minute."""
    for _ in range(240):
        try:
            with urllib.request.urlopen(f"{address}/sign-in/", timeout=2):  # noqa: S310  our own server
                return
        except OSError:
            time.sleep(0.25)
    raise AssertionError("the server did not begin to answer")


@pytest.fixture(scope="session")
def chromium():
    """One browser for all journeys."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_browser(chromium, served):
    """A fresh window, signed in; `width` in pixels, `language` zh-hans or en. Errors of scripts fail the test."""
    with windows(chromium, served) as open_window:
        yield open_window


@contextmanager
def windows(chromium, address):
    """A function that opens fresh windows, signed in; at the end no script and no rule of the page was broken."""
    contexts, mistakes = [], []

    def open_window(username: str = "county", *, width: int = 1280, language: str = "zh-hans"):
        context = chromium.new_context(viewport={"width": width, "height": 900}, accept_downloads=True)
        contexts.append(context)
        context.add_cookies([{"name": "django_language", "value": language, "url": address}])
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: mistakes.append(str(error)))
        page.on("console", lambda message: mistakes.append(message.text) if message.type == "error" else None)
        page.goto(f"{address}/sign-in/")
        page.fill("[name=username]", username)
        page.fill("[name=password]", PASSWORD)
        page.click("form.gate-form button")
        page.wait_for_url(f"{address}/")
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert mistakes == []
