"""Console: users."""

import argparse
import getpass
import sys
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from bangfu.accounts.actions import NotAllowed, create_user
from bangfu.accounts.models import Role
from bangfu.divisions.queries import names_of
from bangfu.ui.console import ConsoleError, acting_on, add_command, add_day, say


def add_commands(commands: Any) -> None:
    """user."""
    command = add_command(commands, "user", _user, "make a user with one duty, or give one a new password")
    command.add_argument("username")
    command.add_argument("--name", required=True)
    command.add_argument("--office", default="")
    command.add_argument("--role", choices=Role.values, required=True)
    command.add_argument("--division", required=True, metavar="CODE")
    add_day(command)


def _user(options: argparse.Namespace) -> None:
    day, at = acting_on(options)
    division = options.division.ljust(12, "0")
    if division not in names_of([division]):
        raise ConsoleError(f"no division {options.division}")
    # Typed unseen at a terminal, or the first line of standard input: never an argument, which others could see.
    password = getpass.getpass("password: ") if sys.stdin.isatty() else sys.stdin.readline().strip()
    try:
        validate_password(password)
    except ValidationError as error:
        raise ConsoleError(" ".join(error.messages)) from error
    try:
        create_user(
            options.username, password, name=options.name, office=options.office, role=options.role,
            division=division, since=day, by=None, at=at,
        )  # fmt: skip
    except NotAllowed as refused:
        raise ConsoleError(str(refused)) from refused
    say(f"{options.username}: {options.role} of {names_of([division])[division]}")
