"""Registers the room `placements` with Django."""

from django.apps import AppConfig


class PlacementsConfig(AppConfig):
    """The room."""

    name = "bangfu.placements"
    label = "placements"
