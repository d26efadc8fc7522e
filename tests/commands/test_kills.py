"""kill -9 while an import or a bulk edit is written: nothing lost, nothing doubled, the next run goes on (bars.md)."""

import csv
import io
import os
import signal
import subprocess
import sys
import time
from datetime import date
from itertools import islice
from pathlib import Path

import pytest

from bangfu.demo.invention import Inventor, Village
from tests.commands.conftest import ON

pytestmark = pytest.mark.db

HEADER = ["市", "县(市、区)", "乡镇", "行政村", "户编号", "姓名", "性别", "证件号码", "联系电话", "户类型"]
EDIT_HEADER = ["姓名", "身份证号", "办理事项", "日期", "单位名称", "月收入"]
ROWS, EDITS = 3000, 1500


def written(folder, name, rows):
    target = io.StringIO()
    csv.writer(target).writerows(rows)
    path = folder / name
    path.write_text(target.getvalue(), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def ledgers(tmp_path_factory):
    """A roster of three thousand invented people of one village, and a sheet that gives half of them a job."""
    village = Village("150522202211", 4000)
    people = list(islice(Inventor(date(2026, 6, 30), seed=3).households([village]), ROWS))
    members = [
        [
            "通辽市", "科尔沁左翼后旗", "散都苏木", "公河来村委会", one["household_no"], one["name"],
            "男" if one["sex"] == "male" else "女", one["id_number"], one["phone"] or "", "脱贫户",
        ]
        for one in people
    ]  # fmt: skip
    deeds = [
        [one["name"], one["id_number"], "开始就业", "2026-06-20", "合成电子有限公司", 4000 + number]
        for number, one in enumerate(people[:EDITS])
    ]
    folder = tmp_path_factory.mktemp("ledgers")
    return written(folder, "roster.csv", [HEADER, *members]), written(folder, "edits.csv", [EDIT_HEADER, *deeds])


def start(home, kind, ledger):
    environment = {**os.environ, "BANGFU_HOME": str(home.folder), "DJANGO_SETTINGS_MODULE": "config.settings"}
    if home.database:
        environment["BANGFU_DATABASE"] = home.database
    command = [str(Path(sys.executable).parent / "bangfu"), "import", kind, str(ledger), "--on", ON]
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def asked(home, code):
    return home.run("manage", "shell", "-v", "0", "-c", code).stdout.strip()


def killed(home, kind, ledger, seconds):
    """Begin and kill after as long; whether it was killed, and not done before."""
    process = start(home, kind, ledger)
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    return process.wait() == -signal.SIGKILL


COUNT = (
    "from bangfu.people.models import *; from bangfu.intake.models import Batch; "
    "print(Person.objects.count(), Membership.objects.count(), Contact.objects.count(), Standing.objects.count(), "
    "Batch.objects.count(), list(Batch.objects.values_list('state', 'rows_applied')))"
)


BATCHES = "from bangfu.intake.models import Batch; print(Batch.objects.latest('pk').pk)"


def test_ten_kills_lose_nothing(home, ledgers):
    roster, _ = ledgers
    began = time.monotonic()
    assert start(home, "roster", roster).wait(timeout=120) == 0
    length = time.monotonic() - began
    wanted = asked(home, COUNT)
    home.run("undo", asked(home, BATCHES), "--on", ON)
    for number in range(10):
        killed(home, "roster", roster, length * (0.35 + 0.06 * number))
    assert start(home, "roster", roster).wait(timeout=120) == 0
    got = asked(home, COUNT)
    assert got.split()[0] == wanted.split()[0] == str(ROWS)
    assert got.split()[3] == wanted.split()[3]
    believed = (
        "from bangfu.people.models import *; print(Membership.objects.open().count(), Contact.objects.open().count())"
    )
    members, contacts = asked(home, believed).split()
    assert members == wanted.split()[1]
    assert contacts == wanted.split()[2]


JOBS = (
    "from bangfu.people.models import *; "
    "print(Job.objects.count(), Job.objects.open().values('person').distinct().count(), "
    "sum(Job.objects.open().values_list('wage_amount', flat=True)), "
    "Standing.objects.filter(work_status='at_work').count())"
)


def test_a_killed_bulk_edit_goes_on_and_doubles_nothing(home, ledgers):
    roster, edits = ledgers
    assert start(home, "roster", roster).wait(timeout=120) == 0
    began = time.monotonic()
    assert start(home, "edits", edits).wait(timeout=120) == 0
    length = time.monotonic() - began
    wanted = asked(home, JOBS)
    assert wanted.split()[:2] == [str(EDITS), str(EDITS)]
    home.run("undo", asked(home, BATCHES), "--on", ON)
    assert asked(home, JOBS).split()[1] == "0"
    cut_short = [killed(home, "edits", edits, length * share) for share in (0.45, 0.6, 0.75)]
    assert any(cut_short)
    assert start(home, "edits", edits).wait(timeout=120) == 0
    # Taken back and made anew: the jobs of the first run stay as no longer believed, nothing else is there twice.
    undone, holders, wages, at_work = asked(home, JOBS).split()
    assert int(undone) == 2 * EDITS
    assert [holders, wages, at_work] == wanted.split()[1:]
