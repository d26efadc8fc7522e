"""Registers the room `home` with Django."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    """The room."""

    name = "bangfu.home"
    label = "home"
