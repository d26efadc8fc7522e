"""Whether a post suits a worker and how well: hard limits first, then points, always with the reasons.

The hard limits are the programme's rule of a suitable post: wage not below the place's minimum nor the own
floor (80 % of the last wage where no floor is known), within the willingness to travel, certificate held,
stated health limits only; an employer's limits of age and schooling count too. What is not known never
bars: it is listed as unknown. All arithmetic is in whole numbers, so that `pairs` finds the same scores by
column.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from bangfu.core.matching.facts import CITY, COUNTY, PROVINCE, RANGES, Post, Worker, closeness, significant
from bangfu.core.matching.weights import PERCENT, Weights

Value = str | int | bool | None
HUNDREDTHS = 100
SCORE_A_HUNDREDTH = 6  # 100 points = 10,000 hundredths = score 60,000


@dataclass(frozen=True)
class Reason:
    """Why a post is barred, or what could not be checked: a code with the values that a page puts into its
    words.
    """

    code: str
    values: Mapping[str, Value]

    def as_dict(self) -> dict[str, object]:
        return {"code": self.code, "values": dict(self.values)}


@dataclass(frozen=True)
class Part:
    """One part of the score: hundredths of a point reached, out of how many, and the values behind it."""

    code: str
    points: int
    of: int
    values: Mapping[str, Value]

    def as_dict(self) -> dict[str, object]:
        return {"code": self.code, "points": self.points, "of": self.of, "values": dict(self.values)}


@dataclass(frozen=True)
class Fit:
    """`score` 1..60000, or 0 where `barred` has reasons. `unknown`: checks passed only because a fact is
    missing.
    """

    score: int
    barred: tuple[Reason, ...]
    unknown: tuple[Reason, ...]
    parts: tuple[Part, ...]

    @property
    def suitable(self) -> bool:
        return not self.barred

    def as_dict(self) -> dict[str, object]:
        """Plain values, ready for JSON."""
        return {
            "score": self.score,
            "barred": [reason.as_dict() for reason in self.barred],
            "unknown": [reason.as_dict() for reason in self.unknown],
            "parts": [part.as_dict() for part in self.parts],
        }


def fen(wage: Decimal | None) -> int | None:
    """Yuan as whole fen."""
    return None if wage is None else int(wage * 100)


def offered(post: Post, weights: Weights) -> tuple[int | None, int | None]:
    """The wage that counts, in fen, and the highest it can be; the first is None where only the high end is
    known.
    """
    low, high = fen(post.wage_low), fen(post.wage_high)
    if low is None:
        return None, high
    top = low if high is None else high
    return low + (top - low) * weights.wage_point_percent // PERCENT, top


def own_floor(worker: Worker, weights: Weights) -> int | None:
    """The least wage the worker need accept, in fen: the own floor, else a share of the last wage, rounded
    up.
    """
    floor, last = fen(worker.wage_floor), fen(worker.last_wage)
    if floor is not None or last is None:
        return floor
    return -(-last * weights.floor_percent // PERCENT)


def far(worker: Worker, post: Post) -> int | None:
    """0 the same county, 1 the same city, 2 the same province, 3 further; None where a place is not known."""
    if worker.home is None or post.county is None:
        return None
    for step, digits in enumerate((COUNTY, CITY, PROVINCE)):
        if worker.home[:digits] == post.county[:digits]:
            return step
    return len(RANGES) - 1


def in_wished_place(worker: Worker, post: Post) -> bool:
    """Whether the post lies in a place the worker has named."""
    return post.county is not None and any(post.county.startswith(significant(c)) for c in worker.wished_places)


def closest(terms: frozenset[str], post: Post) -> int:
    """The nearest of the terms to the post, 0..3 as in `closeness`."""
    return max((closeness(term, post.occupation, post.title) for term in terms), default=0)


class _Limits:
    """Collects what bars and what is unknown, in the order of asking."""

    def __init__(self) -> None:
        self.barred: list[Reason] = []
        self.unknown: list[Reason] = []

    def ask(self, code: str, broken: bool | None, **values: Value) -> None:
        """`broken` None: a fact is missing."""
        if broken is None:
            self.unknown.append(Reason(code, values))
        elif broken:
            self.barred.append(Reason(code, values))


def _below(wage: int | None, top: int | None, limit: int | None) -> bool | None:
    """Whether the wage is below the limit; where only the high end is known it bars when even that is
    below.
    """
    if limit is None or (wage is None and top is None):
        return None
    if wage is None:
        return True if top is not None and top < limit else None
    return wage < limit


def _yuan(amount: int | None) -> str | None:
    return None if amount is None else f"{amount // HUNDREDTHS}.{amount % HUNDREDTHS:02d}"


def _compare(value: int | None, limit: int | None, *, low: bool) -> bool | None:
    """Broken when the value is below a low limit or above a high one."""
    if value is None or limit is None:
        return None
    return value < limit if low else value > limit


def _wage_limits(limits: _Limits, worker: Worker, post: Post, minimum: int | None, weights: Weights) -> None:
    wage, top = offered(post, weights)
    low = fen(post.wage_low)
    shown = _yuan(wage if wage is not None else top)
    limits.ask(
        "wage_below_minimum",
        _below(low, top, minimum),
        wage=_yuan(low if low is not None else top),
        minimum=_yuan(minimum),
    )
    floor = own_floor(worker, weights)
    if worker.wage_floor is None and worker.last_wage is not None:
        values: dict[str, Value] = {
            "percent": weights.floor_percent,
            "last_wage": _yuan(fen(worker.last_wage)),
        }
        limits.ask("wage_below_last", _below(wage, top, floor), wage=shown, floor=_yuan(floor), **values)
    else:
        limits.ask("wage_below_floor", _below(wage, top, floor), wage=shown, floor=_yuan(floor))


def _limits(worker: Worker, post: Post, minimum: int | None, weights: Weights) -> _Limits:
    limits = _Limits()
    limits.ask(
        "under_age",
        _compare(worker.age, weights.minimum_age, low=True),
        age=worker.age,
        limit=weights.minimum_age,
    )
    limits.ask("below_age_limit", _compare(worker.age, post.age_low, low=True), age=worker.age, limit=post.age_low)
    limits.ask("above_age_limit", _compare(worker.age, post.age_high, low=False), age=worker.age, limit=post.age_high)
    _wage_limits(limits, worker, post, minimum, weights)
    step = far(worker, post)
    if worker.willing != RANGES[-1] and not in_wished_place(worker, post):
        broken = None if step is None or worker.willing is None else step > RANGES.index(worker.willing)
        limits.ask("too_far", broken, distance=None if step is None else RANGES[step], willing=worker.willing)
    if post.level_required != 0:
        broken = _compare(worker.level, post.level_required, low=True)
        limits.ask("level_not_held", broken, level=worker.level, required=post.level_required)
    if post.education_required != 0:
        broken = _compare(worker.education, post.education_required, low=True)
        limits.ask("education_below", broken, education=worker.education, required=post.education_required)
    stated = (post.needs_full_health, worker.health_limited)
    if True in stated and False not in stated:  # only what someone has stated counts
        limits.ask("health_limit", None if None in stated else True)
    return limits


def _skill(worker: Worker, post: Post, weights: Weights) -> Part:
    match = closest(worker.known, post)
    shares = (
        weights.no_match_percent,
        weights.same_class_percent,
        weights.same_group_percent,
        weights.same_occupation_percent,
    )
    whole = weights.skill * HUNDREDTHS
    fixed = (PERCENT - weights.level_percent) * 5 + weights.level_percent * worker.level  # of 500
    points = whole * shares[match] * fixed // (PERCENT * PERCENT * 5)
    return Part("skill", points, whole, {"match": match, "level": worker.level, "known": bool(worker.known)})


def reference(worker: Worker, minimum: int | None, weights: Weights) -> int | None:
    """What the wage is measured against, in fen: own floor or its stand-in, else the place's minimum wage."""
    floor = own_floor(worker, weights)
    return minimum if floor is None else floor


def _wage(worker: Worker, post: Post, minimum: int | None, weights: Weights) -> Part:
    whole = weights.wage * HUNDREDTHS
    base, (wage, _) = reference(worker, minimum, weights), offered(post, weights)
    values: dict[str, Value] = {"wage": _yuan(wage), "reference": _yuan(base)}
    if base is None or wage is None:
        return Part("wage", whole * weights.neutral_percent // PERCENT, whole, values)
    start = weights.wage_at_reference_percent
    span = base * (weights.full_wage_percent - PERCENT)  # hundredths of fen from the reference to the full mark
    above = min(max((wage - base) * PERCENT, 0), span)
    share = PERCENT * HUNDREDTHS if span == 0 else start * HUNDREDTHS + (PERCENT - start) * HUNDREDTHS * above // span
    return Part("wage", weights.wage * share // PERCENT, whole, values)


def _distance(worker: Worker, post: Post, weights: Weights) -> Part:
    step = far(worker, post)
    shares = (weights.county_percent, weights.city_percent, weights.province_percent, weights.away_percent)
    share = weights.neutral_percent if step is None else shares[step]
    whole = weights.distance * HUNDREDTHS
    return Part("distance", whole * share // PERCENT, whole, {"distance": None if step is None else RANGES[step]})


def _liking(wish: bool | None, given: bool | None, neutral: int) -> int:
    """The share of a wish met: all where nothing is wished against, the neutral share where one side is
    unknown.
    """
    if wish is False:
        return PERCENT
    if wish is None or given is None:
        return neutral
    return PERCENT if given else 0


def _preference(worker: Worker, post: Post, weights: Weights) -> Part:
    neutral, match = weights.neutral_percent, closest(worker.wished, post)
    shares = (0, weights.same_class_percent, weights.same_group_percent, weights.same_occupation_percent)
    occupation = shares[match] if worker.wished else neutral
    asked = bool(worker.wished_places)
    place = _liking(True if asked else None, in_wished_place(worker, post) if post.county else None, neutral)
    lodging = _liking(worker.wants_lodging, post.lodging, neutral)
    insurance = _liking(True, post.insured, neutral)
    total = weights.liked_occupation * occupation + weights.liked_place * place
    total += weights.liked_lodging * lodging + weights.liked_insurance * insurance
    whole = weights.preference * HUNDREDTHS
    values: dict[str, Value] = {
        "occupation": occupation,
        "place": place,
        "lodging": lodging,
        "insurance": insurance,
    }
    return Part("preference", whole * total // (PERCENT * PERCENT), whole, values)


def _priority(worker: Worker, weights: Weights) -> Part:
    share = weights.priority_percent[min(worker.priority, len(weights.priority_percent) - 1)]
    whole = weights.priority * HUNDREDTHS
    return Part("priority", whole * share // PERCENT, whole, {"class": worker.priority})


def fit(worker: Worker, post: Post, *, minimum_wage: Decimal | None, weights: Weights | None = None) -> Fit:
    """How well the post suits the worker. `minimum_wage`: of the post's place, yuan a month, None where not
    known.
    """
    weights = weights or Weights()
    minimum = fen(minimum_wage)
    limits = _limits(worker, post, minimum, weights)
    parts = (
        _skill(worker, post, weights),
        _wage(worker, post, minimum, weights),
        _distance(worker, post, weights),
        _preference(worker, post, weights),
        _priority(worker, weights),
    )
    score = 0 if limits.barred else max(1, SCORE_A_HUNDREDTH * sum(part.points for part in parts))
    return Fit(score, tuple(limits.barred), tuple(limits.unknown), parts)
