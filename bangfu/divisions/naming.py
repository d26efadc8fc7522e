"""Find a county or a village by the names that ledgers use for it.

Names are compared without spaces and width differences. The exact name comes first; else names without
their endings (省, 县, 旗, 镇, 苏木, 村, 嘎查, 社区, 村委会 ...) and the aliases count, and only one may fit.
An index is built from plain tuples, so that a caller loads no more than the counties it needs.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

PREFECTURE, COUNTY, TOWN, VILLAGE = 2, 3, 4, 5
PLACEHOLDER = re.compile(r"^(市辖区|县|.*直辖县级行政区划)$")
"""Prefectures that exist only on paper: below a municipality, or directly below a province."""
NATIONS = (
    "各族|蒙古族|回族|藏族|维吾尔|维吾尔族|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克|哈萨克族|傣族|黎族|"
    "傈僳族|佤族|畲族|高山族|拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜|柯尔克孜族|土族|达斡尔|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族|"
    "仡佬族|锡伯|锡伯族|阿昌族|普米族|塔吉克|塔吉克族|怒族|乌孜别克族|俄罗斯族|鄂温克|鄂温克族|德昂族|保安族|裕固族|京族|塔塔尔族|独龙族|"
    "鄂伦春族|赫哲族|门巴族|珞巴族|基诺族"
)
UPPER_ENDING = re.compile(rf"(?:(?:{NATIONS})*自治[区州县旗]|特别行政区|地区|新区|林区|特区|[省市盟州县区旗])$")
TOWN_ENDING = re.compile(rf"(?:街道办事处|街道办|街道|(?:{NATIONS})*民?族?[乡镇]|(?:{NATIONS})*苏木|镇|乡)$")
VILLAGE_ENDINGS = (
    "村民委员会",
    "居民委员会",
    "委员会",
    "村委会",
    "居委会",
    "嘎查",
    "社区",
    "村",
)
NOTE = re.compile(r"\([^()]*\)")
SHORTEST = 2
"""Characters that must remain of a county or town without its ending: 沛县 stays 沛县."""


@dataclass(frozen=True)
class Found:
    """Exactly one division fits; `code` has 12 digits."""

    code: str


@dataclass(frozen=True)
class Unknown:
    """No division fits."""


@dataclass(frozen=True)
class Ambiguous:
    """Several divisions fit: code and name of each, by code."""

    candidates: tuple[tuple[str, str], ...]


Result = Found | Unknown | Ambiguous


def plain(name: str | None) -> str:
    """A name without white space and width differences; None becomes empty."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", name)) if name else ""


def stem(name: str, ending: re.Pattern[str]) -> str:
    """A plain name without its ending, unless less than two characters would remain."""
    short = ending.sub("", name, count=1)
    return short if len(short) >= SHORTEST else name


def village_forms(name: str) -> frozenset[str]:
    """A plain village name and what remains of it, ending after ending; notes in brackets do not count."""
    forms, fresh = set[str](), {name, NOTE.sub("", name)}
    while fresh:
        forms |= fresh
        fresh = {form.removesuffix(end) for form in fresh for end in VILLAGE_ENDINGS} - forms - {""}
    return frozenset(forms)


class _Names:
    """Divisions of one kind, to be looked up by exact name, then by any other form."""

    def __init__(self) -> None:
        self.exact: dict[str, set[str]] = defaultdict(set)
        self.others: dict[str, set[str]] = defaultdict(set)

    def add(self, code: str, name: str, others: Iterable[str]) -> None:
        self.exact[name].add(code)
        for other in others:
            self.others[other].add(code)

    def all(self, name: str, others: Iterable[str]) -> set[str]:
        """Every division that fits, exact or not."""
        return self.exact.get(name, set()).union(*(self.others.get(other, set()) for other in (name, *others)))

    def best(self, name: str, others: Iterable[str], allowed: set[str] | None = None) -> set[str]:
        """Those of the exact name, else those of another form, among the `allowed` (None: all)."""
        for found in (self.exact.get(name, set()), self.all(name, others)):
            kept = found if allowed is None else found & allowed
            if kept:
                return kept
        return set()


class DivisionIndex:
    """Names of divisions. `divisions` are (12-digit code, name, level 1-5): all provinces, prefectures and
    counties that may be asked for, and towns and villages of the counties in question; `aliases` are (name,
    code).
    """

    def __init__(self, divisions: Iterable[tuple[str, str, int]], aliases: Iterable[tuple[str, str]] = ()) -> None:
        self.names: dict[str, str] = {}
        self._levels = {level: _Names() for level in range(1, VILLAGE + 1)}
        self._towns: dict[str, _Names] = defaultdict(_Names)
        self._villages: dict[str, _Names] = defaultdict(_Names)
        self._counties_of: dict[str, set[str]] = defaultdict(set)
        self._prefectures_of: dict[str, set[str]] = defaultdict(set)
        prefectures: dict[str, str] = {}
        level_of: dict[str, int] = {}
        for code, name, level in divisions:
            self.names[code] = name
            level_of[code] = level
            if level == PREFECTURE:
                prefectures[code] = name
                self._prefectures_of[code[:2]].add(code)
            self._add(code, plain(name), level)
        for code, name in prefectures.items():
            if not self._counties_of[code[:4]]:  # Dongguan and its like: a prefecture that is its own county
                self._add(code, plain(name), COUNTY)
        for alias, code in aliases:
            if code in level_of:
                self._levels[level_of[code]].others[plain(alias)].add(code)

    def _add(self, code: str, name: str, level: int) -> None:
        if level == VILLAGE:
            self._villages[code[:9]].add(code, name, village_forms(name))
        elif level == TOWN:
            self._towns[code[:6]].add(code, name, {stem(name, TOWN_ENDING)})
        else:
            self._levels[level].add(code, name, {stem(name, UPPER_ENDING)})
            if level == COUNTY:
                self._counties_of[code[:4]].add(code)

    def county(self, province: str | None, city: str | None, county: str | None) -> Result:
        """The county that the three names lead to; an empty province or city does not narrow the search.

        A county may be left empty where the city has no other one. For municipalities the city may be their
        own name or 市辖区; for counties directly below a province it may be the county's own name.
        """
        texts = [plain(province), plain(city), plain(county)]
        if not texts[1] and not texts[2]:
            return Unknown()
        provinces = self._upper(1, texts[0]) if texts[0] else None
        if provinces is not None and not provinces:
            return Unknown()
        allowed = self._allowed(provinces, texts[1], texts[2])
        if not texts[2]:
            return self._result(allowed) if allowed is not None and len(allowed) == 1 else Unknown()
        name = self._without_parents(texts[2], provinces, texts[1])
        return self._result(self._levels[COUNTY].best(name, {stem(name, UPPER_ENDING)}, allowed))

    def village(self, county_code: str, town: str | None, village: str | None) -> Result:
        """The village of a county by the names of its town and its own; Unknown when either is empty or
        new.
        """
        town_name, name = plain(town), plain(village)
        if not town_name or not name:
            return Unknown()
        towns = self._towns[county_code[:6]].best(town_name, {stem(town_name, TOWN_ENDING)})
        exact: set[str] = set()
        fitting: set[str] = set()
        forms = village_forms(name)
        for code in towns:
            villages = self._villages[code[:9]]
            exact |= villages.exact.get(name, set())
            fitting |= villages.all(name, forms)
        return self._result(exact or fitting)

    def _upper(self, level: int, name: str) -> set[str]:
        return self._levels[level].best(name, {stem(name, UPPER_ENDING)})

    def _allowed(self, provinces: set[str] | None, city: str, county: str) -> set[str] | None:
        """The counties that province and city leave; None when neither narrows the search."""
        if provinces is None and not city:
            return None
        within = {code[:2] for code in provinces} if provinces is not None else set(self._prefectures_of)
        inside = {code for head in within for code in self._prefectures_of[head]}
        if city:
            inside = self._prefectures(inside, city, county)
        return {county for code in inside for county in self._counties_of[code[:4]]}

    def _prefectures(self, inside: set[str], city: str, county: str) -> set[str]:
        """The prefectures a city name leads to, those on paper under the names that stand in for them."""
        named = inside & self._levels[PREFECTURE].all(city, {stem(city, UPPER_ENDING)})
        provinces = {code[:2] for code in self._levels[1].all(city, {stem(city, UPPER_ENDING)})}
        on_paper = {code for code in inside if PLACEHOLDER.match(self.names[code])}
        named |= {code for code in on_paper if code[:2] in provinces}
        if PLACEHOLDER.match(city):
            named |= on_paper
        if not named and city == county:
            named = on_paper
        return named

    def _without_parents(self, county: str, provinces: set[str] | None, city: str) -> str:
        """A county typed with its province and city in front: 内蒙古通辽市开鲁县."""
        if county in self._levels[COUNTY].exact:
            return county
        heads = [self.names[code] for code in provinces or ()]
        heads += [stem(head, UPPER_ENDING) for head in heads]
        for head in (*sorted(heads, key=len, reverse=True), city):
            if head and len(county) > len(head) + 1:
                county = county.removeprefix(head)
        return county

    def _result(self, codes: set[str] | None) -> Result:
        if not codes:
            return Unknown()
        if len(codes) == 1:
            return Found(next(iter(codes)))
        return Ambiguous(tuple((code, self.names[code]) for code in sorted(codes)))
