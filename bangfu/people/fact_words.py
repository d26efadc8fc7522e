"""Facts in words: what a table and its columns are called, and a value as an officer would read it."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models as db
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bangfu.accounts.models import User
from bangfu.divisions.queries import full_names_of
from bangfu.divisions.ranges import PROVINCE
from bangfu.people.choices import Insurance
from bangfu.people.facts_base import Fact
from bangfu.people.models import Household
from bangfu.ui.amounts import amount_words

GROUPS: Mapping[str, Promise] = {
    "membership": gettext_lazy("Household and village"),
    "category": gettext_lazy("Category"),
    "recognition": gettext_lazy("Recognised as"),
    "unlisted": gettext_lazy("Missing from the full list"),
    "pairing": gettext_lazy("Helper"),
    "condition": gettext_lazy("Capacity and health"),
    "intent": gettext_lazy("Wishes"),
    "contact": gettext_lazy("Telephone"),
    "income": gettext_lazy("Income per head"),
    "yearincome": gettext_lazy("Income of a year"),
    "training": gettext_lazy("Training"),
    "certificate": gettext_lazy("Certificate"),
    "bankaccount": gettext_lazy("Bank account"),
    "consent": gettext_lazy("Consent"),
    "job": gettext_lazy("Job"),
    "joblessness": gettext_lazy("Without work"),
}
COLUMNS: Mapping[str, Promise] = {
    "household_id": gettext_lazy("Household number"),
    "division": gettext_lazy("Village"),
    "relation": gettext_lazy("Relation to the head"),
    "kind": gettext_lazy("Kind"),
    "precision": gettext_lazy("Exactness of the day"),
    "risk": gettext_lazy("Risk of poverty"),
    "ground": gettext_lazy("Ground"),
    "list_name": gettext_lazy("List"),
    "helper_id": gettext_lazy("Helper"),
    "education": gettext_lazy("Education"),
    "health": gettext_lazy("Health"),
    "labour_capacity": gettext_lazy("Labour capacity"),
    "school": gettext_lazy("School"),
    "will_work": gettext_lazy("Will to work"),
    "will_train": gettext_lazy("Will to train"),
    "will_go_out": gettext_lazy("Will to go out for work"),
    "will_start_business": gettext_lazy("Will to start a business"),
    "wished_occupation": gettext_lazy("Wished occupation"),
    "wished_trade": gettext_lazy("Wished training"),
    "wished_place": gettext_lazy("Wished place"),
    "service_need": gettext_lazy("Services asked for"),
    "wage_floor_amount": gettext_lazy("Wished wage (yuan)"),
    "reach": gettext_lazy("How far away"),
    "phone_index": gettext_lazy("Telephone"),
    "per_head_amount": gettext_lazy("Net income per head (yuan)"),
    "year": gettext_lazy("Year"),
    "wage_amount": gettext_lazy("Wage (yuan)"),
    "business_amount": gettext_lazy("Business income (yuan)"),
    "property_amount": gettext_lazy("Property income (yuan)"),
    "transfer_amount": gettext_lazy("Transfer income (yuan)"),
    "trade": gettext_lazy("Occupation or trade"),
    "level": gettext_lazy("Level"),
    "issuer": gettext_lazy("Issued by"),
    "issued_on": gettext_lazy("Issued on"),
    "expires_on": gettext_lazy("Valid until"),
    "number_index": gettext_lazy("Number"),
    "bank": gettext_lazy("Bank"),
    "given": gettext_lazy("Agreed"),
    "spell": gettext_lazy("Job"),
    "employer": gettext_lazy("Employer"),
    "uscc": gettext_lazy("Credit code"),
    "place": gettext_lazy("Place of work"),
    "occupation": gettext_lazy("Occupation"),
    "form": gettext_lazy("Form of employment"),
    "channel": gettext_lazy("How found"),
    "organised": gettext_lazy("Organised transport"),
    "insured": gettext_lazy("Social insurance"),
    "insurances": gettext_lazy("Kinds of insurance"),
    "contract": gettext_lazy("Labour contract"),
    "industry": gettext_lazy("Industry"),
    "travel_aid_amount": gettext_lazy("Travel subsidy of the year (yuan)"),
    "course": gettext_lazy("Class"),
    "provider": gettext_lazy("Training provider"),
    "ends_on": gettext_lazy("Ends on"),
    "hours": gettext_lazy("Hours planned"),
    "hours_attended": gettext_lazy("Hours attended"),
    "theory_mark": gettext_lazy("Mark in theory"),
    "practice_mark": gettext_lazy("Mark in practice"),
    "passed": gettext_lazy("Passed"),
    "subsidy_amount": gettext_lazy("Training subsidy (yuan)"),
    "reason": gettext_lazy("Why without work"),
    "valid_from": gettext_lazy("Since"),
    "valid_to": gettext_lazy("Until"),
}
_HIDDEN = {"spell", "precision"}
_PLACES = {"division", "place", "wished_place"}


def group_name(model: type[Fact] | str) -> str:
    """What a table of facts is called."""
    name = model if isinstance(model, str) else str(model._meta.model_name)
    return str(GROUPS.get(name, name))


def column_name(column: str) -> str:
    """What a column is called; the code itself where it has no name."""
    return str(COLUMNS.get(column, column))


def said_columns(model: type[Fact], columns: Iterable[str]) -> list[str]:
    """The columns that say something to a reader: no sealed bytes, no keys of jobs."""
    names = {field.attname: field for field in model._meta.concrete_fields}
    return [name for name in columns if name not in _HIDDEN and not isinstance(names[name], db.BinaryField)]


class FactWords:
    """Values in words. Places, households and helpers that are going to be asked for are looked up at once."""

    def __init__(self, values: Iterable[tuple[str, Any]]) -> None:
        """`values` are pairs of column and value."""
        asked: dict[str, set[Any]] = {"place": set(), "household_id": set(), "helper_id": set()}
        for column, value in values:
            name = "place" if column in _PLACES else column
            if name in asked and value:
                asked[name].add(value)
        self._places = full_names_of(asked["place"], above=PROVINCE) if asked["place"] else {}
        self._households = _looked_up(Household, "number", asked["household_id"])
        self._helpers = _looked_up(User, "name", asked["helper_id"])

    def say(self, model: type[Fact], column: str, value: Any) -> str:
        """A value in words; a dash for one that says nothing. What is sealed has no words here."""
        if value is None or value == "":
            return "—"
        if column in _PLACES:
            return self._places.get(value, str(value))
        if column == "household_id":
            return self._households.get(value, "—")
        if column == "helper_id":
            return self._helpers.get(value, "—")
        return plain_words(model, column, value)


def plain_words(model: type[Fact], column: str, value: Any) -> str:
    """A value that needs no looking up, in words."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, Decimal):
        return amount_words(value)
    if isinstance(value, date):
        return value.isoformat()
    if column == "insurances":
        return "、".join(str(Insurance(code).label) for code in str(value).split())
    if column.endswith("_index"):
        return "••••"
    field = next(field for field in model._meta.concrete_fields if field.attname == column)
    choices = dict(field.flatchoices) if field.choices else {}
    return str(choices.get(value, value))


def _looked_up(model: type[db.Model], column: str, keys: set[Any]) -> dict[Any, str]:
    if not keys:
        return {}
    rows: dict[Any, str] = dict(model._default_manager.filter(pk__in=keys).values_list("pk", column))
    return rows
