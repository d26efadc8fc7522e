"""Outside lists as they came, the signals that the rulebook found, and its findings about the data."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bangfu.cases.choices import Finding as Found
from bangfu.core.keys import new_key
from bangfu.monitoring.line_models import LineCandidate, LineMemory, SaidLine, UnsureLine  # noqa: F401  tables of the room
from bangfu.monitoring.look_models import AreaAlarm, ScreenAnswer, ScreenFinding  # noqa: F401  tables of the room
from bangfu.people.models import Household, Person

SOCIAL_INSURANCE = "social_insurance"
EVERYWHERE = "000000000000"
"""The place of a list of the whole register."""


class FeedState(models.TextChoices):
    """Where a list stands."""

    STANDING = "standing", _("In use")
    HELD = "held", _("Held")
    REJECTED = "rejected", _("Rejected")


class Feed(models.Model):
    """One outside list as it came: of a kind, a period and a place. Lines of people who are not on the register are
    counted, never kept.

    `period` is the first day of the month that it speaks of, or the day as of which it holds. `matched` counts the
    lines of people on the register, of these `linked` those found without an ID number; `unsure` were put before an
    officer when it came. `bad` counts the lines that were left out, `report` them by reason and, under
    "not_on_register", those of nobody known; `unread` counts cells left empty, by field. `compared` is how many good
    lines the list before had, None for the first. A held list was found too short: nobody uses it before an officer
    released it. `stands_at` is when it came into use, None while it never did; a list replaced by another one has
    `superseded_at`.
    """

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    kind = models.CharField(max_length=30)
    period = models.DateField()
    division = models.CharField(max_length=12, default=EVERYWHERE)
    file_name = models.CharField(max_length=200, blank=True)
    file_hash = models.CharField(max_length=64)
    received_on = models.DateField()
    received_at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    lines = models.PositiveIntegerField()
    bad = models.PositiveIntegerField(default=0)
    matched = models.PositiveIntegerField()
    linked = models.PositiveIntegerField(default=0)
    unsure = models.PositiveIntegerField(default=0)
    compared = models.PositiveIntegerField(null=True)
    report = models.JSONField()
    unread = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=FeedState.choices, default=FeedState.STANDING)
    stands_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=200, blank=True)
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="feed_one_standing", fields=["kind", "period", "division"],
                condition=Q(superseded_at__isnull=True, state=FeedState.STANDING),
            ),
            models.UniqueConstraint(
                name="feed_one_held", fields=["kind", "period", "division"],
                condition=Q(superseded_at__isnull=True, state=FeedState.HELD),
            ),
            models.CheckConstraint(
                name="feed_standing_since",
                condition=~Q(state=FeedState.STANDING) | Q(stands_at__isnull=False),
            ),
            models.CheckConstraint(
                name="feed_rejected_with_reason",
                condition=~Q(state=FeedState.REJECTED) | (Q(decided_at__isnull=False) & ~Q(reason="")),
            ),
        ]  # fmt: skip

    @property
    def good(self) -> int:
        """The lines that could be used, whoever they are of."""
        return self.lines - self.bad


class FeedLine(SaidLine):
    """What a list says of a person on the register, or of a unit that is named there (then `person` is None)."""

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    feed = models.ForeignKey(Feed, models.CASCADE, related_name="kept")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="feed_lines")

    class Meta:
        constraints = [
            models.CheckConstraint(name="feed_line_of_somebody", condition=Q(person__isnull=False) | ~Q(uscc="")),
        ]


class BadFeedLines(models.Model):
    """The first bad lines of a list as written, sealed, for whoever mends it at its source."""

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    feed = models.OneToOneField(Feed, models.CASCADE, related_name="bad_lines")
    count = models.PositiveIntegerField()
    sealed = models.BinaryField()


class Night(models.Model):
    """One finished night and what it printed; the first of a county decides what counts as backlog."""

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    acted_on = models.DateField(unique=True)
    ran_at = models.DateTimeField()
    summary = models.JSONField()


class Proof(models.Model):
    """The coverage certificate of a night for the whole register (monitoring.proof); `digest` is the hash of `body`."""

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    on = models.DateField(unique=True)
    body = models.JSONField()
    digest = models.CharField(max_length=64)
    holds = models.BooleanField()


class Flow(models.Model):
    """How many people of a town (12-digit `origin`) worked in a county in the last night: `place` has 6 digits, "" =
    not known. Kept for the newest night only."""

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    origin = models.CharField(max_length=12, db_index=True)
    place = models.CharField(max_length=6, blank=True)
    persons = models.PositiveIntegerField()


class Signal(models.Model):
    """A rule that is true of a person since `opened_on`, until `closed_on` when a night finds it true no more.

    `version` names the text of the rule with which it was found ("" before versions were kept), `reasons` holds the
    values of its conditions; `case` is the key of the case that it opened or joined, None for a finding. `raised_on` is
    the day on which somebody was asked to look into it, None while it is left out because the office can check no more.
    """

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    code = models.CharField(max_length=40)
    version = models.CharField(max_length=12, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="signals")
    division = models.CharField(max_length=12)
    opened_on = models.DateField()
    raised_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    reasons = models.JSONField()
    case = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["code", "opened_on"], name="signal_code"),
            models.Index(fields=["division"], name="signal_open", condition=Q(closed_on__isnull=True)),
        ]
        constraints = [
            models.UniqueConstraint(
                name="signal_one_open", fields=["code", "person"], condition=Q(closed_on__isnull=True)
            ),
        ]


class Check(models.Model):
    """What somebody found who looked into a signal without a case; `minutes` is the time it took, None = not told."""

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    signal = models.OneToOneField(Signal, models.CASCADE, related_name="check_made")
    finding = models.CharField(max_length=10, choices=Found.choices)
    minutes = models.PositiveSmallIntegerField(null=True)
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")


class Capacity(models.Model):
    """How many signals without a case an office can look into in a week; the newest row of a division holds.

    `division` is a town or a county; `weekly` None = as many as there are.
    """

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    division = models.CharField(max_length=12)
    weekly = models.PositiveSmallIntegerField(null=True)
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["division", "at"], name="capacity_division")]


class Trial(models.Model):
    """A rule tried with other values on the snapshots of the last weeks, in the background.

    `values` are the parameters as typed; `done` of `total` snapshots are judged; `result` is None until all are,
    `trouble` says why there is none.
    """

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    code = models.CharField(max_length=40)
    division = models.CharField(max_length=12)
    values = models.JSONField()
    by = models.ForeignKey("accounts.User", models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    done = models.PositiveSmallIntegerField(default=0)
    total = models.PositiveSmallIntegerField(default=0)
    result = models.JSONField(null=True)
    trouble = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["by", "code"], name="trial_by")]


class Finding(models.Model):
    """A quality rule that is true of a person since `opened_on`, until `closed_on` when the facts show it no more.

    `version` names the text of the rule with which it was found, `reasons` the values. `due_on` is the last day for
    setting it right. `waived_until` is the day from which a waived finding is asked about again, None without a waiver.
    """

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    code = models.CharField(max_length=60)
    version = models.CharField(max_length=12)
    person = models.ForeignKey(Person, models.PROTECT, related_name="findings")
    division = models.CharField(max_length=12)
    opened_on = models.DateField()
    due_on = models.DateField()
    closed_on = models.DateField(null=True)
    reasons = models.JSONField()
    waived_until = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["code", "opened_on"], name="finding_code"),
            models.Index(fields=["division", "due_on"], name="finding_open", condition=Q(closed_on__isnull=True)),
        ]
        constraints = [
            models.UniqueConstraint(
                name="finding_one_open", fields=["code", "person"], condition=Q(closed_on__isnull=True)
            ),
        ]


class ZeroFamily(models.Model):
    """A household that the rule recognised as a zero-employment family, until a clearing rule clears it.

    `recognised_on` and `cleared_on` are nights; `due_on` is the last day of its quarter
    (rules/clocks/zero_employment_family.yaml). `way` is the code of the clearing rule, DISSOLVED where nobody of the
    household is registered any more, "" while it is open. `version` and `cleared_version` name the texts of the rules,
    `reasons` and `cleared_reasons` the values on which they rest. `division` is where it lies now.
    """

    DISSOLVED = "dissolved"

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    household = models.ForeignKey(Household, models.PROTECT, related_name="zero_spells")
    division = models.CharField(max_length=12)
    recognised_on = models.DateField()
    due_on = models.DateField()
    version = models.CharField(max_length=12)
    reasons = models.JSONField()
    cleared_on = models.DateField(null=True)
    way = models.CharField(max_length=60, blank=True)
    cleared_version = models.CharField(max_length=12, blank=True)
    cleared_reasons = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["division", "due_on"], name="zero_family_division")]
        constraints = [
            models.UniqueConstraint(
                name="zero_family_one_open", fields=["household"], condition=Q(cleared_on__isnull=True)
            ),
            models.CheckConstraint(
                name="zero_family_cleared_has_way",
                condition=Q(cleared_on__isnull=True, way="") | (Q(cleared_on__isnull=False) & ~Q(way="")),
            ),
        ]


class Inspection(models.Model):
    """An inspection of a county from above, entered by a supervisor. `withdrawn_at` is set when it was a mistake.

    Only days that have passed tell the screen anything, so that nobody learns from it of one that is to come.
    """

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    division = models.CharField(max_length=12)
    held_on = models.DateField()
    announced_by = models.CharField(max_length=100)
    note = models.CharField(max_length=200, blank=True)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="inspection_once", fields=["division", "held_on"], condition=Q(withdrawn_at__isnull=True)
            )
        ]


class Waiver(models.Model):
    """Somebody looked into a finding and says that the facts are right as they are, why, and until when.

    `until_on` is the first day on which it is asked about again; `ended_at` is set when it was taken back before.
    """

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    finding = models.ForeignKey(Finding, models.CASCADE, related_name="waivers")
    reason = models.CharField(max_length=200)
    until_on = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="waiver_one_in_force", fields=["finding"], condition=Q(ended_at__isnull=True)),
        ]
