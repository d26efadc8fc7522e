"""Console: feeds, signals and findings."""

import argparse
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from bangfu.intake.reading import BadLedger
from bangfu.monitoring.feed_words import explain_feed
from bangfu.monitoring.feeds import receive_feed
from bangfu.monitoring.models import EVERYWHERE, FeedState, Finding, Signal
from bangfu.monitoring.queries import findings_on, signals_on
from bangfu.monitoring.rules import feed_kinds, rulebook
from bangfu.ui.console import ConsoleError, acting_on, add_command, add_day, add_json, print_json, say


def add_commands(commands: object) -> None:
    """feed, signals, quality."""
    feed = add_command(commands, "feed", _feed, "take in a list of another system")
    feed.add_argument("kind", help="a mapping file of rules/feeds, such as social_insurance")
    feed.add_argument("file", type=Path)
    period = feed.add_mutually_exclusive_group(required=True)
    period.add_argument("--month", dest="period", type=_month, metavar="YYYY-MM", help="the month that it speaks of")
    period.add_argument("--as-of", dest="period", type=date.fromisoformat, metavar="DATE", help="the day as of which")
    feed.add_argument("--division", type=_division, default=EVERYWHERE, help="the place that it covers (default: all)")
    add_day(feed)
    add_json(feed)
    signals = add_command(commands, "signals", _signals, "persons of whom a rule is true on a day")
    signals.add_argument("code")
    add_day(signals)
    add_json(signals)
    quality = add_command(commands, "quality", _quality, "findings about the data that are open on a day")
    quality.add_argument("code", nargs="?", help="a rule: the persons of whom it is true; left out: counts by rule")
    add_day(quality)
    add_json(quality)


def _month(text: str) -> date:
    return date.fromisoformat(f"{text}-01")


def _division(text: str) -> str:
    if not text.isdecimal() or not 1 < len(text) <= len(EVERYWHERE):
        raise ValueError(text)
    return text.ljust(len(EVERYWHERE), "0")


def _feed(options: argparse.Namespace) -> None:
    day, at = acting_on(options)
    kind = feed_kinds().get(options.kind)
    if kind is None:
        raise ConsoleError(f"no kind of list {options.kind!r}: {', '.join(feed_kinds())}")
    try:
        data = options.file.read_bytes()
        feed = receive_feed(
            kind, data, options.file.name, period=options.period, division=options.division, on=day, by=None, at=at
        )
    except OSError as error:
        raise ConsoleError(f"{options.file}: {error.strerror}") from error
    except BadLedger as error:
        raise ConsoleError(explain_feed(error, kind)) from error
    answer = {
        "kind": feed.kind, "month": f"{feed.period:%Y-%m}", "lines": feed.lines, "matched": feed.matched,
        "linked": feed.linked, "to_review": feed.unsure, "left_out": feed.report, "state": feed.state,
        "before": feed.compared,
    }  # fmt: skip
    if options.json:
        print_json(answer)
        return
    say(f"{feed.lines} lines, {feed.matched} of people on the register, {feed.bad} bad")
    if kind.may_link:
        say(f"{feed.matched - feed.linked} by ID number, {feed.linked} by name and birth")
        say(f"{feed.unsure} to be reviewed, {feed.report['not_on_register']} of nobody known")
    if feed.state == FeedState.HELD:
        say(f"held: the list before had {feed.compared} good lines, this one {feed.good}")


def _signals(options: argparse.Namespace) -> None:
    day, _ = acting_on(options)
    if options.code not in {rule.code for rule in rulebook().signals()}:
        raise ConsoleError(f"no signal rule {options.code!r}")
    _print_persons(options, signals_on(options.code, day))


def _quality(options: argparse.Namespace) -> None:
    day, _ = acting_on(options)
    codes = [rule.code for rule in rulebook().quality()]
    if options.code is None:
        counts = {code: findings_on(code, day).count() for code in codes}
        if options.json:
            print_json({"on": day.isoformat(), "findings": counts})
        else:
            say("\n".join(f"{count:>9,}  {code}" for code, count in counts.items() if count) or "no finding is open")
        return
    if options.code not in codes:
        raise ConsoleError(f"no quality rule {options.code!r}")
    _print_persons(options, findings_on(options.code, day))


def _print_persons(options: argparse.Namespace, rows: Iterable[Signal | Finding]) -> None:
    persons = [str(row.person_id) for row in rows]
    if options.json:
        print_json(persons)
    else:
        print("\n".join(persons))
