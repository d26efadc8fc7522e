"""Console: the demo."""

import argparse
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.utils import timezone

from bangfu.accounts.models import User
from bangfu.cases.clockwork import clock
from bangfu.demo.county import COUNTY, DAY, HOUSEHOLDS, MONTH, PASSWORD, build_county
from bangfu.monitoring.queries import last_night
from bangfu.people.models import Standing
from bangfu.ui.console import add_command, add_json, print_json, say

MARK = "demo.done"


def add_commands(commands: Any) -> None:
    """demo."""
    command = add_command(commands, "demo", _demo, "a synthetic county with twelve months of history")
    command.add_argument("--nights", choices=(MONTH, DAY), default=MONTH, help="how often the year has a night")
    command.add_argument("--households", type=int, default=HOUSEHOLDS, help="about how many, one in each village")
    add_json(command)


def _demo(options: argparse.Namespace) -> None:
    prepare: Callable[[], None] = options.prepare
    night: Callable[[date, datetime], Any] = options.night
    mark: Path = settings.LAKE.parent / MARK
    if not mark.exists():
        say("making the register and its divisions …")
        prepare()
        say("inventing a county and a year of its life …")
        build_county(timezone.localdate(), night, every=options.nights, households=options.households)
        say("running the night …")
        night(timezone.localdate(), timezone.now())
        mark.write_text(timezone.localdate().isoformat(), encoding="utf-8")
    elif mark.read_text(encoding="utf-8") != timezone.localdate().isoformat():
        night(timezone.localdate(), timezone.now())
        mark.write_text(timezone.localdate().isoformat(), encoding="utf-8")
    summary = _summary()
    if options.json:
        print_json(summary)
    else:
        _print(summary)


def _summary() -> dict[str, Any]:
    last = last_night()
    legs = dict(Standing.objects.exclude(leg="").values_list("leg").annotate(n=Count("person")).order_by("leg"))
    return {
        **(last.summary if last else {}),
        "division": COUNTY,
        "cases_by_leg": {stage.code: legs.get(stage.code, 0) for stage in clock().stages},
        "accounts": list(User.objects.filter(is_demo=True).order_by("username").values_list("username", flat=True)),
        "password": PASSWORD,
    }


def _print(summary: dict[str, Any]) -> None:
    clocks = ", ".join(f"{stage} {count:,}" for stage, count in summary["cases_by_leg"].items())
    found = ", ".join(f"{code} {count:,}" for code, count in summary["signals"].items())
    say(
        f"\n  persons      {summary['persons']:,}\n  at work      {summary['at_work']:,}"
        f"\n  open cases   {summary['cases_open']:,} ({clocks})\n  offers       {summary['offers']:,}"
        f"\n  signals      {found}\n  findings     {sum(summary['findings'].values()):,}"
        f"\n  accounts     {', '.join(summary['accounts'])}"
        f"\n  password     {summary['password']}\n"
    )
