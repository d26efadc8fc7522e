"""Console: taking a list out as a file, by the same rules as on the page."""

import argparse
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bangfu.accounts.access import require_exporter
from bangfu.accounts.models import User
from bangfu.exports import actions
from bangfu.exports.access import get_export, get_list, require_whole_area, usable_templates
from bangfu.exports.forms import AskForm
from bangfu.exports.lists import ExportList, all_lists
from bangfu.exports.masks import MASKS
from bangfu.exports.models import Export, ExportState, FileFormat, Template
from bangfu.exports.words import need_words, trouble_words
from bangfu.ui.console import ConsoleError, add_command, say


def add_commands(commands: object) -> None:
    """export, export-file."""
    command = add_command(commands, "export", _export, "write a list to a file, as its page shows it to a user")
    command.add_argument("list", choices=list(all_lists()))
    command.add_argument("--filter", action="append", default=[], metavar="NAME=CODE", help="as in the page's address")
    command.add_argument("--column", action="append", default=[], metavar="CODE[=MASK]", help="default: those shown")
    command.add_argument("--template", default="", metavar="RECIPIENT", help="the columns kept for a recipient")
    command.add_argument("--recipient", default="", help="who receives the file (default: the user)")
    command.add_argument("--purpose", required=True)
    command.add_argument("--format", choices=FileFormat.values, default=FileFormat.XLSX)
    command.add_argument("--by", required=True, metavar="USER")
    command.add_argument("--out", type=Path, required=True)
    later = add_command(commands, "export-file", _file, "write the file of an export that a second person approved")
    later.add_argument("key", type=int)
    later.add_argument("--by", required=True, metavar="USER")
    later.add_argument("--out", type=Path, required=True)


def _export(options: argparse.Namespace) -> None:
    user = _user(options.by)
    try:
        export = actions.ask_export(_asking(options, require_whole_area(user)), by=user, at=timezone.now())
    except (PermissionDenied, Http404) as error:
        raise ConsoleError(_("The user may not export this list, or the place lies outside their area.")) from error
    except actions.TooManyRows as error:
        raise ConsoleError(_("A workbook does not hold so many rows. Choose CSV.")) from error
    if export.state == ExportState.ASKED:
        why = "; ".join(need_words(code) for code in export.needs)
        raise ConsoleError(
            _("A second person must approve (%(why)s). Then: bangfu export-file %(key)s")
            % {"why": why, "key": export.pk}
        )
    _write(export, user, options.out)


def _asking(options: argparse.Namespace, user: User) -> actions.Asking:
    one = get_list(options.list)
    template = _template(options, user)
    data: dict[str, Any] = {
        "client_key": uuid4(), "purpose": options.purpose, "file_format": options.format,
        "recipient": options.recipient or user.name,
    }  # fmt: skip
    for text in options.column or [column.code for column in one.columns if column.shown]:
        code, _sign, mask = text.partition("=")
        if mask and mask not in MASKS:
            raise ConsoleError(f"--column {text}: {', '.join(MASKS)}")
        data.setdefault("columns", []).append(code)
        data[f"mask_{code}"] = mask
    form = AskForm(data, of=one, template=template)
    if not form.is_valid():
        said = [f"{name}: {error}" for name, errors in form.errors.items() for error in errors]
        raise ConsoleError(" ".join(said))
    return actions.Asking(
        list=one.code, parameters=_parameters(one, options.filter), columns=form.chosen_columns(),
        purpose=form.cleaned_data["purpose"], client_key=str(form.cleaned_data["client_key"]), template=template,
        recipient=template.recipient if template else form.cleaned_data["recipient"], file_format=options.format,
        language=get_language() or settings.LANGUAGE_CODE,
    )  # fmt: skip


def _template(options: argparse.Namespace, user: User) -> Template | None:
    if not options.template:
        return None
    found = usable_templates(user, options.list).filter(recipient=options.template).first()
    if found is None:
        raise ConsoleError(_("There is no template for this recipient."))
    return found


def _parameters(one: ExportList, given: list[str]) -> dict[str, str]:
    known = [*one.parameters, *([one.path] if one.path else [])]
    parameters = {}
    for text in given:
        name, sign, value = text.partition("=")
        if not sign or name not in known:
            raise ConsoleError(f"--filter {text}: {', '.join(known)}")
        parameters[name] = value
    return parameters


def _file(options: argparse.Namespace) -> None:
    user = _user(options.by)
    try:
        _write(get_export(user, options.key), user, options.out)
    except (PermissionDenied, Http404) as error:
        raise ConsoleError(_("The user has no such export.")) from error


def _write(export: Export, user: User, out: Path) -> None:
    export = actions.make_export(export.pk, at=timezone.now())
    if export.trouble:
        raise ConsoleError(trouble_words(export.trouble))
    try:
        export = actions.fetch_export(export, by=require_exporter(user), at=timezone.now())
    except actions.NotAllowedNow as error:
        raise ConsoleError(_("There is no file to download: it is not made yet, or it was erased.")) from error
    draft = out.with_name(f"{out.name}.part")
    try:
        with draft.open("wb") as file:
            file.writelines(actions.file_pieces(export))
        draft.replace(out)
    except OSError as error:
        raise ConsoleError(f"{out}: {error.strerror}") from error
    say(_("%(rows)s rows, export %(number)s") % {"rows": export.rows_made, "number": export.number})


def _user(username: str) -> User:
    try:
        return User.objects.get_by_natural_key(username)
    except User.DoesNotExist as error:
        raise ConsoleError(_("There is no user of this name.")) from error
