"""Pages of the room: asking for a file, one's files, decisions of a second person, templates of recipients."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bangfu.accounts.access import require_exporter
from bangfu.divisions.queries import names_of
from bangfu.exports import access, actions, queries
from bangfu.exports.forms import AskForm, DecisionForm, TemplateForm
from bangfu.exports.lists import ExportList, all_lists
from bangfu.exports.models import Export, ExportState, FileFormat, Template
from bangfu.exports.tasks import make_export_task
from bangfu.exports.words import columns_in_words, columns_of, need_words, trouble_words
from bangfu.ui.pages import keyset_page

_TYPES = {FileFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
_STALLED = 15  # polls of a second without a new row, after which the page offers to begin again


@require_GET
def export_list(request: HttpRequest) -> HttpResponse:
    """What waits for the user's decision, and what the user asked for, the newest first."""
    user = require_exporter(request.user)
    page = keyset_page(access.own_exports(user), ("-id",), after=request.GET.get("after", ""))
    lists = all_lists()
    context = {
        "page": page, "lines": [(row, lists[row.list].title) for row in page.rows],
        "waiting": [(row, lists[row.list].title) for row in access.waiting_exports(user)],
        "lists": [(one.title, _page_of(one, {})) for one in lists.values() if not one.path],
    }  # fmt: skip
    return render(request, "exports/list.html", context)


def _page_of(one: ExportList, parameters: dict[str, str]) -> str:
    """The address of the page that shows the list."""
    rest = QueryDict(mutable=True)
    rest.update({name: value for name, value in parameters.items() if name != one.path})
    address = reverse(one.page, args=[parameters[one.path]] if one.path else [])
    return f"{address}?{rest.urlencode()}" if rest else address


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, code: str) -> HttpResponse:
    """Ask for a list as a file; the filter of the page stands in the address, as codes."""
    user = access.require_whole_area(request.user)
    one = access.get_list(code)
    parameters = one.chosen(request.GET.dict())
    templates = list(access.usable_templates(user, code))
    template = next((row for row in templates if str(row.pk) == request.GET.get("template")), None)
    form = AskForm(request.POST if request.method == "POST" else None, of=one, template=template)
    if request.method == "POST" and form.is_valid():
        try:
            return _asked(user, form, parameters)
        except actions.TooManyRows:
            form.add_error("file_format", _("A workbook does not hold so many rows. Choose CSV."))
    context = {
        "list": one, "form": form, "templates": templates, "template": template, "parameters": parameters,
        "fixed": columns_in_words(code, template.columns) if template else [], "back": _page_of(one, parameters),
        "query": request.GET.urlencode(), "limit": settings.EXPORT_ALONE_PERSONS, "kept": settings.EXPORT_KEPT_DAYS,
        **queries.preview(one, user, parameters, timezone.now()),
    }  # fmt: skip
    return render(request, "exports/ask.html", context, status=422 if form.errors else 200)


def _asked(user: Any, form: AskForm, parameters: dict[str, str]) -> HttpResponse:
    said, template = form.cleaned_data, form.template
    export = actions.ask_export(
        actions.Asking(
            list=form.of.code, parameters=parameters, columns=form.chosen_columns(), purpose=said["purpose"],
            recipient=template.recipient if template else said["recipient"], client_key=str(said["client_key"]),
            language=get_language() or settings.LANGUAGE_CODE, file_format=said["file_format"], template=template,
        ),
        by=user, at=timezone.now(),
    )  # fmt: skip
    if queries.is_small(export):
        actions.make_export(export.pk, at=timezone.now())
    elif export.state == ExportState.APPROVED:
        make_export_task.enqueue(str(export.pk))
    return redirect("exports:export", export.pk)


@require_GET
def export(request: HttpRequest, key: int) -> HttpResponse:
    """One export: what it holds, for whom, where it stands, and what the reader may do about it."""
    row = access.get_export(request.user, key)
    return _shown(request, row, DecisionForm())


def _shown(request: HttpRequest, row: Export, form: DecisionForm, status: int = 200) -> HttpResponse:
    one = all_lists()[row.list]
    context = {
        "export": row, "title": one.title, "columns": columns_of(row),
        "needs": [need_words(code) for code in row.needs],
        "own": row.by_id == request.user.pk, "form": form, "trouble": trouble_words(row.trouble), "stalled": False,
        "still": 0, "back": _page_of(one, row.parameters), "kept": settings.EXPORT_KEPT_DAYS,
    }  # fmt: skip
    return render(request, "exports/export.html", context, status=status)


@never_cache
@require_GET
def progress(request: HttpRequest, key: int) -> HttpResponse:
    """How far the file is; asked every second. `seen` and `still` tell a worker that was killed."""
    row = access.get_export(request.user, key)
    if row.state != ExportState.APPROVED or row.trouble:
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return response
    given = request.GET.get("still", "")
    still = (
        int(given) + 1 if given.isdecimal() and len(given) < 4 and request.GET.get("seen") == str(row.rows_done) else 0
    )
    context = {"export": row, "still": still, "stalled": still >= _STALLED, "own": row.by_id == request.user.pk}
    return render(request, "exports/_progress.html", context)


@require_POST
def decide(request: HttpRequest, key: int) -> HttpResponse:
    """A second person approves or refuses, with a reason."""
    row = access.get_export(request.user, key)
    user = require_exporter(request.user)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _shown(request, row, form, status=422)
    said = form.cleaned_data
    approve = said["decision"] == "approve"
    try:
        actions.decide_export(row, approve=approve, reason=said["reason"], by=user, at=timezone.now())
    except actions.NotAllowedNow:
        messages.error(request, _("Nothing was changed: somebody decided meanwhile."))
        return redirect("exports:list")
    if approve:
        make_export_task.enqueue(str(row.pk))
    messages.success(request, _("Approved: the file is being made.") if approve else _("Refused: no file is made."))
    return redirect("exports:list")


@require_POST
def again(request: HttpRequest, key: int) -> HttpResponse:
    """Make the file once more from the start, where a worker was killed or the list kept changing."""
    row = access.get_export(request.user, key)
    user = require_exporter(request.user)
    if actions.begin_again(row, by=user, at=timezone.now()):
        make_export_task.enqueue(str(row.pk))
    return redirect("exports:export", key)


@never_cache
@require_POST
def fetch(request: HttpRequest, key: int) -> HttpResponse | StreamingHttpResponse:
    """The file, to its asker; every download is recorded."""
    row = access.get_export(request.user, key)
    user = require_exporter(request.user)
    try:
        row = actions.fetch_export(row, by=user, at=timezone.now())
    except actions.NotAllowedNow:
        messages.error(request, _("There is no file to download: it is not made yet, or it was erased."))
        return redirect("exports:export", key)
    kind = _TYPES.get(FileFormat(row.file_format), "text/csv")
    response = StreamingHttpResponse(actions.file_pieces(row), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{row.list}-{row.number}.{row.suffix}"'
    return response


@require_GET
def template_list(request: HttpRequest) -> HttpResponse:
    """The templates of the user's office, those above it and those below it."""
    user = require_exporter(request.user)
    rows = list(access.visible_templates(user).order_by("division", "recipient", "pk"))
    names, lists = names_of(row.division for row in rows), all_lists()
    keeps = access.may_keep_templates(user)
    lines = [
        (row, lists[row.list].title, names.get(row.division, row.division), columns_in_words(row.list, row.columns),
         keeps and access.may_export_area(user, [row.division]))
        for row in rows
    ]  # fmt: skip
    return render(request, "exports/templates.html", {"lines": lines, "keeps": keeps, "lists": lists.values()})


@require_http_methods(["GET", "POST"])
def new_template(request: HttpRequest, code: str) -> HttpResponse:
    """A new template of the user's office for a list."""
    user = access.require_keeper(request.user)
    one = access.get_list(code)
    return _template_form(request, user, one, Template(division=user.division, list=code))


@require_http_methods(["GET", "POST"])
def template(request: HttpRequest, key: int) -> HttpResponse:
    """Change a template; files that were asked for keep what they were asked with."""
    kept = access.get_template(request.user, key)
    user = access.require_keeper(request.user)
    return _template_form(request, user, access.get_list(kept.list), kept)


def _template_form(request: HttpRequest, user: Any, one: ExportList, kept: Template) -> HttpResponse:
    known = None if kept._state.adding else kept
    form = TemplateForm(request.POST if request.method == "POST" else None, of=one, template=known)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        kept.recipient, kept.watermark, kept.needs_second = said["recipient"], said["watermark"], said["needs_second"]
        kept.columns = form.chosen_columns()
        try:
            with transaction.atomic():
                actions.save_template(kept, by=user, at=timezone.now())
        except IntegrityError:
            form.add_error("recipient", _("Your office has a template of this list for this recipient already."))
        else:
            messages.success(request, _("The template is kept."))
            return redirect("exports:templates")
    context = {"list": one, "form": form, "template": known}
    return render(request, "exports/template.html", context, status=422 if form.errors else 200)


@require_POST
def end_template(request: HttpRequest, key: int) -> HttpResponse:
    """Take a template out of use."""
    kept = access.get_template(request.user, key)
    user = access.require_keeper(request.user)
    if actions.end_template(kept, by=user, at=timezone.now()):
        messages.success(request, _("The template is out of use."))
    return redirect("exports:templates")
