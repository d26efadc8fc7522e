"""Registers the room `exports` with Django."""

from django.apps import AppConfig


class ExportsConfig(AppConfig):
    """The room."""

    name = "bangfu.exports"
    label = "exports"
