"""Console: sealing and checking the chain of the audit."""

import argparse

from bangfu.audit.actions import seal_chain
from bangfu.audit.chain import verify
from bangfu.ui.console import ConsoleError, add_command, add_json, print_json, say


def add_commands(commands: object) -> None:
    """audit seal|verify."""
    command = add_command(commands, "audit", _audit, "chain what was recorded, or check the chain")
    command.add_argument("verb", choices=["seal", "verify"])
    command.add_argument(
        "--head", metavar="NUMBER:HASH", help="verify: a head kept outside, as a nightly certificate shows it"
    )
    add_json(command)


def _audit(options: argparse.Namespace) -> int:
    if options.verb == "seal":
        say(f"{seal_chain()} entries chained")
        return 0
    verdict = verify(_head(options.head))
    if options.json:
        print_json({
            "chained": verdict.chained, "head": verdict.head, "broken": verdict.broken,
            "broken_count": verdict.broken_count, "not_yet_chained": verdict.loose,
            "not_yet_chained_since": verdict.loose_since, "kept_head_missing": verdict.kept_head_missing,
        })  # fmt: skip
    else:
        since = f" (the oldest of {verdict.loose_since})" if verdict.loose else ""
        say(f"{verdict.chained} entries chained, {verdict.broken_count} broken, {verdict.loose} not yet chained{since}")
        if verdict.broken:
            say(f"broken at: {', '.join(map(str, verdict.broken[:20]))}")
        if verdict.kept_head_missing:
            say("the head that was kept outside is not in the chain: its tail was cut")
        say(f"head: {verdict.chained}:{verdict.head}")
    return 0 if verdict.holds else 1


def _head(text: str | None) -> tuple[int, str] | None:
    if text is None:
        return None
    number, _, told = text.partition(":")
    if not number.isdecimal() or not told:
        raise ConsoleError("a head looks like 1234:0f3a…")
    return int(number), told
