"""The clearing board: what each place below one's own has open, overdue and cleared, beside the proof of last night."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import Left
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from bangfu.accounts.access import get_division_code
from bangfu.accounts.models import User
from bangfu.cases.access import visible_cases
from bangfu.cases.queries import in_worklist
from bangfu.divisions.queries import children_of, full_names_of, within
from bangfu.divisions.ranges import TOWN, code_range, level_of, prefix_of
from bangfu.monitoring.models import Proof
from bangfu.monitoring.proof import last_proof, lines_of


@dataclass(frozen=True)
class Row:
    """A place: its open cases, of these the backlog of going live and those with a leg past its deadline, the cases
    closed since the month began, and who stands past a deadline in either line of the proof (None before the first
    night, or below what its certificate counts)."""

    code: str
    name: str
    open: int = 0
    backlog: int = 0
    overdue: int = 0
    closed: int = 0
    past_work: int | None = None
    past_training: int | None = None

    @property
    def rate(self) -> float | None:
        """Closed, of all that were to be cleared since the month began, in percent with one decimal; None of none."""
        whole = self.open + self.closed
        return round(100 * self.closed / whole, 1) if whole else None

    @property
    def opens(self) -> bool:
        """Whether the place has a board of its own."""
        return level_of(self.code) <= TOWN


@never_cache
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """The board of a place of one's duties ("" = the own); no rows for who has none. Raises Http404 outside them."""
    user: Any = request.user
    asked = request.GET.get("division", "")
    division = get_division_code(user, asked) if asked else user.division
    now, proof = timezone.now(), last_proof()
    name = full_names_of([division]).get(division, "")
    places = [(place.code, place.name) for place in children_of(division)] or [(division, name)]
    rows = rows_of(user, division, places, now, proof) if user.ranges() else []
    context = {
        "rows": rows, "whole": _whole(rows, division, name, proof), "division": division, "name": name, "proof": proof,
        "above": user.division != division, "month": _month(now),
    }  # fmt: skip
    return render(request, "home/board.html", context)


def rows_of(user: User, division: str, places: list[tuple[str, str]], now: datetime, proof: Proof | None) -> list[Row]:
    """The rows of these places (code, name), all of one level inside a division; two queries beside the proof."""
    digits = len(prefix_of(places[0][0]))
    inside = within([code_range(division)])
    began = datetime.combine(_month(now), time(), timezone.get_default_timezone())
    is_open = Q(closed_at__isnull=True)
    cases = visible_cases(user).filter(inside).filter(is_open | Q(closed_at__gte=began))
    counted = cases.values(place=Left("division", digits)).annotate(
        open=Count("pk", filter=is_open), backlog=Count("pk", filter=is_open & Q(backlog=True)),
        closed=Count("pk", filter=~is_open),
    )  # fmt: skip
    found = {row.pop("place"): row for row in counted}
    late = in_worklist(user).filter(inside, due_at__lte=now).values(place=Left("division", digits))
    overdue = dict(late.annotate(persons=Count("pk")).values_list("place", "persons"))
    rows = []
    for code, name in places:
        prefix = prefix_of(code)
        work, training = _past_due(proof, code)
        counts = found.get(prefix, {})
        late_here = overdue.get(prefix, 0)
        rows.append(Row(code, name, **counts, overdue=late_here, past_work=work, past_training=training))
    return rows


def _month(now: datetime) -> date:
    return timezone.localdate(now).replace(day=1)


def _past_due(proof: Proof | None, division: str) -> tuple[int | None, int | None]:
    if proof is None or level_of(division) > TOWN:
        return None, None
    lines = lines_of(proof, division)
    return lines["work"]["past_clock"], lines["training"]["past_clock"]


def _whole(rows: list[Row], division: str, name: str, proof: Proof | None) -> Row:
    work, training = _past_due(proof, division)
    return Row(
        division, name, sum(row.open for row in rows), sum(row.backlog for row in rows),
        sum(row.overdue for row in rows), sum(row.closed for row in rows), work, training,
    )  # fmt: skip
