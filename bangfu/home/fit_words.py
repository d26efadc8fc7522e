"""Why a post was proposed, in words: what speaks for it, what against it, what is not known."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bangfu.people.choices import Education, Reach
from bangfu.ui.amounts import amount_words

Values = Mapping[str, Any]
Said = tuple[str, str]  # the mark (y for, n against, u unknown) and the sentence
_SAME_GROUP = 2
_HALF_KNOWN = 50


def fit_reasons(judged: Mapping[str, Any]) -> list[Said]:
    """The reasons stored with an offer: against first, then unknown, then for."""
    said = [("n", limit_words(reason["code"], reason["values"], barred=True)) for reason in judged["barred"]]
    said += [("u", limit_words(reason["code"], reason["values"])) for reason in judged["unknown"]]
    for part in judged["parts"]:
        said += _PARTS.get(part["code"], _nothing)(part["values"])
    order = {"n": 0, "u": 1, "y": 2}
    return sorted(dict.fromkeys(said), key=lambda one: order[one[0]])


def limit_words(code: str, values: Values, *, barred: bool = False) -> str:
    """A hard limit in words: broken, or not checked because a fact is missing."""
    if code in _WAGES:
        below, unknown = _WAGES[code]
        return (
            _("Wage %(wage)s: %(below)s") % {"wage": amount_words(values.get("wage")), "below": below}
            if barred
            else str(unknown)
        )
    if code in _SPOKEN:
        return _SPOKEN[code](values)
    known = _PLAIN.get(code)
    return str(known[0 if barred else 1]) if known else code


def place_words(distance: str | None) -> str:
    """How far a place is from home."""
    words = {
        "county": _("In the home county"), "city": _("In the home prefecture"),
        "province": _("In the home province"), "anywhere": _("In another province"),
    }  # fmt: skip
    return words.get(distance or "", _("Place of work not known"))


def _reach(value: str | None) -> str:
    return str(Reach(value).label) if value in Reach.values else _("unknown")


def _schooling(rank: int | None) -> str:
    return str(list(Education)[rank].label) if rank is not None and rank < len(Education) else _("unknown")


def _ages(values: Values) -> str:
    if values.get("limit") is None:
        return _("The post names no age limit")
    if values.get("age") is None:
        return _("Age not known")
    return _("Age %(age)s, limit of the post %(limit)s") % {"age": values["age"], "limit": values["limit"]}


def _too_far(values: Values) -> str:
    if values.get("willing") is None:
        return _("How far the person will go was not asked")
    if values.get("distance") is None:
        return _("Place of work not known")
    return _("%(place)s; willing to go: %(reach)s") % {
        "place": place_words(values["distance"]), "reach": _reach(values["willing"]),
    }  # fmt: skip


def _schooling_below(values: Values) -> str:
    return _("Schooling: %(has)s; the post asks: %(asked)s") % {
        "has": _schooling(values.get("education")), "asked": _schooling(values.get("required")),
    }  # fmt: skip


_SPOKEN: dict[str, Callable[[Values], str]] = {
    "under_age": _ages, "below_age_limit": _ages, "above_age_limit": _ages,
    "too_far": _too_far, "education_below": _schooling_below,
}  # fmt: skip
_WAGES = {
    "wage_below_minimum": (
        gettext_lazy("below the minimum wage"),
        gettext_lazy("Minimum wage of the place not entered"),
    ),
    "wage_below_floor": (gettext_lazy("below the lowest wage asked"), gettext_lazy("Lowest wage asked not known")),
    "wage_below_last": (gettext_lazy("below 80 % of the last wage"), gettext_lazy("Wage of the post not known")),
}
_PLAIN = {
    "level_not_held": (
        gettext_lazy("The skill level asked is not held"), gettext_lazy("Skill level asked by the post not known"),
    ),
    "health_limit": (
        gettext_lazy("The post asks for full health"), gettext_lazy("Whether health allows the work is not known"),
    ),
}  # fmt: skip


def _skill(values: Values) -> Sequence[Said]:
    if not values.get("known"):
        return [("u", _("No earlier trade on file"))]
    if values["match"] >= _SAME_GROUP:
        return [("y", _("The trade is known from earlier jobs"))]
    return [("n", _("Another trade than before"))]


def _wage(values: Values) -> Sequence[Said]:
    wage, reference = values.get("wage"), values.get("reference")
    if wage is None:
        return [("u", _("Wage to be agreed"))]
    if reference is None:
        return [("u", _("Wage %s; no lowest wage is known") % amount_words(wage))]
    return [
        (
            "y",
            _("Wage %(wage)s, asked at least %(least)s")
            % {"wage": amount_words(wage), "least": amount_words(reference)},
        )
    ]


def _distance(values: Values) -> Sequence[Said]:
    distance = values.get("distance")
    return [("u" if distance is None else "y", place_words(distance))]


def _preference(values: Values) -> Sequence[Said]:
    occupation = values.get("occupation", _HALF_KNOWN)
    said: list[Said] = []
    if occupation > _HALF_KNOWN:
        said.append(("y", _("The wished trade")))
    elif occupation < _HALF_KNOWN:
        said.append(("n", _("Not the wished trade")))
    else:
        said.append(("u", _("No wished trade on file")))
    insured = {100: ("y", _("Social insurance is paid")), 0: ("n", _("No social insurance"))}
    said.append(insured.get(values.get("insurance", _HALF_KNOWN), ("u", _("Social insurance not stated"))))
    return said


def _nothing(_values: Values) -> Sequence[Said]:
    return []


_PARTS: dict[str, Callable[[Values], Sequence[Said]]] = {
    "skill": _skill, "wage": _wage, "distance": _distance, "preference": _preference,
}  # fmt: skip
