"""Villages in an address: one text that may name the county and the town, the village, and a group or house in it."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from bangfu.divisions.naming import TOWN_ENDING, UPPER_ENDING, plain, stem, village_forms
from bangfu.divisions.queries import names_of
from bangfu.divisions.ranges import COUNTY, TOWN, VILLAGE, ancestors_of, level_of

_WITHIN = re.compile(r"第?[0-9一二三四五六七八九十]+(?:村民小组|小组|组|队|社|号|户|栋|幢|单元|室|巷|弄).*$")
_CODE = re.compile(r"[0-9]{12}|[0-9]{9}|[0-9]{6}")
_SHORTEST, _LONGEST = 2, 24
Named = Mapping[str, Collection[str]]


class AddressBook:
    """Finds the villages given (12-digit codes), or the town or county of one, in addresses. `names` has the names of
    all of them."""

    def __init__(self, villages: Iterable[str], names: Mapping[str, str]) -> None:
        self.codes: set[str] = set()
        self._answers: dict[str, str | None] = {}
        self.forms: dict[int, dict[str, set[str]]] = {level: defaultdict(set) for level in (COUNTY, TOWN, VILLAGE)}
        for village in villages:
            for code in (*ancestors_of(village), village):
                name, level = plain(names.get(code)), level_of(code)
                if not name or level < COUNTY or code in self.codes:
                    continue
                self.codes.add(code)
                for form in _forms(name, level):
                    self.forms[level][form].add(code)

    def find(self, address: str) -> str | None:
        """The code of the village, else of the town, else of the county that the address names; None where it names
        none of those that are known, or more than one."""
        text = plain(address)
        if _CODE.fullmatch(text):
            code = text.ljust(12, "0")
            return next((one for one in (code, *reversed(ancestors_of(code))) if one in self.codes), None)
        text = _WITHIN.sub("", text)
        if text not in self._answers:  # a hundred thousand addresses are of some hundred villages
            county = self._inside(text, COUNTY, None)
            town = self._inside(text, TOWN, county)
            self._answers[text] = self._village(text, town, county) or town or county
        return self._answers[text]

    def _village(self, text: str, town: str | None, county: str | None) -> str | None:
        """The village whose name is the longest end of the text, with or without what such names end with."""
        ends = {form[start:] for form in village_forms(text) for start in range(len(form) - _SHORTEST + 1)}
        within = town[:9] if town else county[:6] if county else ""
        for end in sorted(ends & self.forms[VILLAGE].keys(), key=lambda end: (-len(end), end)):
            named = set[str]().union(*(self.forms[VILLAGE].get(form, ()) for form in village_forms(end)))
            found = {code for code in named if code.startswith(within)}
            if found:
                return found.pop() if len(found) == 1 else None
        return None

    def _inside(self, text: str, level: int, above: str | None) -> str | None:
        """The one division of the level whose name stands in the text, the longest name first."""
        forms, within = self.forms[level], above[:6] if above else ""
        parts = {
            text[start : start + size]
            for size in range(_SHORTEST, _LONGEST + 1)
            for start in range(len(text) - size + 1)
        }  # fmt: skip
        for form in sorted(parts & forms.keys(), key=lambda form: (-len(form), form)):
            found = {code for code in forms[form] if code.startswith(within)}
            if len(found) == 1:
                return found.pop()
        return None


def _forms(name: str, level: int) -> Collection[str]:
    if level == VILLAGE:
        return [form for form in village_forms(name) if len(form) >= _SHORTEST]
    return {name, stem(name, TOWN_ENDING if level == TOWN else UPPER_ENDING)}


def address_book(villages: Collection[str]) -> AddressBook:
    """The book of these villages, their towns and counties."""
    known = {code for village in villages for code in (*ancestors_of(village), village)}
    return AddressBook(sorted(villages), names_of(known))
