"""Pages of matching: rounds, one round, the offers of one vacancy."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from bangfu.cases.access import visible_cases
from bangfu.cases.models import Case
from bangfu.divisions.queries import full_names_of, names_of
from bangfu.divisions.ranges import COUNTY
from bangfu.employers.access import get_post
from bangfu.employers.queries import place_names
from bangfu.employers.words import wage_words
from bangfu.placements import rounds as reading
from bangfu.placements.access import get_round, visible_offers, visible_rounds
from bangfu.placements.fairness import LIMIT, fairness
from bangfu.placements.figures import Difference, difference
from bangfu.placements.models import Offer, OfferState, Round
from bangfu.placements.weighing import matching_rule
from bangfu.placements.words import StateShown, certified, percent, points_of, shortage_words, state_shown
from bangfu.ui.pages import keyset_page, render_part


@dataclass(frozen=True)
class RoundLine:
    """One row of the list of rounds."""

    run: Round
    place: str
    gap: str


@dataclass(frozen=True)
class OfferLine:
    """An offer with its words."""

    offer: Offer
    place: str
    wage: str
    points: int
    state: StateShown


@dataclass(frozen=True)
class CaseLine:
    """A case of a round: what it got, how many offers it held already, and why it has fewer than three ("")."""

    case: Case
    place: str
    offers: Sequence[OfferLine]
    held: int
    why: str

    @property
    def height(self) -> int:
        """How many rows of the table the case takes."""
        return len(self.offers) + bool(self.why)


@require_GET
def rounds(request: HttpRequest) -> HttpResponse:
    """The rounds of matching that the user may see, the newest first."""
    rows = reading.with_shortages(visible_rounds(request.user))
    page = keyset_page(rows, ("-id",), after=request.GET.get("after", ""))
    names = names_of(run.division for run in page.rows)
    lines = [RoundLine(run, names.get(run.division, "—"), percent(run.certificate["gap"])) for run in page.rows]
    context = {"page": page, "lines": lines}
    return render_part(request, "placements/rounds.html", "placements/_rounds.html", context)


@require_GET
def round_page(request: HttpRequest, key: int) -> HttpResponse:
    """One round: its sum, its certificate, its cases inside the user's duties, its fairness."""
    user: Any = request.user
    run = get_round(user, key)
    part = request.GET.get("part", "")
    part = part if part in reading.PARTS else ""
    cases = reading.with_part(reading.in_round(visible_cases(user), run), run, part)
    rows = cases.select_related("person__standing")
    page = keyset_page(rows, ("id",), after=request.GET.get("after", ""))
    context = {"run": run, "page": page, "lines": _case_lines(run, page.rows, user.division), "part": part}
    return render_part(request, "placements/round.html", "placements/_cases.html", context, full=lambda: _frame(run))


def _frame(run: Round) -> dict[str, Any]:
    everybody, compared = fairness(run)
    bars: list[tuple[Any, Difference | None]] = [
        (one, difference(one.points, one.verdict) if one.points is not None else None) for one in compared
    ]
    return {
        "place": names_of([run.division]).get(run.division, "—"), "sum": reading.sum_of(run.certificate),
        "certificate": certified(run.certificate), "exposure": matching_rule().exposure,
        "everybody": everybody, "compared": bars, "limit": LIMIT, "trades": reading.trades_short(run),
    }  # fmt: skip


def _case_lines(run: Round, cases: Sequence[Case], own: str) -> list[CaseLine]:
    keys = [case.pk for case in cases]
    offers, shortages = reading.offers_in(run, keys), reading.shortages_in(run, keys)
    villages = full_names_of([case.division for case in cases], above=COUNTY)
    places = place_names([row.post.place for rows in offers.values() for row in rows], own)
    most = matching_rule().offers
    lines = []
    for case in cases:
        made, short = offers.get(case.pk, []), shortages.get(case.pk)
        held = (short.found if short else most) - len(made)
        shown = [_offer_line(offer, places) for offer in made]
        why = shortage_words(short) if short else ""
        lines.append(CaseLine(case, villages.get(case.division, ""), shown, max(held, 0), why))
    return lines


def _offer_line(offer: Offer, places: dict[str, str]) -> OfferLine:
    state = state_shown(offer, timezone.localdate())
    return OfferLine(offer, places.get(offer.post.place, ""), wage_words(offer.post), points_of(offer), state)


@require_GET
def post_offers(request: HttpRequest, key: int) -> HttpResponse:
    """The offers of one vacancy: how many stand in each state, and those inside the user's duties."""
    user: Any = request.user
    post = get_post(user, key)
    page = keyset_page(
        reading.with_persons(visible_offers(user).filter(post=post)), ("-id",), after=request.GET.get("after", "")
    )
    states = reading.states_of_post(post.pk)
    villages = full_names_of([offer.case.division for offer in page.rows], above=COUNTY)
    today = timezone.localdate()
    context = {
        "post": post, "page": page, "total": states.total(),
        "states": [(str(state.label), states[state]) for state in OfferState if states[state]],
        "lines": [
            (offer, villages.get(offer.case.division, ""), points_of(offer), state_shown(offer, today))
            for offer in page.rows
        ],
    }  # fmt: skip
    return render_part(request, "placements/post_offers.html", "placements/_post_offers.html", context)
