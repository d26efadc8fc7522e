"""Registers the room `people` with Django."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The room."""

    name = "bangfu.people"
    label = "people"
