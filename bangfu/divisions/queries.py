"""Reading the tree: names, subtrees, and the index that ledgers are matched with."""

from collections.abc import Iterable, Sequence

from django.core.cache import cache
from django.db.models import Q

from bangfu.divisions.models import Alias, Division
from bangfu.divisions.naming import PLACEHOLDER, DivisionIndex
from bangfu.divisions.ranges import COUNTY, ancestors_of, code_range, level_of


def within(ranges: Iterable[tuple[str, str]], field: str = "division") -> Q:
    """The rows whose code lies in one of these half-open ranges; none without a range."""
    scope = Q(pk__in=())
    for low, high in ranges:
        scope |= Q(**{f"{field}__gte": low, f"{field}__lt": high})
    return scope


def names_of(codes: Iterable[str]) -> dict[str, str]:
    """The names of these codes; a code that is not loaded is missing from the answer."""
    wanted = {code for code in codes if code}
    return dict(Division.objects.filter(pk__in=wanted).values_list("code", "name"))


def full_names_of(codes: Iterable[str], *, above: int = 0) -> dict[str, str]:
    """Each code with the names of the divisions that hold it, joined by a blank; levels up to `above` left out.

    Holders that exist only on paper, such as 市辖区, are left out as well.
    """
    wanted = {code for code in codes if code}
    chains = {code: [part for part in (*ancestors_of(code), code) if level_of(part) > above] for code in wanted}
    names = names_of(part for chain in chains.values() for part in chain)
    return {
        code: " ".join(
            name for part in chain if (name := names.get(part)) and (part == code or not PLACEHOLDER.match(name))
        )
        for code, chain in chains.items()
    }


def path_of(code: str) -> list[Division]:
    """The divisions from the province down to `code` itself."""
    return list(Division.objects.filter(pk__in=[*ancestors_of(code), code]).order_by("code"))


def children_of(code: str) -> list[Division]:
    """The divisions one level below `code` ("" gives the provinces), in code order."""
    low, high = code_range(code)
    below = Division.objects.filter(code__gte=low, code__lt=high, level__gt=level_of(code), valid_to__isnull=True)
    level = below.order_by("level").values_list("level", flat=True).first()
    return list(below.filter(level=level)) if level else []


def index_of(counties: Sequence[str] = ()) -> DivisionIndex:
    """The index that finds divisions by name: all counties, and the towns and villages of the counties given."""
    rows = _upper_rows()
    for county in counties:
        low, high = code_range(county)
        rows = rows + list(
            Division.objects.filter(code__gte=low, code__lt=high, level__gt=COUNTY).values_list("code", "name", "level")
        )
    return DivisionIndex(rows, list(Alias.objects.values_list("name", "division_id")))


def _upper_rows() -> list[tuple[str, str, int]]:
    key = "divisions.upper"
    rows = cache.get(key)
    if not rows:
        rows = list(Division.objects.filter(level__lte=COUNTY).values_list("code", "name", "level"))
        cache.set(key, rows, 600)
    return rows


def counties_named(text: str) -> list[tuple[str, str]]:
    """Counties (code, full name) by their 12-digit code, or by all words of the text standing in the full name; at most
    nine."""
    words = text.split()
    rows = Division.objects.filter(level=COUNTY, valid_to__isnull=True)
    if len(words) == 1 and words[0].isascii() and words[0].isdigit():
        rows = rows.filter(code=words[0].ljust(12, "0"))
    elif words:
        rows = rows.filter(name__contains=words[-1])
    else:
        return []
    names = full_names_of(rows.order_by("code").values_list("code", flat=True)[:200])
    return [(code, name) for code, name in names.items() if words[0].isdigit() or all(one in name for one in words)][:9]


def codes_below(code: str, level: int) -> list[str]:
    """The codes of all divisions of one level inside `code`, in order."""
    low, high = code_range(code)
    rows = Division.objects.filter(code__gte=low, code__lt=high, level=level, valid_to__isnull=True)
    return list(rows.order_by("code").values_list("code", flat=True))


def counties_in(ranges: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The counties inside half-open ranges of codes, as (code, name), in order."""
    found: dict[str, str] = {}
    for low, high in ranges:
        rows = Division.objects.filter(code__gte=low, code__lt=high, level=COUNTY, valid_to__isnull=True)
        found |= dict(rows.values_list("code", "name"))
    return sorted(found.items())
