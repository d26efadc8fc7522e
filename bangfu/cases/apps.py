"""Registers the room `cases` with Django."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """The room."""

    name = "bangfu.cases"
    label = "cases"
