"""Console: the benchmarks of docs/benchmarks.md."""

import argparse
from collections.abc import Callable
from typing import Any

from bangfu.bench import ledgers, matching
from bangfu.ui.console import add_command, add_json, print_json

BENCHMARKS: dict[str, Callable[[str | None], dict[str, Any]]] = {
    "import": lambda size: ledgers.run(int(size or 100_000)),
    "matching": lambda size: matching.run(size or "C50"),
}


def add_commands(commands: object) -> None:
    """bench."""
    command = add_command(commands, "bench", _bench, "measure, against a peer or a limit in the same run")
    command.add_argument("name", choices=list(BENCHMARKS))
    command.add_argument("--size", help="rows for import; C50, T200 or M1 for matching")
    add_json(command)


def _bench(options: argparse.Namespace) -> None:
    answer = BENCHMARKS[options.name](options.size)
    if options.json:
        print_json(answer)
    else:
        for name, value in answer.items():
            print(f"{name}\t{value}")
