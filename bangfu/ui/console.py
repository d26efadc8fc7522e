"""What the console commands of all rooms share: options, output, the day on which they act."""

import argparse
import json
import sys
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone

Commands = Any  # argparse's own type of `add_subparsers` is private


class ConsoleError(Exception):
    """The input cannot be used: said in the clerk's words on standard error, exit code 1."""


def add_command(
    commands: Commands, name: str, run: Callable[[argparse.Namespace], int | None], about: str
) -> argparse.ArgumentParser:
    """A sub-command with its function."""
    parser: argparse.ArgumentParser = commands.add_parser(name, help=about, description=about)
    parser.set_defaults(run=run)
    return parser


def add_day(parser: argparse.ArgumentParser) -> None:
    """The option --on: the day on which the command acts (house.md 5)."""
    parser.add_argument("--on", type=date.fromisoformat, metavar="DATE", help="act as on this day (default: today)")


def add_json(parser: argparse.ArgumentParser) -> None:
    """The option --json: one JSON document on standard output."""
    parser.add_argument("--json", action="store_true", help="print JSON on standard output")


def acting_on(options: argparse.Namespace) -> tuple[date, datetime]:
    """(day, instant) of the deed: now, or noon of the day named by --on."""
    now = timezone.now()
    if options.on is None or options.on == timezone.localdate(now):
        return timezone.localdate(now), now
    return options.on, datetime.combine(options.on, time(12), timezone.get_default_timezone())


def print_json(document: Any) -> None:
    """One JSON document, keys in their order, Chinese as it is."""
    json.dump(document, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")


def say(message: str) -> None:
    """A message for the person at the terminal, on standard error."""
    sys.stderr.write(f"{message}\n")
