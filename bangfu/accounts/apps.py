"""Registers the room `accounts` with Django."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The room."""

    name = "bangfu.accounts"
    label = "accounts"
