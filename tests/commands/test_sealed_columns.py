"""No sealed column is forgotten when keys are rotated."""

from django.apps import apps
from django.db import models

from config.rotation import sealed_columns


def test_every_sealed_column_is_declared_by_its_room():
    held = {
        (model._meta.label, column.name)
        for model in apps.get_models()
        for column in model._meta.get_fields()
        if isinstance(column, models.BinaryField) and column.name.endswith("sealed")
    }
    assert held == {(column.model, column.column) for column in sealed_columns()}


def test_every_declared_column_exists():
    for column in sealed_columns():
        meta = apps.get_model(column.model)._meta
        names = {field.attname for field in meta.concrete_fields}
        assert {column.column, column.bound} | ({column.index} - {""}) <= names
