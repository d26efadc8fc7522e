"""Registers the room `employers` with Django."""

from django.apps import AppConfig


class EmployersConfig(AppConfig):
    """The room."""

    name = "bangfu.employers"
    label = "employers"
