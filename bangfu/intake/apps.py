"""Registers the room `intake` with Django."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """The room."""

    name = "bangfu.intake"
    label = "intake"
