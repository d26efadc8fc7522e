"""Users and their duties: a role in a range of divisions, for an organisation or for oneself, for a term."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.timezone import localdate

from bangfu.accounts.roles import (
    ADMINISTRATORS,
    AUDITING,
    EXPORTERS,
    OFFICERS,
    SECOND_FACTOR,
    SEEING,
    Department,
    Role,
    Title,
)
from bangfu.core.keys import new_key
from bangfu.divisions.ranges import code_range

__all__ = ["Department", "Duty", "FactorReset", "Role", "SignedIn", "SpecialAccess", "Title", "User"]


class UserManager(BaseUserManager["User"]):
    """Finds users by the name with which they sign in."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """The user of that sign-in name, letter case ignored. Raises User.DoesNotExist."""
        return self.get(username__iexact=username)


class User(AbstractBaseUser):
    """Somebody who signs in. There is no superuser: every right comes from a duty.

    `one_time_until` is set while the password is one that an administrator handed out: it must be changed at the first
    sign-in, before that instant. `sign_on` is the user's name at the provincial sign-on, None for who does not use it.
    `special_persons` are those whom the request at hand may read outside the duties (middleware.SpecialSight).
    """

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    office = models.CharField(max_length=100, blank=True)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    one_time_until = models.DateTimeField(null=True)
    sign_on = models.CharField(max_length=200, null=True, unique=True)  # noqa: DJ001  many have none, each is unique

    USERNAME_FIELD = "username"
    objects = UserManager()
    special_persons: Sequence[int] = ()

    @cached_property
    def duties_today(self) -> list["Duty"]:
        """The duties in force today: those that open people first, then the widest; read once a request."""
        held = self.duties.in_force(localdate())
        return sorted(held, key=lambda duty: (duty.role not in SEEING, duty.division))

    @property
    def division(self) -> str:
        """The division of the first duty in force, "" without one: where the user's pages begin."""
        return self.duties_today[0].division if self.duties_today else ""

    @property
    def role(self) -> str:
        """The role of the first duty in force, "" without one."""
        return self.duties_today[0].role if self.duties_today else ""

    def get_role_display(self) -> str:
        """The role in words; of a village officer the printed title."""
        return self.duties_today[0].words if self.duties_today else ""

    def ranges(self) -> Sequence[tuple[str, str]]:
        """The half-open ranges of division codes whose people the duties of today open; none without such a duty."""
        return self.ranges_as(SEEING)

    def ranges_as(self, roles: Iterable[str]) -> Sequence[tuple[str, str]]:
        """The same for the duties of these roles only, such as an administrator's."""
        return [code_range(duty.division) for duty in self.duties_today if duty.role in roles]

    def holds(self, roles: Iterable[str]) -> bool:
        """Whether some duty of today has one of these roles."""
        return any(duty.role in roles for duty in self.duties_today)

    def may_write(self) -> bool:
        """Whether some duty of today lets the holder change facts: only officers do."""
        return self.holds(OFFICERS)

    def may_export(self) -> bool:
        """Whether some duty of today lets the holder take lists of persons out of the system."""
        return self.holds(EXPORTERS)

    def may_audit(self) -> bool:
        """Whether some duty of today opens the record of deeds."""
        return self.holds(AUDITING)

    def may_administer(self) -> bool:
        """Whether some duty of today is one of the three administrators'."""
        return self.holds(ADMINISTRATORS)

    def needs_second_factor(self) -> bool:
        """Whether some duty of today asks for a second factor; users of a demo are spared."""
        return self.holds(SECOND_FACTOR) and not self.is_demo


class DutyQuerySet(models.QuerySet["Duty"]):
    """Duties."""

    def in_force(self, day: date) -> "DutyQuerySet":
        """Those whose term holds `day` and that wait for nobody's approval."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), valid_from__lte=day, waiting=False)

    def not_over(self, day: date) -> "DutyQuerySet":
        """Those in force, those to come, and those that wait for approval."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day))


class Duty(models.Model):
    """A role in a division and all below it, from a day until the day before `valid_to` (None: open end).

    `organisation` is the credit code of a training provider or employer, `person` the key of a labourer; else "" and
    None. A duty that needs a second person is `waiting` until somebody else than `given_by` approves it.
    """

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="duties")
    role = models.CharField(max_length=20, choices=Role.choices)
    division = models.CharField(max_length=12)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    title = models.CharField(max_length=20, choices=Title.choices, blank=True)
    department = models.CharField(max_length=20, choices=Department.choices, blank=True)
    organisation = models.CharField(max_length=18, blank=True)
    person = models.BigIntegerField(null=True)
    waiting = models.BooleanField(default=False)
    given_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

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
            models.UniqueConstraint(
                name="duty_one_administrator",
                fields=["user"],
                condition=Q(valid_to__isnull=True, role__in=sorted(ADMINISTRATORS)),
            ),
            models.CheckConstraint(
                name="duty_approved_by_another",
                condition=Q(approved_by__isnull=True) | Q(given_by__isnull=True) | ~Q(approved_by=F("given_by")),
            ),
        ]

    @property
    def words(self) -> str:
        """The role in words; of a village officer the printed title."""
        return str(self.get_title_display() if self.title else self.get_role_display())


class SpecialAccess(models.Model):
    """Somebody's sight of one person outside their duties, for reading, with a reason and for hours.

    `division` is where the person lived when it was granted: the office there finds the row among its notices until
    one of its officers has marked it as seen.
    """

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="special_accesses")
    person = models.BigIntegerField(db_index=True)
    division = models.CharField(max_length=12, db_index=True)
    reason = models.CharField(max_length=200)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()
    seen_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="special_access_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(name="special_access_ends", condition=Q(valid_until__gt=F("valid_from"))),
        ]


class FactorReset(models.Model):
    """A lost second factor: asked for by a system administrator, taken away when a security administrator agrees."""

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="factor_resets")
    reason = models.CharField(max_length=200)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    granted = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="factor_reset_one_open", fields=["user"], condition=Q(decided_at__isnull=True)
            ),
            models.CheckConstraint(
                name="factor_reset_by_two", condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by"))
            ),
        ]


class SignedIn(models.Model):
    """A running session of a user, so that it can be listed and ended. The key is that of the session's own table."""

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="sessions")
    session_key = models.CharField(max_length=40, unique=True)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    address = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=200, blank=True)
