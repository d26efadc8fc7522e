"""Console: the monthly bulletin."""

import argparse
from datetime import date

from bangfu.bulletins.queries import NoSnapshotError, bulletin
from bangfu.divisions.queries import names_of
from bangfu.ui.console import ConsoleError, add_command, add_json, print_json


def add_commands(commands: object) -> None:
    """bulletin."""
    command = add_command(commands, "bulletin", _bulletin, "the month's figures of a division")
    command.add_argument("--division", required=True, metavar="CODE")
    command.add_argument(
        "--month", required=True, type=lambda text: date.fromisoformat(f"{text}-01"), metavar="YYYY-MM"
    )
    add_json(command)


def _bulletin(options: argparse.Namespace) -> None:
    code = options.division.ljust(12, "0")
    if code not in names_of([code]):
        raise ConsoleError(f"no division {options.division}")
    try:
        answer = bulletin(code, options.month).as_json()
    except NoSnapshotError as error:
        raise ConsoleError("no snapshot yet: run `bangfu nightly` first") from error
    if options.json:
        print_json(answer)
    else:
        for name, figure in answer["figures"].items():
            print("\t".join("—" if cell is None else str(cell) for cell in (name, *figure.values())))
