"""Registers the room `audit` with Django."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The room."""

    name = "bangfu.audit"
    label = "audit"
