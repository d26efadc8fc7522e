"""What a duty lets its holder do. Where is said by the duty's division, organisation or person."""

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """The roles of the programme (policy.md F9, F10)."""

    VILLAGE_OFFICER = "village_officer", _("Village officer")
    TOWN_OFFICER = "town_officer", _("Town officer")
    COUNTY_OFFICER = "county_officer", _("County officer")
    CITY_OFFICER = "city_officer", _("City officer")
    PROVINCE_OFFICER = "province_officer", _("Province officer")
    SUPERVISOR = "supervisor", _("Supervisor")
    AUDITOR = "auditor", _("Auditor")
    TRAINING_PROVIDER = "training_provider", _("Training provider")
    EMPLOYER = "employer", _("Employer")
    LABOURER = "labourer", _("Labourer")
    SYSTEM_ADMIN = "system_admin", _("System administrator")
    SECURITY_ADMIN = "security_admin", _("Security administrator")
    AUDIT_ADMIN = "audit_admin", _("Audit administrator")


class Title(models.TextChoices):
    """What a village officer is called in print; it changes no right."""

    COLLECTOR = "collector", _("Village collector")
    HELPER = "helper", _("Assistance helper")
    GRID_WORKER = "grid_worker", _("Grid worker")
    TEAM_MEMBER = "team_member", _("Member of the village team")


class Department(models.TextChoices):
    """The department that answers for a duty."""

    HUMAN_RESOURCES = "human_resources", _("Human resources")
    AGRICULTURE = "agriculture", _("Agriculture and rural affairs")


ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
OFFICERS = frozenset({
    Role.VILLAGE_OFFICER,
    Role.TOWN_OFFICER,
    Role.COUNTY_OFFICER,
    Role.CITY_OFFICER,
    Role.PROVINCE_OFFICER,
})  # fmt: skip
# Whose division opens the people who live there. Organisations and labourers see what is their own, administrators
# see nobody.
SEEING = OFFICERS | {Role.SUPERVISOR, Role.AUDITOR}
AUDITING = frozenset({Role.AUDITOR, Role.AUDIT_ADMIN})
OF_ORGANISATIONS = frozenset({Role.TRAINING_PROVIDER, Role.EMPLOYER})
# They take lists of persons out of the system or decide money: a second person approves the duty, and signing in
# takes a second factor.
EXPORTERS = (OFFICERS | {Role.SUPERVISOR}) - {Role.VILLAGE_OFFICER}
SECOND_PERSON = EXPORTERS | ADMINISTRATORS
SECOND_FACTOR = EXPORTERS | ADMINISTRATORS


class Field(models.TextChoices):
    """What of a person is not for everybody who may open the file."""

    PHONE = "phone", _("Telephone")
    ID_NUMBER = "id_number", _("Whole ID number")
    HEALTH = "health", _("Health")
    BANK_ACCOUNT = "bank_account", _("Bank account")
    INCOME = "income", _("Income")


_ALL = frozenset(Field)
# Who may see what; a role that is not named sees the name only. An auditor checks deeds and looks, not fortunes.
FIELDS: dict[str, frozenset[Field]] = {
    Role.VILLAGE_OFFICER: _ALL - {Field.BANK_ACCOUNT},
    Role.TOWN_OFFICER: _ALL,
    Role.COUNTY_OFFICER: _ALL,
    Role.CITY_OFFICER: _ALL - {Field.BANK_ACCOUNT},
    Role.PROVINCE_OFFICER: _ALL - {Field.BANK_ACCOUNT},
    Role.SUPERVISOR: _ALL - {Field.BANK_ACCOUNT},
    Role.AUDITOR: frozenset({Field.PHONE, Field.ID_NUMBER}),
    Role.LABOURER: _ALL,
}


def clash(roles: Iterable[str]) -> str:
    """Why one user may not hold all of these roles, in the administrator's words; "" when they may (F10)."""
    held = set(roles)
    if len(held & ADMINISTRATORS) > 1:
        return str(_("Nobody may hold two of the three administrator duties."))
    if held & ADMINISTRATORS and held - ADMINISTRATORS:
        return str(_("An administrator may hold no other duty: make a second user for it."))
    return ""
