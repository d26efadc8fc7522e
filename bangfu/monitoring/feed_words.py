"""Outside lists in words: their kinds, what is wrong with a file or with a line of it."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bangfu.cases.words import spoken
from bangfu.intake.failures import BadLedger
from bangfu.intake.words import ROWS, explain_failure
from bangfu.monitoring.feed_lines import OTHER_MONTH
from bangfu.monitoring.rules import feed_kinds
from bangfu.rulebook.feed_kinds import FeedKind

FILES: Mapping[str, Promise] = {
    "wider_list": gettext_lazy("A list of a wider place is in use for this period already. It holds your place too."),
    "people_unnamed": gettext_lazy(
        "The list does not say whom it speaks of: it needs the column %(number)s, or both %(name)s and %(born)s."
    ),
    "period_in_future": gettext_lazy("The period lies in the future. Check the month or the day."),
}
REASONS: Mapping[str, Promise] = {
    OTHER_MONTH: gettext_lazy("The line speaks of another month than the list."),
    "not_on_register": gettext_lazy("The line is of nobody of this place who is on the register; it is not kept."),
    "not_reviewed": gettext_lazy("Nobody decided in time whom the line speaks of; it was erased."),
}


def kind_name(code: str) -> str:
    """The name of a kind of list; its code where its mapping file is gone."""
    kind = feed_kinds().get(code)
    return spoken(kind.name) if kind else code


def explain_feed(error: BadLedger, kind: FeedKind) -> str:
    """Why a list cannot be used as a whole, and what to do."""
    if error.code in FILES:
        columns = error.parameters.get("columns")
        named = dict(zip(("number", "name", "born"), columns, strict=False)) if isinstance(columns, list) else {}
        return str(FILES[error.code]) % named
    reasons = error.parameters.get("reasons")
    if isinstance(reasons, Mapping) and reasons:
        told = " ".join(f"{count} × {explain_line(reason, kind)}" for reason, count in reasons.items())
        return _("No line of the list can be used: %(reasons)s") % {"reasons": told}
    return explain_failure(error)


def explain_line(reason: str, kind: FeedKind | None) -> str:
    """Why a line was left out."""
    if reason in REASONS:
        return str(REASONS[reason])
    if reason in ROWS:
        return str(ROWS[reason])
    field, _dot, what = reason.rpartition("_")
    names = {column.field: spoken(column.name) for column in kind.columns} if kind else {}
    shown = {"column": names.get(field, field)}
    if what == "unknown":
        return _("%(column)s: the word is not one that the mapping file knows.") % shown
    if what == "missing":
        return _("%(column)s is empty.") % shown
    return _("%(column)s cannot be read.") % shown


def cells_unread(field: str, kind: FeedKind | None) -> str:
    """The name of the column that a field is filled from."""
    names = {column.field: spoken(column.name) for column in kind.columns} if kind else {}
    return names.get(field, field)
