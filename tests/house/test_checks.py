"""Each tool of script/check fails when what it guards is broken."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.parquet", "vendor")


@pytest.fixture
def copy(tmp_path):
    """The program without its data, to be broken."""
    for part in ("bangfu", "config", "locale", "script", "rules"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=LEFT_OUT)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def run(copy, *command):
    environment = {
        **os.environ,
        "PYTHONPATH": str(copy),
        "BANGFU_HOME": str(copy / "home"),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    environment.pop("BANGFU_DATABASE", None)
    return subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)


def breaks(copy, path, old, new):
    place = copy / path
    text = place.read_text(encoding="utf-8")
    assert old in text
    place.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_ruff(copy):
    (copy / "bangfu" / "people" / "breach.py").write_text("import os\n")
    done = run(copy, str(BIN / "ruff"), "check", "bangfu/people/breach.py")
    assert done.returncode == 1
    assert "F401" in done.stdout


def test_mypy(copy):
    breaks(copy, "bangfu/core/keys.py", "return new_keys(1)[0]", 'return "one"')
    done = run(copy, str(BIN / "mypy"), "bangfu/core/keys.py", "--cache-dir", str(copy / "cache"))
    assert done.returncode == 1
    assert "Incompatible return value" in done.stdout


def test_djlint(copy):
    (copy / "bangfu" / "ui" / "templates" / "ui" / "breach.html").write_text("<div><img></div>\n")
    done = run(copy, str(BIN / "djlint"), "--quiet", "--lint", "bangfu/ui/templates/ui/breach.html")
    assert done.returncode == 1


def test_a_missing_migration(copy):
    breaks(
        copy,
        "bangfu/divisions/models.py",
        "name = models.CharField(max_length=60)",
        "name = models.CharField(max_length=61)",
    )
    done = run(copy, sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run")
    assert done.returncode == 1
    assert "divisions" in done.stdout


def test_a_missing_translation(copy):
    breaks(copy, "bangfu/ui/templates/ui/error.html", "To the worklist", "To a place without Chinese")
    done = run(copy, sys.executable, "script/check-words")
    assert done.returncode == 1
    assert "To a place without Chinese" in done.stdout
