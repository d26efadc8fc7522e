"""Console: the forecast of deadlines and how far such forecasts were right."""

import argparse
from datetime import timedelta

from django.utils import timezone

from bangfu.cases.clockwork import CLOCK
from bangfu.cases.forecasting import AHEAD, forecast, measure
from bangfu.cases.models import Leg
from bangfu.ui.console import acting_on, add_command, add_day, add_json, print_json, say


def add_commands(commands: object) -> None:
    """forecast."""
    command = add_command(commands, "forecast", _forecast, "deadlines that will be missed in the next ten working days")
    command.add_argument(
        "--measure",
        type=int,
        metavar="DAYS",
        help="hold forecasts of the last so many days against what came",
    )
    add_day(command)
    add_json(command)


def _forecast(options: argparse.Namespace) -> None:
    day, at = acting_on(options)
    legs = Leg.objects.filter(clock=CLOCK)
    if options.measure:
        found = measure(legs, day - timedelta(days=options.measure), day - timedelta(days=2 * AHEAD))
        result = {
            "weeks": found.weeks, "expected": round(found.expected, 1), "missed": found.missed, "likely": found.likely,
            "both": found.both,
            "precision": found.precision, "recall": found.recall, "error_a_week": found.error,
        }  # fmt: skip
    else:
        loads = forecast(legs, at if at <= timezone.now() else timezone.now())
        result = {
            "on": day.isoformat(), "due": sum(load.due for load in loads),
            "overdue": sum(load.overdue for load in loads), "expected": round(sum(load.expected for load in loads), 1),
        }  # fmt: skip
    if options.json:
        print_json(result)
    else:
        say("\n".join(f"  {name:<14} {value}" for name, value in result.items()))
