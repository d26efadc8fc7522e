"""Every field about a person is in the catalogue, and the page says what the rules say."""

import subprocess
import sys

import yaml
from django.apps import apps

from bangfu.core.retention import read_retentions
from config.settings import REPOSITORY, RULES

DOCUMENT = yaml.safe_load((RULES / "personal" / "data.yaml").read_text(encoding="utf-8"))
NOBODY = {
    "divisions.Division", "divisions.Alias", "employers.Employer", "employers.Post", "placements.Round",
    "monitoring.Feed", "monitoring.Night", "monitoring.Proof", "monitoring.Capacity", "monitoring.Flow",
    "bulletins.Target", "intake.ColumnChoice", "exports.Template",
}  # fmt: skip
"""Tables about places, employers, runs and offices, not about persons."""


def models():
    return {model._meta.label: model for model in apps.get_models() if model.__module__.startswith("bangfu.")}


def test_every_field_is_in_the_catalogue():
    listed = {}
    for entry in DOCUMENT["entries"]:
        listed.setdefault(entry["table"], set()).update(entry["fields"])
    technical = set(DOCUMENT["technical"])
    for label, model in models().items():
        if label in NOBODY:
            continue
        fields = {field.name for field in model._meta.concrete_fields}
        assert label in listed, f"{label}: enter it in rules/personal/data.yaml"
        assert fields - technical - listed[label] == set(), label
        assert listed[label] <= fields, label


def test_what_is_sealed_says_so():
    sealed = {
        (entry["table"], name) for entry in DOCUMENT["entries"] if entry.get("sealed") for name in entry["fields"]
    }
    for label, model in models().items():
        if label in NOBODY:
            continue
        for field in model._meta.concrete_fields:
            if field.get_internal_type() == "BinaryField":
                assert (label, field.name) in sealed


def test_every_basis_and_term_exists():
    terms = {rule.code for rule in read_retentions(RULES / "retention")} | set(DOCUMENT["kept"])
    for entry in DOCUMENT["entries"]:
        assert entry["basis"] in DOCUMENT["bases"]
        assert entry["kept"] in terms


def test_the_page_is_what_the_rules_say():
    command = [sys.executable, "script/write-personal-data", "--check"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
