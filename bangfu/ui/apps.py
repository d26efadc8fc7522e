"""Registers the room `ui` with Django."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """The room."""

    name = "bangfu.ui"
    label = "ui"
