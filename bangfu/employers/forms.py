"""What may be asked of the list of vacancies."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bangfu.divisions.ranges import COUNTY, PREFECTURE, PROVINCE, ancestors_of, code_range, level_of

STATES = (("open", _("Recruiting")), ("closed", _("Taken down or expired")), ("all", _("All")))
_NEAR = (
    ("county", COUNTY, _("Own county")),
    ("city", PREFECTURE, _("Own prefecture")),
    ("province", PROVINCE, _("Own province")),
)
ELSEWHERE = "elsewhere"


class PostFilter(forms.Form):
    """State and place; what is not offered counts as not chosen.

    `division` is that of the reader: places are near or far from it, and one that is wider than the reader's
    own division is the nearest on offer.
    """

    state = forms.ChoiceField(choices=STATES, required=False)
    place = forms.ChoiceField(required=False)

    def __init__(self, data: Any, *, division: str) -> None:
        super().__init__(data)
        chain = [*ancestors_of(division), division] if division else []
        self.near = {name: chain[level - 1] for name, level, _words in _NEAR if level <= level_of(division)}
        places: Any = [(name, words) for name, _level, words in _NEAR if name in self.near]
        if self.near:
            places.append((ELSEWHERE, _("Other provinces")))
        place: Any = self.fields["place"]
        place.choices = places
        self.places = places
        self.is_valid()

    @property
    def state_chosen(self) -> str:
        """open, closed or all; open unless something else was asked."""
        return self.cleaned_data.get("state") or "open"

    @property
    def place_chosen(self) -> str:
        """A code of `places`, "" for all of them."""
        return self.cleaned_data.get("place") or ""

    @property
    def states(self) -> Any:
        """The states on offer, as (code, words)."""
        return STATES

    def chosen(self) -> dict[str, Any]:
        """The arguments of `filter_posts`."""
        state = "" if self.state_chosen == "all" else self.state_chosen
        if self.place_chosen == ELSEWHERE:
            return {"state": state, "outside": code_range(self.near["province"])}
        near = self.near.get(self.place_chosen)
        return {"state": state, "place": code_range(near) if near else None}
