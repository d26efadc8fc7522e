"""What the codes of exports mean to an officer."""

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bangfu.exports import actions
from bangfu.exports.lists import all_lists
from bangfu.exports.masks import MASKS, WHOLE
from bangfu.exports.models import Export

TROUBLES: Mapping[str, Promise] = {
    actions.CHANGED: gettext_lazy("The list kept changing while the file was written. Begin again in a quiet minute."),
    actions.DUTY: gettext_lazy("Your duties are no longer those with which you asked. Ask for the list once more."),
    actions.FAILED: gettext_lazy(
        "A value of the list is longer than a cell holds. Leave its column out, or choose CSV."
    ),
}


def trouble_words(code: str) -> str:
    """Why a file could not be made, and what to do; "" for no trouble."""
    return str(TROUBLES.get(code, "")) if code else ""


def need_words(code: str) -> str:
    """Why a second person must approve."""
    limit = number_format(settings.EXPORT_ALONE_PERSONS, force_grouping=True)
    words = {
        actions.NUMBERS: _("whole numbers of persons"),
        actions.MANY: _("more than %s persons in one file") % limit,
        actions.MANY_TODAY: _("more than %s persons in the files of 24 hours") % limit,
        actions.RECIPIENT: _("the template of the recipient asks for it"),
    }
    return words.get(code, code)


def columns_of(export: Export) -> Sequence[tuple[str, str, bool]]:
    """The columns of an export as (words, mask in words, whole or not), "" where nothing is masked."""
    return columns_in_words(export.list, export.masks)


def columns_in_words(code: str, columns: Sequence[Sequence[str]]) -> list[tuple[str, str, bool]]:
    """The same for the columns of a template."""
    one = all_lists()[code]
    return [(str(one.column(name).words), str(MASKS[mask]) if mask else "", mask == WHOLE) for name, mask in columns]
