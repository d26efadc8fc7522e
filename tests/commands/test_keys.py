"""The key file and the rotation of keys, through the real command: nothing is lost whenever it is killed."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from config.keys import read_keys
from tests.commands.conftest import LEDGERS, ON, copied

pytestmark = pytest.mark.db
OPENED = (
    "from bangfu.people.models import *; from bangfu.people import identity; "
    "print(*(identity.id_number(p) for p in Person.objects.order_by('pk')), "
    "*(identity.phone_number(c) for c in Contact.objects.order_by('pk')))"
)


@pytest.fixture(scope="module")
def filled(empty_home, tmp_path_factory):
    """A register with people, phones, flagged rows and vacancies."""
    home = copied(empty_home, tmp_path_factory.mktemp("filled") / "home")
    home.run("import", "roster", str(LEDGERS / "roster-utf8.csv"), "--on", ON)
    home.run("import", "posts", str(LEDGERS / "posts.xlsx"), "--on", ON)
    return home


@pytest.fixture
def full(filled, tmp_path):
    """That register, for one test."""
    return copied(filled, tmp_path / "home")


def key_file(home):
    return home.folder.with_name(f"{home.folder.name}.keys")


def opened(home):
    return home.run("manage", "shell", "-v", "0", "-c", OPENED).stdout


def killed(home, *words):
    """The command, killed as soon as it says that a batch was written."""
    environment = {**os.environ, "BANGFU_HOME": str(home.folder), "DJANGO_SETTINGS_MODULE": "config.settings"}
    if home.database:
        environment["BANGFU_DATABASE"] = home.database
    command = [str(Path(sys.executable).parent / "bangfu"), *words]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert ": " in process.stderr.readline()
        process.send_signal(signal.SIGKILL)


def test_sealed_values_move_to_a_new_key_through_a_kill(full):
    before = opened(full)
    killed(full, "keys", "rotate", "--cipher", "sm4")
    half = full.json("keys", "status")
    assert half["rotating"]
    assert half["current"] == 2
    assert opened(full) == before
    full.run("keys", "rotate")
    after = full.json("keys", "status")
    assert not after["rotating"]
    assert after["values"].keys() >= {"people.Person.id_sealed", "intake.FlaggedRow.sealed"}
    assert all(found.keys() <= {"2"} for found in after["values"].values())
    assert opened(full) == before
    full.run("keys", "retire")
    assert read_keys(key_file(full)).sealing.keys() == {2}
    assert opened(full) == before
    # Who is on the register is still found by the number: the same file brings nobody new.
    assert full.json("nightly", "--on", ON)["persons"] == 598


def test_blind_indexes_move_to_a_new_key_through_a_kill(full):
    wanted = full.json("nightly", "--on", ON)["persons"]
    killed(full, "keys", "rotate", "--index")
    full.run("nightly", "--on", ON)  # nothing was changed by half: the register works on
    full.run("keys", "rotate", "--index", "--cipher", "sm4")
    assert full.json("keys", "status")["index"] == 2
    full.run("undo", _last_roster(full), "--on", ON)
    full.run("import", "roster", str(LEDGERS / "roster-utf8.csv"), "--on", ON)
    assert full.json("nightly", "--on", ON)["persons"] == wanted


def _last_roster(home):
    script = "from bangfu.intake.models import Batch; print(Batch.objects.get(kind='roster').pk)"
    return home.run("manage", "shell", "-v", "0", "-c", script).stdout.strip()


def test_a_move_that_stopped_before_the_commit_is_noticed_and_ended(full):
    """The machine stops after the key file was switched and before the register was committed."""
    path = key_file(full)
    told = json.loads(path.read_text())
    told["index"]["2"] = {"cipher": "aes", "secret": "ab" * 32}
    told["current_index"] = 2
    path.write_text(json.dumps(told))
    assert "interrupted" in full.run("nightly", "--on", ON, expect=1).stderr
    full.run("keys", "rotate", "--index")
    assert full.json("keys", "status")["index"] == 2
    assert full.json("nightly", "--on", ON)["persons"] == 598


def test_the_keys_of_another_register_are_refused(full):
    key_file(full).unlink()
    assert "does not open this register" in full.run("nightly", "--on", ON, expect=1).stderr


@pytest.mark.parametrize(
    ("break_it", "said"),
    [
        (lambda path: path.unlink(), "no key file"),
        (lambda path: path.chmod(0o640), "chmod 600"),
        (lambda path: path.write_text("{}"), "is no key file"),
        (lambda path: path.write_text(path.read_text().replace("production", "development")), "made for a demo"),
    ],
)
def test_production_refuses_keys_that_are_no_secret(tmp_path, monkeypatch, home, break_it, said):
    path = tmp_path / "apart" / "keys.json"
    monkeypatch.setenv("BANGFU_ENV", "production")
    assert "BANGFU_KEYS" in home.run("audit", "verify", expect=1).stderr
    monkeypatch.setenv("BANGFU_KEYS", str(path))
    home.run("keys", "new")
    home.run("audit", "verify")
    home.run("keys", "new", expect=1)
    break_it(path)
    assert said in home.run("audit", "verify", expect=1).stderr


def test_keys_lie_apart_from_the_data(tmp_path, monkeypatch, home):
    monkeypatch.setenv("BANGFU_ORIGINS", "https://bangfu.example")
    monkeypatch.setenv("BANGFU_KEYS", str(home.folder / "keys.json"))
    home.run("keys", "new")
    assert "inside the data folder" in home.run("audit", "verify", expect=1).stderr


def test_a_cipher_is_one_of_two(tmp_path, monkeypatch, home):
    monkeypatch.setenv("BANGFU_CIPHER", "rot13")
    monkeypatch.setenv("BANGFU_KEYS", str(tmp_path / "other.json"))
    assert "aes or sm4" in home.run("audit", "verify", expect=1).stderr
