"""Console: the snapshots of the lake, and the coverage proof made from them."""

import argparse
import re
from typing import Any

from django.conf import settings

from bangfu.lake.manifest import MANIFEST, sha256_of
from bangfu.lake.snapshots import SnapshotError, days, provinces_of, read_manifest, verify
from bangfu.monitoring.models import Night
from bangfu.monitoring.proof import LINES, NONE, BrokenSnapshotError, Certificate, differences, prove
from bangfu.ui.console import ConsoleError, acting_on, add_command, add_day, add_json, print_json


def add_commands(commands: object) -> None:
    """lake, prove."""
    lake = add_command(commands, "lake", _lake, "the snapshots that are kept; with --verify every byte is checked")
    lake.add_argument("--verify", action="store_true", help="hold every file against what the night wrote")
    add_json(lake)
    proof = add_command(commands, "prove", _prove, "that nobody falls through: both lines of the coverage on a day")
    proof.add_argument("--division", default="", metavar="CODE", help="a division of 12 digits; left out: everybody")
    add_day(proof)
    add_json(proof)


def _lake(options: argparse.Namespace) -> int:
    nights = {night.acted_on: night.summary.get("snapshot") for night in Night.objects.all()}
    told: list[dict[str, Any]] = []
    for day in days(settings.LAKE):
        folder = settings.LAKE / day.isoformat()
        try:
            tables = read_manifest(folder)["tables"].values()
            faults = verify(folder) if options.verify else []
            if options.verify and nights.get(day) not in (None, sha256_of(folder / MANIFEST)):
                faults.append(f"{MANIFEST}: not the one that the night wrote")
            told.append({
                "day": day.isoformat(), "rows": sum(table["rows"] for table in tables),
                "bytes": sum(part["bytes"] for table in tables for part in table["parts"].values()),
                "provinces": provinces_of(settings.LAKE, day), "faults": faults,
            })  # fmt: skip
        except SnapshotError as error:
            told.append({"day": day.isoformat(), "faults": error.faults})
    if options.json:
        print_json(told)
    else:
        for one in told:
            print(f"{one['day']}{one.get('rows', 0):>14,} rows{one.get('bytes', 0) / 1e6:>10,.1f} MB")
            print("".join(f"  {fault}\n" for fault in one["faults"]), end="")
    return 1 if any(one["faults"] for one in told) else 0


def _prove(options: argparse.Namespace) -> int:
    day, _at = acting_on(options)
    if options.division and not re.fullmatch("[0-9]{12}", options.division):
        raise ConsoleError(f"not a division code of 12 digits: {options.division!r}")
    try:
        found = prove(day, options.division)
    except (SnapshotError, BrokenSnapshotError) as error:
        raise ConsoleError(f"nothing can be proved: {error}") from error
    differs = differences(found)
    if options.json:
        print_json({**found.as_json(), "differs": differs})
    else:
        print("\n".join(_told(found, differs)))
    return 0 if found.holds and not differs else 1


def _told(found: Certificate, differs: list[str] | None) -> list[str]:
    lines = [f"{found.body['on']}  {found.body['division'] or 'everybody'}"]
    for line, (_belongs, _column, states) in LINES.items():
        counts = found.body[line]
        sums = " + ".join(f"{state} {counts[state]:,}" for state in (*states, NONE))
        lines.append(f"{line:<9}{sums} = {counts['persons']:,}")
    if found.body["out_change"] is not None:
        lines.append(f"counted apart: {found.body['out_change']:+,} since the certificate before")
    lines.append("it holds" if found.holds else "IT DOES NOT HOLD: somebody stands nowhere, or twice")
    if differs:
        lines.append(f"NOT THE CERTIFICATE KEPT OF THE DAY: {', '.join(differs)}")
    return [*lines, f"snapshot {found.body['snapshot']}", f"hash {found.digest}"]
