"""Code lists of the register, with the words of the national ledgers (policy.md F1, ledgers' value lists)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Sex(TextChoices):
    MALE = "male", _("Male")
    FEMALE = "female", _("Female")


class CategoryKind(TextChoices):
    """Kinds of household and person of the programme (policy.md A6)."""

    LIFTED = "lifted", _("Lifted household")
    UNSTABLE = "unstable", _("Lifted but unstable household")
    MARGINAL = "marginal", _("Marginal household prone to poverty")
    SUDDEN = "sudden", _("Household in sudden severe difficulty")


MONITORED = (CategoryKind.UNSTABLE, CategoryKind.MARGINAL, CategoryKind.SUDDEN)


class Education(TextChoices):
    ILLITERATE = "illiterate", _("Illiterate or semi-literate")
    PRIMARY = "primary", _("Primary school")
    JUNIOR = "junior", _("Junior secondary school")
    SENIOR = "senior", _("Senior secondary school")
    COLLEGE = "college", _("Junior college")
    BACHELOR = "bachelor", _("Bachelor's degree or above")


class Health(TextChoices):
    HEALTHY = "healthy", _("Healthy")
    CHRONIC = "chronic", _("Long-term chronic illness")
    SERIOUS = "serious", _("Serious illness")
    DISABLED = "disabled", _("Disability")


class LabourCapacity(TextChoices):
    ORDINARY = "ordinary", _("Ordinary labour capacity")
    SKILLED = "skilled", _("Skilled labour capacity")
    WEAK = "weak", _("Weak or half labour capacity")
    LOST = "lost", _("Lost labour capacity")
    NONE = "none", _("No labour capacity")


ABLE = (LabourCapacity.ORDINARY, LabourCapacity.SKILLED, LabourCapacity.WEAK)


class WorkStatus(TextChoices):
    """Computed from jobs and statements; no job on file is unknown, not jobless (house.md 5)."""

    AT_WORK = "at_work", _("At work")
    JOBLESS = "jobless", _("Not at work")
    UNKNOWN = "unknown", _("Unknown")


class Reach(TextChoices):
    """How far a person is willing to go for work."""

    COUNTY = "county", _("Within the county")
    CITY = "city", _("Within the prefecture")
    PROVINCE = "province", _("Within the province")
    ANYWHERE = "anywhere", _("Anywhere")


class Precision(TextChoices):
    """Whether a day was given or only a month; a month stands as its first day."""

    DAY = "day", _("Day")
    MONTH = "month", _("Month")


class RoundAnswer(TextChoices):
    """Answers of the monthly work round."""

    CONFIRMED = "confirmed", _("Still at the same job")
    CHANGED = "changed", _("Another job now")
    STARTED = "started", _("Began to work")
    ENDED = "ended", _("No longer at work")
    JOBLESS = "jobless", _("Still without work")
