"""Registers the room `divisions` with Django."""

from django.apps import AppConfig


class DivisionsConfig(AppConfig):
    """The room."""

    name = "bangfu.divisions"
    label = "divisions"
