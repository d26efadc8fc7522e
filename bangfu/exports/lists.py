"""The lists that may be exported: each room above describes its own, the settings name them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db.models import Choices, QuerySet
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from bangfu.accounts.models import User

Words = str | Promise
TEXT, COUNT, MONEY, DAY, MOMENT = "text", "count", "money", "day", "moment"


@dataclass(frozen=True)
class Column:
    """One column: `number` says which number of a person it holds (masks.ID, PHONE, ACCOUNT), "" for none.

    `shown` columns stand on the page, and in the file unless the user says otherwise.
    """

    code: str
    words: Words
    kind: str = TEXT
    number: str = ""
    shown: bool = True


@dataclass(frozen=True)
class Listed:
    """What a list shows to a user at one time: its rows in their order, and its filter as (name, value) in words."""

    rows: QuerySet[Any]
    order: Sequence[str]
    filter: Sequence[tuple[str, str]] = ()


def labels_of(choices: type[Choices]) -> dict[Any, str]:
    """The words of a list of codes in the reader's language, "" for no code: looked up once, not for every cell."""
    return {"": "", **{value: str(label) for value, label in choices.choices}}


Read = Callable[[User, Mapping[str, str], datetime], Listed]
Cells = Callable[[User, Sequence[Any], frozenset[str], datetime], Iterable[Mapping[str, Any]]]


@dataclass(frozen=True)
class ExportList:
    """One list.

    `read` gives what the page shows, by the same code as the page, for its parameters (`parameters` names those that
    narrow it; `path` is the argument that the page's address has besides). `cells` gives the values of the wanted
    columns for some rows, whole numbers unmasked, in a number of queries that does not depend on the rows.
    `person` is the field of a row that holds the key of its person, "" for a list that is not about persons.
    `fields`, for a list of very many rows, are what `cells` reads of a row: it then gets named tuples (`person__name`)
    in place of objects, which take three times as long to make.
    """

    code: str
    title: Words
    page: str
    columns: Sequence[Column]
    read: Read
    cells: Cells
    parameters: Sequence[str] = ()
    path: str = ""
    person: str = ""
    fields: Sequence[str] = ()

    def column(self, code: str) -> Column:
        """The column of that code. Raises KeyError."""
        return {column.code: column for column in self.columns}[code]

    def chosen(self, given: Mapping[str, str]) -> dict[str, str]:
        """Those of the parameters that narrow this list, without the empty ones."""
        names = [*self.parameters, *([self.path] if self.path else [])]
        return {name: given[name] for name in names if given.get(name)}


@lru_cache(maxsize=1)
def all_lists() -> dict[str, ExportList]:
    """Every list of settings.EXPORT_LISTS by its code, in their order."""
    lists = [import_string(path) for path in settings.EXPORT_LISTS]
    return {one.code: one for one in lists}
