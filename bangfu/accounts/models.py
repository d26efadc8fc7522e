"""Users and their duties: a role in a range of divisions for a term."""

from collections.abc import Sequence
from datetime import date

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from bangfu.core.keys import new_key
from bangfu.divisions.ranges import code_range


class Role(models.TextChoices):
    """What a duty lets its holder do; where is said by the duty's division."""

    VILLAGE_OFFICER = "village_officer", _("Village officer")
    TOWN_OFFICER = "town_officer", _("Town officer")
    COUNTY_OFFICER = "county_officer", _("County officer")
    SUPERVISOR = "supervisor", _("Supervisor")
    AUDITOR = "auditor", _("Auditor")


EXPORTERS = frozenset({Role.TOWN_OFFICER, Role.COUNTY_OFFICER, Role.SUPERVISOR})
"""Whose duties let lists leave the system as files."""


class UserManager(BaseUserManager["User"]):
    """Finds users by the name with which they sign in."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """The user of that sign-in name, letter case ignored. Raises User.DoesNotExist."""
        return self.get(username__iexact=username)


class User(AbstractBaseUser):
    """Somebody who signs in. There is no superuser: every right comes from a duty."""

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    office = models.CharField(max_length=100, blank=True)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)

    USERNAME_FIELD = "username"
    objects = UserManager()

    @cached_property
    def duties_today(self) -> list["Duty"]:
        """The duties in force today, the widest first; read once a request."""
        return sorted(self.duties.in_force(localdate()), key=lambda duty: duty.division)

    @property
    def division(self) -> str:
        """The division of the first duty in force, "" without one: where the user's pages begin."""
        return self.duties_today[0].division if self.duties_today else ""

    @property
    def role(self) -> str:
        """The role of the first duty in force, "" without one."""
        return self.duties_today[0].role if self.duties_today else ""

    def get_role_display(self) -> str:
        """The role in words."""
        return str(Role(self.role).label) if self.role else ""

    def ranges(self) -> Sequence[tuple[str, str]]:
        """The half-open ranges of division codes that the duties of today open; none without a duty."""
        return [code_range(duty.division) for duty in self.duties_today]

    def may_write(self) -> bool:
        """Whether some duty of today lets the holder change facts: supervisors and auditors only read."""
        return any(duty.role not in {Role.SUPERVISOR, Role.AUDITOR} for duty in self.duties_today)

    def may_export(self) -> bool:
        """Whether some duty of today lets the holder take lists out as files."""
        return any(duty.role in EXPORTERS for duty in self.duties_today)


class DutyQuerySet(models.QuerySet["Duty"]):
    """Duties."""

    def in_force(self, day: date) -> "DutyQuerySet":
        """Those whose term holds `day`."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), valid_from__lte=day)


class Duty(models.Model):
    """A role in a division and all below it, from a day until the day before `valid_to` (None: open end)."""

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="duties")
    role = models.CharField(max_length=20, choices=Role.choices)
    division = models.CharField(max_length=12)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    objects = DutyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="duty_ends_after_it_begins",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
            ),
            models.UniqueConstraint(
                name="duty_once", fields=["user", "role", "division"], condition=Q(valid_to__isnull=True)
            ),
        ]
