"""Each rule of the house fails when it is broken."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BROKEN = {
    "a long file": ("bangfu/people/long.py", "x = 1\n" * 401, "more than 400 lines"),
    "a long function": ("bangfu/people/deed.py", "def f():\n" + "    x = 1\n" * 50, "more than 50"),
    "utils": ("bangfu/people/utils.py", "", "never utils"),
    "signals": ("bangfu/people/x.py", "from django.db.models.signals import post_save\n", "no Django signals"),
    "objects in a view": ("bangfu/people/views.py", "def f(M):\n    return M.objects.all()\n", "ask access.py"),
    "objects in a page": (
        "bangfu/home/x.py",
        "from django.shortcuts import render\n\n\ndef f(M):\n    return M.objects\n",
        "ask access.py",
    ),
    "views imported": ("bangfu/home/y.py", "from bangfu.people.views import people\n", "only urls.py"),
    "models that know HTTP": ("bangfu/people/models.py", "from django.http import Http404\n", "knows no HTTP"),
    "a rule without source": ("rules/signals/x.yaml", "code: x\n", "without a source"),
    "a number without source": (
        "rules/signals/y.yaml",
        "code: y\nsource: a notice\nparameters: {days: {type: count, values: [{from: 2024-01-01, value: 3}]}}\n",
        "a number without a source",
    ),
    "a real ID number": ("tests/x.py", "NUMBER = '" + "110101" + "19900307" + "7213'\n", "real division"),
}


def check(root):
    return subprocess.run(
        [sys.executable, str(ROOT / "script" / "check-house"), str(root)], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("name", BROKEN)
def test_a_breach_is_named(tmp_path, name):
    path, text, words = BROKEN[name]
    place = tmp_path / path
    place.parent.mkdir(parents=True)
    place.write_text(text, encoding="utf-8")
    done = check(tmp_path)
    assert done.returncode == 1
    assert words in done.stdout
    assert path in done.stdout


def test_the_house_itself_stands():
    done = check(ROOT)
    assert done.stdout == ""
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("bangfu/core/breach.py", "from bangfu.people import models\n"),
        ("bangfu/people/breach.py", "from bangfu.cases import models\n"),
        ("bangfu/rulebook/breach.py", "import django\n"),
        ("bangfu/cases/breach.py", "import config.home\n"),
    ],
)
def test_a_room_that_imports_upwards_is_refused(tmp_path, path, text):
    for part in ("bangfu", "config"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__", "static", "data"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / path).write_text(text, encoding="utf-8")
    linter = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([str(linter), "--no-cache"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "BROKEN" in done.stdout
