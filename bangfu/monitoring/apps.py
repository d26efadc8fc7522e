"""Registers the room `monitoring` with Django."""

from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    """The room."""

    name = "bangfu.monitoring"
    label = "monitoring"
