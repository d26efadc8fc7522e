"""Homes for the real command: each test gets an empty register of its own, copied from one that was made once."""

import json
import os
import shutil
import subprocess
import sys
import uuid
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

LEDGERS = Path(__file__).parents[1] / "ledgers"
ON = "2026-06-30"


@dataclass(frozen=True)
class Home:
    """A data folder and the register that belongs to it."""

    folder: Path
    database: str

    def run(self, *words: str, expect: int = 0) -> subprocess.CompletedProcess[str]:
        """The command `bangfu` with these words; its exit code must be as expected."""
        environment = {**os.environ, "BANGFU_HOME": str(self.folder), "DJANGO_SETTINGS_MODULE": "config.settings"}
        environment.pop("BANGFU_DATABASE", None)
        if self.database:
            environment["BANGFU_DATABASE"] = self.database
        command = [str(Path(sys.executable).parent / "bangfu"), *words]
        done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120, check=False)
        assert done.returncode == expect, done.stderr
        return done

    def json(self, *words: str):
        """What the command prints with --json."""
        return json.loads(self.run(*words, "--json").stdout)


def _server() -> str:
    return os.environ.get("BANGFU_DATABASE", "")


def _create(name: str, template: str = "") -> str:
    base, _, _ = _server().rpartition("/")
    with psycopg.connect(f"{base}/postgres", autocommit=True) as connection:
        copied = f" TEMPLATE {template}" if template else ""
        connection.execute(f"CREATE DATABASE {name}{copied}")
    return f"{base}/{name}"


@pytest.fixture(scope="session")
def empty_home(tmp_path_factory):
    """A register without people, with the divisions of one prefecture."""
    folder = tmp_path_factory.mktemp("empty")
    name = f"empty_{uuid.uuid4().hex[:12]}"
    home = Home(folder, _create(name) if _server() else "")
    home.run("init", "--divisions", "1505")
    return home


def copied(home, folder):
    """A register like this one, in a folder that is not there yet."""
    shutil.copytree(home.folder, folder)
    shutil.copy(f"{home.folder}.keys", f"{folder}.keys")
    if not home.database:
        return Home(folder, "")
    name = f"home_{uuid.uuid4().hex[:12]}"
    return Home(folder, _create(name, home.database.rpartition("/")[2]))


@pytest.fixture
def home(empty_home, tmp_path):
    """A copy of the empty register for one test."""
    return copied(empty_home, tmp_path / "home")
