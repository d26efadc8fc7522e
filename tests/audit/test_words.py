"""Every deed that the program records has its words."""

import ast
from pathlib import Path

from bangfu.audit.words import VERBS
from bangfu.people.groups import FACTS
from config.settings import REPOSITORY

RECORDERS = {"record", "_record", "_record_template", "_erased", "_log"}
NOT_SHOWN = {"bench.deed"}


def verbs_in(path: Path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        name = getattr(getattr(node, "func", None), "id", "")
        if isinstance(node, ast.Call) and name in RECORDERS and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


def test_every_verb_has_words():
    files = [*(REPOSITORY / "bangfu").rglob("*.py"), *(REPOSITORY / "config").rglob("*.py")]
    used = {verb for path in files for verb in verbs_in(path)}
    used |= {f"people.{model._meta.model_name}_recorded" for model in FACTS}
    assert len(used) > 60
    assert used - set(VERBS) - NOT_SHOWN == set()
