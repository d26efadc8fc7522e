"""Console: making an installation, the night, and serving it."""

import argparse
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils.translation import gettext as _

from bangfu.divisions.commands import load_packaged_divisions
from bangfu.ui.console import ConsoleError, acting_on, add_command, add_day, add_json, print_json, say
from config.home import home
from config.keys import KeysRefused, read_keys


def add_commands(commands: object) -> None:
    """init, nightly, retention, serve, manage."""
    init = add_command(commands, "init", _init, "make the register: tables, divisions, static files")
    init.add_argument("--divisions", default="", metavar="CODES", help="only towns and villages of these code prefixes")
    nightly = add_command(commands, "nightly", _nightly, "the whole night: snapshot, signals, cases, offers")
    add_day(nightly)
    add_json(nightly)
    retention = add_command(commands, "retention", _retention, "what is kept no longer by rule; emptied with --apply")
    retention.add_argument("--apply", action="store_true", help="empty it: this cannot be taken back")
    add_day(retention)
    add_json(retention)
    serve = add_command(commands, "serve", _serve, "web pages, background jobs and the schedule")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8000)
    serve.add_argument("--workers", type=int, default=2)
    manage = add_command(commands, "manage", _manage, "Django's own management commands")
    manage.add_argument("rest", nargs=argparse.REMAINDER)


def require_register() -> None:
    """Raises ConsoleError where `bangfu init` was never run."""
    missing = connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists()
    if missing or "divisions_division" not in connection.introspection.table_names():
        raise ConsoleError(f"no register at {home()}: run `bangfu init` first")


def require_engine() -> None:
    """Raises ConsoleError where BANGFU_ENGINE names no engine, or one that is not installed."""
    if settings.ENGINE == "duckdb":
        return
    from bangfu.lake import engines  # DuckDB itself is loaded only where facts are judged

    words = {
        "unknown": _("BANGFU_ENGINE is %(name)s: it must be duckdb or spark."),
        "not_installed": _("Spark is not installed: run `script/install spark`, or leave BANGFU_ENGINE out."),
        "no_java": _("Spark needs Java 17, and there is no `java`: install it, or leave BANGFU_ENGINE out."),
    }
    try:
        engines.require_engine(settings.ENGINE)
    except engines.EngineError as error:
        raise ConsoleError(words[error.code] % {"name": error.name}) from error


def require_keys() -> None:
    """Raises ConsoleError where the key file is not that of the register."""
    from config.rotation import check_keys

    try:
        check_keys(read_keys(settings.KEY_FILE))
    except KeysRefused as error:
        raise ConsoleError(str(error)) from error


def run_night(day: date, at: datetime) -> dict[str, Any]:
    """The night of a day (config.night); its engines are loaded only when it runs."""
    from config import night

    return night.run_night(day, at)


def prepare_register(prefixes: tuple[str, ...] = ()) -> int:
    """Tables, divisions (all, or towns and villages of some code prefixes only) and static files.

    Returns how many divisions are new. Safe to run again.
    """
    home().mkdir(parents=True, exist_ok=True)
    call_command("migrate", interactive=False, verbosity=0)
    new = load_packaged_divisions(prefixes)
    call_command("collectstatic", interactive=False, verbosity=0)
    return new


def _init(options: argparse.Namespace) -> None:
    new = prepare_register(tuple(part for part in options.divisions.split(",") if part))
    say(f"register ready in {home()}: {new} divisions added")


def _nightly(options: argparse.Namespace) -> None:
    day, at = acting_on(options)
    summary = run_night(day, at)
    if options.json:
        print_json(summary)
    else:
        say("\n".join(f"{name}: {value}" for name, value in summary.items()))


def _retention(options: argparse.Namespace) -> None:
    from config.retention import run_retention

    day, at = acting_on(options)
    outcomes = run_retention(day, at, apply=options.apply)
    if options.json:
        print_json({one.rule.code: {"due": one.due, "done": one.done} for one in outcomes})
        return
    for one in outcomes:
        done = f"{one.done} emptied" if options.apply else "nothing changed: say --apply to empty them"
        say(f"{one.rule.code}: {one.due} due, {done}")


def _serve(options: argparse.Namespace) -> int:
    from config.serving import serve

    return serve(options.host, options.port, options.workers)


def _manage(options: argparse.Namespace) -> None:
    from django.core.management import execute_from_command_line

    execute_from_command_line([sys.argv[0], *options.rest])
