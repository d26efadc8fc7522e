"""The choice of a place inside one's duties, level by level: town, then village, by code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bangfu.accounts.access import may_see_division
from bangfu.accounts.models import User
from bangfu.divisions.queries import children_of, names_of
from bangfu.divisions.ranges import COUNTY, PREFECTURE, PROVINCE, TOWN, VILLAGE, code_range, level_of

T = TypeVar("T", bound=Model)
_PARAMETERS = {PROVINCE: "province", PREFECTURE: "city", COUNTY: "county", TOWN: "town", VILLAGE: "village"}
_WORDS: Mapping[str, Promise] = {
    "duty": _("Area"), "province": _("Province"), "city": _("City"), "county": _("County"), "town": _("Town"),
    "village": _("Village"),
}  # fmt: skip


@dataclass(frozen=True)
class Level:
    """One select: its parameter, label, (code, name) of the places, and the code chosen ("" for all)."""

    parameter: str
    words: Promise
    options: Sequence[tuple[str, str]]
    chosen: str


@dataclass(frozen=True)
class Area:
    """The selects to show, and the place that they narrow a list to ("" for all of one's duties)."""

    levels: Sequence[Level]
    code: str

    @property
    def range(self) -> tuple[str, str] | None:
        """The half-open range of codes of the place, None for all of one's duties."""
        return code_range(self.code) if self.code else None

    def narrow(self, rows: QuerySet[T], field: str = "division") -> QuerySet[T]:
        """Those of the rows whose division lies in the place; all of them where none is chosen."""
        if not self.range:
            return rows
        low, high = self.range
        return rows.filter(**{f"{field}__gte": low, f"{field}__lt": high})

    @property
    def parameters(self) -> dict[str, str]:
        """The places chosen, as parameters of an address."""
        return {level.parameter: level.chosen for level in self.levels if level.chosen}


def read_area(user: User, given: Mapping[str, str]) -> Area:
    """The place named by the parameters. One that does not lie in the place chosen above it counts as not chosen.

    Raises Http404 for a code outside the user's duties.
    """
    for parameter in _WORDS:
        if given.get(parameter) and not may_see_division(user, given[parameter]):
            raise Http404
    roots = _roots(user)
    levels: list[Level] = []
    here = chosen = ""
    if len(roots) > 1:
        names = names_of(roots)
        levels.append(_level("duty", [(code, names.get(code, code)) for code in roots], given))
        here = chosen = levels[-1].chosen
    elif roots:
        here = roots[0]
    while here and level_of(here) < VILLAGE and (below := children_of(here)):
        parameter = _PARAMETERS[below[0].level]
        levels.append(_level(parameter, [(row.code, row.name) for row in below], given))
        here = levels[-1].chosen
        chosen = here or chosen
    return Area(levels, chosen)


def _level(parameter: str, options: Sequence[tuple[str, str]], given: Mapping[str, str]) -> Level:
    wanted = given.get(parameter, "")
    return Level(parameter, _WORDS[parameter], options, wanted if wanted in dict(options) else "")


def _roots(user: User) -> list[str]:
    """The divisions of the duties of today, without those that lie in another one."""
    found: list[str] = []
    for code in sorted({low for low, _high in user.ranges()}):
        if not any(low <= code < high for low, high in map(code_range, found)):
            found.append(code)
    return found
