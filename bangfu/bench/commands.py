"""Console: the benchmarks of docs/benchmarks.md."""

import argparse
from collections.abc import Callable
from typing import Any

from bangfu.ui.console import add_command, add_json, print_json


def _import(size: str | None) -> dict[str, Any]:
    from bangfu.bench import ledgers  # loaded only when it is measured

    return ledgers.run(int(size or 100_000))


def _export(size: str | None) -> dict[str, Any]:
    from bangfu.bench import exports

    return exports.run(int(size or 100_000))


def _pages(size: str | None) -> dict[str, Any]:
    from bangfu.bench import pages

    return pages.run(int(size or 1_000_000))


def _matching(size: str | None) -> dict[str, Any]:
    from bangfu.bench import matching

    return matching.run(size or "C50")


def _audit(size: str | None) -> dict[str, Any]:
    from bangfu.bench import audit

    return audit.run(int(size or 20_000))


def _mutate(size: str | None) -> dict[str, Any]:
    from bangfu.bench import mutations

    return mutations.run(int(size or 1000))


def _explain(size: str | None) -> dict[str, Any]:
    from bangfu.bench import explain

    return explain.run(int(size or 10_000))


def _publish(size: str | None) -> dict[str, Any]:
    from bangfu.bench import lake

    return lake.run(int(size or 1_000_000))


def _rulebook(size: str | None) -> dict[str, Any]:
    from bangfu.bench import rulebook

    return rulebook.run(int(size or 1_000_000))


def _compare(size: str | None) -> dict[str, Any]:
    from bangfu.bench import compare

    return compare.run(int(size or 5_000_000))


def _link(size: str | None) -> dict[str, Any]:
    from bangfu.bench import linking

    return linking.run(int(size or 1_000_000))


def _country(size: str | None) -> dict[str, Any]:
    from bangfu.bench import country

    return country.run(int(size or 31_000_000))


BENCHMARKS: dict[str, Callable[[str | None], dict[str, Any]]] = {
    "import": _import,
    "export": _export,
    "matching": _matching,
    "pages": _pages,
    "audit": _audit,
    "mutate": _mutate,
    "explain": _explain,
    "publish": _publish,
    "rulebook": _rulebook,
    "compare": _compare,
    "link": _link,
    "rulebook-31m": _country,
}


def add_commands(commands: object) -> None:
    """bench."""
    command = add_command(commands, "bench", _bench, "measure, against a peer or a limit in the same run")
    command.add_argument("name", choices=list(BENCHMARKS))
    sizes = (
        "rows of import and export, lines of each list of compare, lines and persons of link, "
        "persons of pages, explain and rulebook, "
        "entries of audit, ledgers of mutate; "
        "C50, T200, M1 of matching"
    )
    command.add_argument("--size", help=sizes)
    add_json(command)


def _bench(options: argparse.Namespace) -> None:
    answer = BENCHMARKS[options.name](options.size)
    if options.json:
        print_json(answer)
    else:
        for name, value in answer.items():
            print(f"{name}\t{value}")
