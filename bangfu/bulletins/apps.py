"""Registers the room `bulletins` with Django."""

from django.apps import AppConfig


class BulletinsConfig(AppConfig):
    """The room."""

    name = "bangfu.bulletins"
    label = "bulletins"
