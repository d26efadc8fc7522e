"""Pages of the pairing board, and of one household: its visits and its policy card."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bangfu.accounts.access import get_division_code, require_writer
from bangfu.accounts.colleagues import helpers_for
from bangfu.accounts.queries import names_of_users
from bangfu.cases.choices import Channel
from bangfu.cases.pairing_board import (
    STATES,
    Home,
    Sum,
    heads_of,
    homes_of,
    monitored_in,
    sums_by_helper,
    sums_by_place,
)
from bangfu.cases.visit_models import ReceivedBy
from bangfu.cases.visiting import (
    CardGiven,
    Visited,
    give_policy_cards,
    pair_households,
    record_visits,
    visits_rule,
)
from bangfu.core.keys import read_key
from bangfu.divisions.queries import children_of, full_names_of, within
from bangfu.divisions.ranges import COUNTY, code_range, prefix_of
from bangfu.people.access import get_household, visible_standings
from bangfu.ui.fields import DayField, KeyedForm, SegmentField, SelectField, TextField
from bangfu.ui.pages import page_of_keys

_SIZE = 50
WRONG = 422


class HelperForm(forms.Form):
    """Who becomes the lead helper of the selected households."""

    helper = SelectField(label=gettext_lazy("Helper"))

    def __init__(self, data: Any = None, *, helpers: Any) -> None:
        super().__init__(data)
        self.helpers = {str(one.pk): one for one in helpers}
        self.fields["helper"].choices = [  # type: ignore[attr-defined]
            (key, f"{one.name} {one.office}".strip()) for key, one in self.helpers.items()
        ]


class VisitForm(KeyedForm):
    """What was found at a home."""

    visited_on = DayField(label=gettext_lazy("Visited on"))
    channel = SegmentField(label=gettext_lazy("How did you meet?"), choices=Channel.choices, initial=Channel.VISIT)
    findings = TextField(label=gettext_lazy("How the household is"), max_length=500)
    needs = TextField(label=gettext_lazy("What it needs"), max_length=300, required=False)
    next_on = DayField(label=gettext_lazy("Next visit on"), required=False)

    def __init__(self, data: Any = None, *, today: Any, **options: Any) -> None:
        super().__init__(data, initial={"visited_on": today}, **options)
        self.today = today
        self.fields["visited_on"].widget.attrs |= {"max": today.isoformat()}

    def clean(self) -> dict[str, Any]:
        """A visit lies behind, the next one ahead."""
        said = super().clean() or self.cleaned_data
        if said.get("visited_on") and said["visited_on"] > self.today:
            self.add_error("visited_on", _("This day is still to come."))
        if said.get("next_on") and said["next_on"] <= self.today:
            self.add_error("next_on", _("The next visit lies ahead."))
        return said


class CardForm(forms.Form):
    """Who took the policy card."""

    received_by = SegmentField(label=gettext_lazy("Who took it?"), choices=ReceivedBy.choices)


@never_cache
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """The board of a place of one's duties ("" = the own), with a list of its households by state and by helper."""
    user: Any = request.user
    asked = request.GET.get("division", "")
    division = get_division_code(user, asked) if asked else user.division
    today = timezone.localdate()
    members = monitored_in(user)
    if asked:
        members = members.filter(within([code_range(division)]))
    homes = homes_of(members, today)
    state = request.GET.get("state", "")
    state = state if state in STATES else ""
    helper = read_key(request.GET.get("helper", ""))
    rows = [home for home in homes if _fits(home, state, helper, today)]
    after = read_key(request.GET.get("after", "")) or 0
    rows = sorted((home for home in rows if home.household > after), key=lambda home: home.household)[: _SIZE + 1]
    places = children_of(division) if division else []
    sums = sums_by_place(homes, len(prefix_of(places[0].code)), today) if places else {}
    whole = sums_by_place(homes, 0, today).get("", Sum())
    page = page_of_keys([home.household for home in rows], _SIZE, after)
    context = {
        "page": page, "lines": _lines(rows[:_SIZE], heads_of(members, page.rows), today),
        "whole": whole, "state": state, "division": asked,
        "helper": helper, "most": visits_rule().most_households,
        "places": [(place, sums[prefix_of(place.code)]) for place in places if prefix_of(place.code) in sums],
        "loads": _loads(homes, today),
        "form": HelperForm(helpers=helpers_for(user)) if user.may_write() else None,
    }  # fmt: skip
    return render(request, "cases/pairing.html", context)


def _fits(home: Home, state: str, helper: int | None, today: Any) -> bool:
    return (not state or home.state_on(today) == state) and (helper is None or home.helper == helper)


def _lines(homes: list[Home], heads: Mapping[int, str], today: Any) -> list[tuple[Home, str, str, str, str]]:
    """Each household with the name of its head, its place, its helper and its state."""
    places = full_names_of({home.division for home in homes}, above=COUNTY)
    names = names_of_users([home.helper for home in homes if home.helper])
    return [
        (
            home, heads.get(home.household, ""), places.get(home.division, ""), names.get(home.helper or 0, ""),
            home.state_on(today),
        )
        for home in homes
    ]  # fmt: skip


def _loads(homes: list[Home], today: Any) -> list[tuple[int, str, Sum]]:
    loads = sums_by_helper(homes, today)
    names = names_of_users([key for key, _sum in loads])
    return [(key, names.get(key, ""), found) for key, found in loads]


@require_POST
def pair(request: HttpRequest) -> HttpResponse:
    """Give the selected households to a lead helper."""
    user = require_writer(request.user)
    wanted = {key for key in map(read_key, request.POST.getlist("household")) if key is not None}
    found = set(visible_standings(user).filter(household__in=wanted).values_list("household_id", flat=True))
    form = HelperForm(request.POST, helpers=helpers_for(user))
    if not wanted or found != wanted or not form.is_valid():
        raise Http404
    helper = form.helpers[form.cleaned_data["helper"]]
    count = pair_households(sorted(wanted), helper, by=user, at=timezone.now())
    words = ngettext("%(n)d household is with %(name)s now.", "%(n)d households are with %(name)s now.", count)
    messages.success(request, words % {"n": count, "name": helper.name})
    return redirect("cases:pairing")


@never_cache
@require_http_methods(["GET", "POST"])
def visits(request: HttpRequest, key: int) -> HttpResponse:
    """The visits of a household, and the form of the next one."""
    user: Any = require_writer(request.user) if request.method == "POST" else request.user
    home, today = get_household(user, key), timezone.localdate()
    form = VisitForm(today=today)
    if request.method == "POST":
        form = VisitForm(request.POST, today=today)
        if form.is_valid():
            record_visits([Visited(household=home.pk, **form.said())], by=user, at=timezone.now())
            messages.success(request, _("The visit is recorded."))
            return redirect("cases:visits", key=home.pk)
    cards = home.policy_cards.select_related("by").order_by("-given_on")
    context = {
        "household": home, "form": form if user.may_write() else None, "card_form": CardForm(),
        "visits": home.visits.select_related("by").order_by("-visited_on", "-pk")[:_SIZE], "cards": cards,
        "has_card": any(card.version == str(today.year) for card in cards), "year": str(today.year),
        "place": full_names_of([home.division], above=COUNTY).get(home.division, ""),
    }  # fmt: skip
    return render(request, "cases/visits.html", context, status=WRONG if form.errors else 200)


@require_POST
def card(request: HttpRequest, key: int) -> HttpResponse:
    """Note that the household took the policy card of this year."""
    user = require_writer(request.user)
    home, today = get_household(user, key), timezone.localdate()
    form = CardForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say who took the card."))
        return redirect("cases:visits", key=home.pk)
    given = CardGiven(home.pk, str(today.year), form.cleaned_data["received_by"], today)
    give_policy_cards([given], by=user, at=timezone.now())
    messages.success(request, _("The receipt is recorded."))
    return redirect("cases:visits", key=home.pk)


@never_cache
@require_GET
def card_paper(request: HttpRequest, key: int) -> HttpResponse:
    """The policy card of a household, to be printed and brought home."""
    user: Any = request.user
    home = get_household(user, key)
    lead = next((one for one in homes_of(monitored_in(user).filter(household=home), timezone.localdate())), None)
    helper = names_of_users([lead.helper]) if lead and lead.helper else {}
    context = {
        "household": home, "helper": next(iter(helper.values()), ""), "year": str(timezone.localdate().year),
        "place": full_names_of([home.division], above=COUNTY).get(home.division, ""),
    }  # fmt: skip
    return render(request, "cases/policy_card.html", context)
