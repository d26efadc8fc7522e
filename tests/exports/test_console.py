"""The console follows the rules of the page, on both databases; a killed command leaves no half file."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from tests.commands.conftest import LEDGERS, copied, empty_home  # noqa: F401  the fixture is used by name
from tests.journeys.conftest import PASSWORD

pytestmark = pytest.mark.db
PURPOSE = "核对名单"


@pytest.fixture(scope="module")
def settled(empty_home, tmp_path_factory):  # noqa: F811
    """A register with people, two county officers and one of a village."""
    home = copied(empty_home, tmp_path_factory.mktemp("settled") / "home")
    users = {"county": ("county_officer", "150522"), "second": ("county_officer", "150522")}
    for username, (role, division) in {**users, "village": ("village_officer", "150522202211")}.items():
        command = [
            str(Path(sys.executable).parent / "bangfu"), "user", username, "--name", "刘敏", "--role", role,
            "--division", division, "--on", "2026-01-01",
        ]  # fmt: skip
        subprocess.run(command, env=environment(home), input=PASSWORD, text=True, check=True, capture_output=True)
    home.run("import", "roster", str(LEDGERS / "roster-county.xlsx"))
    return home


@pytest.fixture
def county(settled, tmp_path):
    """That register, for one test."""
    return copied(settled, tmp_path / "home")


def environment(of):
    """What the command `bangfu` needs to find the register of a home."""
    given = {**os.environ, "BANGFU_HOME": str(of.folder), "DJANGO_SETTINGS_MODULE": "config.settings"}
    given.pop("BANGFU_DATABASE", None)
    return {**given, "BANGFU_DATABASE": of.database} if of.database else given


def rows_of(path):
    return CalamineWorkbook.from_path(path).get_sheet_by_index(1).to_python()


def test_a_list_goes_to_a_file(county, tmp_path):
    out = tmp_path / "people.xlsx"
    given = ("--purpose", PURPOSE, "--out", str(out))
    county.run("export", "people", "--filter", "category=marginal", "--by", "county", *given)
    head, *rows = rows_of(out)
    assert rows
    assert {row[head.index("人员类别")] for row in rows} == {"边缘易致贫户"}
    out.unlink()
    for wrong in (
        ("people", "--by", "village"), ("people", "--by", "nobody"), ("people", "--by", "county", "--filter", "x=1"),
        ("people", "--by", "county", "--column", "id_number=none"), ("people", "--by", "county", "--template", "谁"),
        ("people", "--by", "county", "--filter", "town=150502001000"),
        ("people", "--by", "county", "--column", "id_number=whole"),
    ):  # fmt: skip
        assert county.run("export", *wrong, *given, expect=1).stderr.startswith("bangfu: ")
        assert not out.exists()
    assert not list(tmp_path.glob("*.part"))


APPROVE = """
from django.utils import timezone
from bangfu.accounts.models import User
from bangfu.exports.actions import decide_export
from bangfu.exports.models import Export
second = User.objects.get(username="second")
decide_export(Export.objects.get(), approve=True, reason="同意", by=second, at=timezone.now())
"""


def test_a_killed_command_leaves_no_file_and_the_next_one_is_whole(county, tmp_path):
    out, sealed = tmp_path / "all.xlsx", county.folder / "exports"
    given = ("--by", "county", "--out", str(out))
    columns = ("--column", "name", "--column", "id_number=whole")  # whole numbers: a second person is needed
    refused = county.run("export", "people", "--purpose", PURPOSE, *columns, *given, expect=1)
    key = re.search(r"export-file (\d+)", refused.stderr)[1]
    county.run("export-file", key, *given, expect=1)
    county.run("manage", "shell", "-c", APPROVE)
    command = [str(Path(sys.executable).parent / "bangfu"), "export-file", key, *given]
    running = subprocess.Popen(command, env=environment(county), stderr=subprocess.DEVNULL)
    began = time.monotonic()
    while time.monotonic() - began < 60 and running.poll() is None and not list(sealed.glob("*.part")):
        time.sleep(0.002)
    running.send_signal(signal.SIGKILL)
    assert running.wait() == -signal.SIGKILL
    assert not list(sealed.glob("*.sealed"))
    assert not out.exists()
    done = county.run("export-file", key, *given)
    assert re.search(r"\d+", done.stderr)[0] == str(len(rows_of(out)) - 1)
