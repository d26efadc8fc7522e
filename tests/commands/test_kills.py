"""kill -9 at ten moments of an import: nothing is lost, nothing doubled, the next run goes on (bars.md)."""

import csv
import io
import os
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from bangfu.demo.invention import Inventor, Village
from tests.commands.conftest import ON

pytestmark = pytest.mark.db

HEADER = ["市", "县(市、区)", "乡镇", "行政村", "户编号", "姓名", "性别", "证件号码", "联系电话", "户类型"]
ROWS = 6000


@pytest.fixture(scope="module")
def roster(tmp_path_factory):
    """A roster of six thousand invented people of one village."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(HEADER)
    people = Inventor(date(2026, 6, 30), seed=3).households([Village("150522202211", 4000)])
    for row, _ in zip(people, range(ROWS), strict=False):
        sex = "男" if row["sex"] == "male" else "女"
        writer.writerow([
            "通辽市", "科尔沁左翼后旗", "散都苏木", "公河来村委会", row["household_no"], row["name"], sex,
            row["id_number"], row["phone"] or "", "脱贫户",
        ])  # fmt: skip
    path = tmp_path_factory.mktemp("roster") / "roster.csv"
    path.write_text(target.getvalue(), encoding="utf-8")
    return path


def start(home, roster):
    environment = {**os.environ, "BANGFU_HOME": str(home.folder), "DJANGO_SETTINGS_MODULE": "config.settings"}
    if home.database:
        environment["BANGFU_DATABASE"] = home.database
    command = [str(Path(sys.executable).parent / "bangfu"), "import", "roster", str(roster), "--on", ON]
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


COUNT = (
    "from bangfu.people.models import *; from bangfu.intake.models import Batch; "
    "print(Person.objects.count(), Membership.objects.count(), Contact.objects.count(), Standing.objects.count(), "
    "Batch.objects.count(), list(Batch.objects.values_list('state', 'rows_applied')))"
)


def test_ten_kills_lose_nothing(home, roster):
    began = time.monotonic()
    whole = start(home, roster)
    assert whole.wait(timeout=120) == 0
    length = time.monotonic() - began
    wanted = home.run("manage", "shell", "-v", "0", "-c", COUNT).stdout
    batch = home.run(
        "manage", "shell", "-v", "0", "-c", "from bangfu.intake.models import Batch; print(Batch.objects.get().pk)"
    )
    home.run("undo", batch.stdout.strip(), "--on", ON)
    for number in range(10):
        process = start(home, roster)
        time.sleep(length * (0.35 + 0.06 * number))
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert start(home, roster).wait(timeout=120) == 0
    got = home.run("manage", "shell", "-v", "0", "-c", COUNT).stdout
    assert got.split()[0] == wanted.split()[0] == str(ROWS)
    assert got.split()[3] == wanted.split()[3]
    believed = (
        "from bangfu.people.models import *; print(Membership.objects.open().count(), Contact.objects.open().count())"
    )
    members, contacts = home.run("manage", "shell", "-v", "0", "-c", believed).stdout.split()
    assert members == wanted.split()[1]
    assert contacts == wanted.split()[2]
