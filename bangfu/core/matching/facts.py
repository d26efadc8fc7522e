"""What matching knows of a worker and of a post. None always means: not known, which is never a no."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Range = Literal["county", "city", "province", "anywhere"]
RANGES: tuple[Range, ...] = ("county", "city", "province", "anywhere")
PROVINCE, CITY, COUNTY = 2, 4, 6  # significant digits of a division code
HIGHEST_LEVEL, HIGHEST_EDUCATION = 5, 5


class FactError(ValueError):
    """A value no worker or post can have. `code` is `<field>_invalid`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def _check(name: str, good: bool) -> None:
    if not good:
        raise FactError(f"{name}_invalid")


def _is_division(code: str | None) -> bool:
    return code is None or (code.isdigit() and code.isascii() and len(code) >= COUNTY)


def _is_wage(wage: Decimal | None) -> bool:
    return wage is None or (wage.is_finite() and wage >= 0 and wage * 100 == int(wage * 100))


def significant(code: str) -> str:
    """The digits of a wished place that count: 2 for a province, 4 for a city, 6 for a county or anything
    below.
    """
    head = code[:COUNTY]
    if len(head) <= PROVINCE or not head[PROVINCE:].strip("0"):
        return head[:PROVINCE]
    if len(head) <= CITY or not head[CITY:].strip("0"):
        return head[:CITY]
    return head


@dataclass(frozen=True)
class Worker:
    """A person who seeks work.

    `age` in years on the day of the run. `home`: division code of the home county or below (6 digits
    count). `wished_places`: division codes of provinces, cities or counties, good beyond the range as well;
    `willing`: how far otherwise. Wages in yuan a month. `known` and `wished`: occupation codes (4-10-01-06)
    or words of a title. `level`: highest certificate held, 0 none, 1 junior (level five) .. 5 senior
    technician (level one). `education`: 0 none, 1 primary, 2 junior middle, 3 senior middle, 4 college, 5
    university. `health_limited`: stated by the person. `priority`: class of urgency, 0 the ordinary one.
    Raises FactError.
    """

    age: int | None = None
    home: str | None = None
    wished_places: tuple[str, ...] = ()
    willing: Range | None = None
    wage_floor: Decimal | None = None
    last_wage: Decimal | None = None
    known: frozenset[str] = frozenset()
    wished: frozenset[str] = frozenset()
    level: int = 0
    education: int | None = None
    health_limited: bool | None = None
    wants_lodging: bool | None = None
    priority: int = 0

    def __post_init__(self) -> None:
        _check("home", _is_division(self.home))
        _check("wished_places", all(code.isdigit() and len(code) >= PROVINCE for code in self.wished_places))
        _check("willing", self.willing is None or self.willing in RANGES)
        _check("wage_floor", _is_wage(self.wage_floor))
        _check("last_wage", _is_wage(self.last_wage))
        _check("known", "" not in self.known)
        _check("wished", "" not in self.wished)
        _check("level", 0 <= self.level <= HIGHEST_LEVEL)
        _check("education", self.education is None or 0 <= self.education <= HIGHEST_EDUCATION)
        _check("age", self.age is None or self.age >= 0)
        _check("priority", self.priority >= 0)


@dataclass(frozen=True)
class Post:
    """A vacancy. Wages in yuan a month; ranks as in `Worker`, 0 = the employer asks for none;
    `needs_full_health`: a lawful health demand the employer has stated. `openings`: persons sought. Raises
    FactError.
    """

    county: str | None = None
    wage_low: Decimal | None = None
    wage_high: Decimal | None = None
    occupation: str = ""
    title: str = ""
    education_required: int | None = None
    level_required: int | None = None
    age_low: int | None = None
    age_high: int | None = None
    needs_full_health: bool | None = None
    lodging: bool | None = None
    insured: bool | None = None
    openings: int = 1

    def __post_init__(self) -> None:
        low, high = self.wage_low, self.wage_high
        _check("county", _is_division(self.county))
        _check("wage_low", _is_wage(low))
        _check("wage_high", _is_wage(high) and (low is None or high is None or low <= high))
        _check("education_required", self.education_required in (None, *range(HIGHEST_EDUCATION + 1)))
        _check("level_required", self.level_required in (None, *range(HIGHEST_LEVEL + 1)))
        _check("age_low", self.age_low is None or self.age_low >= 0)
        _check("age_high", self.age_high is None or self.age_high >= 0)
        _check("openings", self.openings >= 0)


def closeness(term: str, occupation: str, title: str) -> int:
    """How near a known or wished occupation is to a post: 3 the same, 2 the same group of the
    classification (three segments of the code), 1 the same class (two segments), 0 neither. A word matches
    a title that contains it.
    """
    if (occupation and term == occupation) or (title and term in title):
        return 3
    mine, other = term.split("-"), occupation.split("-")
    if not (mine[0].isdigit() and other[0].isdigit()):
        return 0
    if len(mine) > PROVINCE and mine[:3] == other[:3]:
        return 2
    return int(len(mine) > 1 and mine[:2] == other[:2])
