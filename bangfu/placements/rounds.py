"""Reading a round of matching: its cases with what they got, its sum, and who found too little."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from bangfu.cases.models import Case
from bangfu.divisions.ranges import code_range
from bangfu.people.models import Intent
from bangfu.placements.models import Offer, Round, Shortage

FULL, SHORT, NONE = "full", "short", "none"
PARTS = (FULL, SHORT, NONE)
_MOST = 3
_COMPLETE = "complete"
_TRADES_SHOWN = 8


@dataclass(frozen=True)
class Sum:
    """The cases of a round taken apart: they add up to `cases`.

    `three` got three new offers; `filled` got one or two and hold three now; `held` held three before; `two`
    and `one` got that many and have fewer than three; `none` got no new offer though fewer than three are held.
    """

    cases: int
    three: int
    filled: int
    held: int
    two: int
    one: int
    none: int
    offers: int

    @property
    def short(self) -> int:
        """All that have fewer than three."""
        return self.two + self.one + self.none


@dataclass(frozen=True)
class Trade:
    """A trade wished by persons who found too few posts; `name` is "" where no wish is on file."""

    name: str
    cases: int


def with_shortages(rows: QuerySet[Round]) -> QuerySet[Round]:
    """Rounds with `short`: cases with fewer than three offers."""
    return rows.annotate(short=Count("shortages"))


def sum_of(certificate: Mapping[str, Mapping[str, Mapping[str, int]]]) -> Sum:
    """The sum of a certificate (bangfu.core.matching.certificate): new offers by number and reason."""
    table = certificate["offers"]
    got = {number: sum(table[str(number)].values()) for number in range(_MOST + 1)}
    complete = {number: table[str(number)][_COMPLETE] for number in range(_MOST + 1)}
    return Sum(
        cases=sum(got.values()), three=got[3], filled=complete[1] + complete[2], held=complete[0],
        two=got[2] - complete[2], one=got[1] - complete[1], none=got[0] - complete[0],
        offers=sum(number * count for number, count in got.items()),
    )  # fmt: skip


def in_round(cases: QuerySet[Case], run: Round) -> QuerySet[Case]:
    """Those of the cases that took part: open in the county of the round at its moment."""
    low, high = code_range(run.division)
    running = Q(closed_at__isnull=True) | Q(closed_at__gt=run.ran_at)
    return cases.filter(running, opened_at__lte=run.ran_at, division__gte=low, division__lt=high)


def with_part(cases: QuerySet[Case], run: Round, part: str) -> QuerySet[Case]:
    """The cases of a round narrowed to those with three offers, with fewer, or with none; "" keeps all."""
    short = Shortage.objects.filter(round=run)
    if part == FULL:
        return cases.exclude(pk__in=short.values("case"))
    if part == SHORT:
        return cases.filter(pk__in=short.values("case"))
    return cases.filter(pk__in=short.filter(found=0).values("case")) if part == NONE else cases


def offers_in(run: Round, cases: Sequence[int]) -> dict[int, list[Offer]]:
    """The offers that the round made in these cases (by key), the best score first."""
    rows = Offer.objects.filter(round=run, case__in=cases).select_related("post__employer")
    found: dict[int, list[Offer]] = defaultdict(list)
    for offer in rows.order_by("-score", "id"):
        found[offer.case_id].append(offer)
    return found


def shortages_in(run: Round, cases: Sequence[int]) -> dict[int, Shortage]:
    """What the round noted of those of the cases (by key) that found fewer than three posts."""
    return {row.case_id: row for row in Shortage.objects.filter(round=run, case__in=cases)}


def trades_short(run: Round) -> list[Trade]:
    """What the persons of the cases with fewer than three offers wish to do, the most wished first; two queries.

    The last entry, named "", counts those without a wish on file.
    """
    short = Shortage.objects.filter(round=run)
    wishes = Intent.objects.open().filter(person__in=short.values("case__person")).exclude(wished_occupation="")
    counted = Counter(wishes.values_list("wished_occupation", flat=True))
    unsaid = short.count() - counted.total()
    trades = [Trade(name, count) for name, count in counted.most_common(_TRADES_SHOWN)]
    return [*trades, Trade("", unsaid)] if unsaid else trades


def states_of_post(post: int) -> Counter[str]:
    """How many offers of a vacancy (by key) stand in each state, in all places."""
    rows = Offer.objects.filter(post=post).values_list("state").annotate(n=Count("pk"))
    return Counter(dict(rows.order_by("state")))


def with_persons(rows: QuerySet[Offer]) -> QuerySet[Offer]:
    """Offers with their persons."""
    return rows.select_related("case__person__standing")
