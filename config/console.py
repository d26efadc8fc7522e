"""The command `bangfu`: data on standard output, messages on standard error.

Each room that has something for the console gives a `commands.py` with `add_commands(subparsers)`. Exit
codes: 0 the work was done (rejected rows are a result), 1 the input cannot be used, 2 wrong usage.
"""

import argparse
import os
import sys
from importlib import import_module

_COMMAND_ROOMS = (
    "config.commands",
    "config.key_commands",
    "bangfu.audit.commands",
    "bangfu.accounts.commands",
    "bangfu.intake.commands",
    "bangfu.exports.commands",
    "bangfu.cases.commands",
    "bangfu.monitoring.commands",
    "bangfu.monitoring.rule_commands",
    "bangfu.monitoring.lake_commands",
    "bangfu.bulletins.commands",
    "bangfu.demo.commands",
    "bangfu.bench.commands",
)
_WITHOUT_REGISTER = {"init", "demo", "manage", "rules"}


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    given = sys.argv[1:] if argv is None else argv
    import django

    from config.keys import KeysRefused, new_key_file

    try:
        if given[:2] == ["keys", "new"]:
            print(new_key_file(), file=sys.stderr)
            return 0
        django.setup()
    except KeysRefused as error:
        print(f"bangfu: {error}", file=sys.stderr)
        return 1
    from django.utils import translation

    from bangfu.ui.console import ConsoleError
    from config.commands import prepare_register, require_engine, require_keys, require_register, run_night

    translation.activate(os.environ.get("BANGFU_LANGUAGE", "zh-hans"))
    parser = argparse.ArgumentParser(prog="bangfu", description="Bangfu 帮扶")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for room in _COMMAND_ROOMS:
        import_module(room).add_commands(commands)
    options = parser.parse_args(given)
    # What only the composition root knows is handed down, so that no room imports it.
    options.prepare, options.night = prepare_register, run_night
    try:
        require_engine()
        if options.command not in _WITHOUT_REGISTER:
            require_register()
            if options.command != "keys":
                require_keys()
        return options.run(options) or 0
    except ConsoleError as error:
        print(f"bangfu: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
