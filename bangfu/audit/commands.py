"""Console: sealing and checking the chain of the audit."""

import argparse

from bangfu.audit.actions import broken_links, chain_head, seal_chain
from bangfu.ui.console import add_command, add_json, print_json, say


def add_commands(commands: object) -> None:
    """audit seal|verify."""
    command = add_command(commands, "audit", _audit, "chain what was recorded, or check the chain")
    command.add_argument("verb", choices=["seal", "verify"])
    add_json(command)


def _audit(options: argparse.Namespace) -> int:
    if options.verb == "seal":
        say(f"{seal_chain()} entries chained")
        return 0
    broken, loose = broken_links()
    number, head = chain_head()
    if options.json:
        print_json({"chained": number, "head": head, "broken": broken, "not_yet_chained": loose})
    else:
        say(f"{number} entries chained, {len(broken)} broken, {loose} not yet chained")
    return 1 if broken else 0
