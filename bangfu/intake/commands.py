"""Console: importing a ledger."""

import argparse
from pathlib import Path

from bangfu.intake.actions import apply_batch, follow_up, undo_batch
from bangfu.intake.kinds import all_kinds, file_kinds
from bangfu.intake.models import Batch
from bangfu.intake.reading import BadLedger
from bangfu.intake.staging import check_file, stage_file
from bangfu.intake.words import explain_failure
from bangfu.ui.console import ConsoleError, acting_on, add_command, add_day, add_json, print_json, say


def add_commands(commands: object) -> None:
    """import, undo."""
    command = add_command(commands, "import", _import, "bring a ledger into the register")
    command.add_argument("kind", choices=[kind.code for kind in file_kinds()])
    command.add_argument("file", type=Path)
    command.add_argument("--dry-run", action="store_true", help="only check the file, store nothing")
    add_day(command)
    add_json(command)
    undo = add_command(commands, "undo", _undo, "take an import back")
    undo.add_argument("batch", type=int)
    add_day(undo)


def _import(options: argparse.Namespace) -> None:
    day, at = acting_on(options)
    kind = all_kinds()[options.kind]
    try:
        data = options.file.read_bytes()
        if options.dry_run:
            report = check_file(kind, options.file.name, data, on=day)[1].report()
        else:
            batch = stage_file(kind, options.file.name, data, on=day, by=None, at=at)
            report = apply_batch(batch, at=at).report
            follow_up(batch, at=at)
            say(f"batch {batch.pk}")
    except OSError as error:
        raise ConsoleError(f"{options.file}: {error.strerror}") from error
    except BadLedger as error:
        raise ConsoleError(explain_failure(error)) from error
    if options.json:
        print_json({name: report[name] for name in ("accepted", "rejected", "warned")})
    else:
        say(f"{report['accepted']} accepted, {len(report['rejected'])} rejected, {len(report['warned'])} warned")


def _undo(options: argparse.Namespace) -> None:
    _, at = acting_on(options)
    try:
        batch = Batch.objects.get(pk=options.batch)
        left = undo_batch(batch, by=None, at=at)
        follow_up(batch, at=at)
    except Batch.DoesNotExist as error:
        raise ConsoleError(f"no batch {options.batch} that could be undone") from error
    say(f"undone; left as they are: {left or 'nothing'}")
