"""What may be chosen for cases: how they end, how a person is met and what is said."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Outcome(TextChoices):
    """How a case ends (policy.md A2)."""

    EMPLOYED = "employed", _("Employed")
    SELF_EMPLOYED = "self_employed", _("Self-employed")
    IN_TRAINING = "in_training", _("In training")
    PUBLIC_POST = "public_post", _("In a public-welfare post")
    FALSE_ALARM = "false_alarm", _("False alarm")
    NO_WILL = "no_will", _("No will to work")
    NO_CAPACITY = "no_capacity", _("No labour capacity")
    UNREACHABLE = "unreachable", _("Cannot be reached")
    MOVED_OUT = "moved_out", _("Moved away")
    DECEASED = "deceased", _("Deceased")


# Ways out that a second person confirms (house.md 5).
NEED_SECOND = (Outcome.NO_WILL, Outcome.NO_CAPACITY, Outcome.UNREACHABLE, Outcome.MOVED_OUT, Outcome.DECEASED)
# Outcomes that are not work: they hold for a time, then the person is asked again (house.md 5).
COUNTED_APART = (Outcome.FALSE_ALARM, *NEED_SECOND)


class Result(TextChoices):
    """How a leg of a clock ended; None while it runs."""

    ON_TIME = "on_time", _("On time")
    LATE = "late", _("Late")
    EXEMPT = "exempt", _("Exempt")


class Moved(TextChoices):
    """Why the deadline of a leg is not the one that it began with; "" where it is."""

    PAUSE = "pause", _("a pause")
    CALENDAR = "calendar", _("a new holiday notice")
    EARLIER = "earlier", _("the stage before was done")


class Finding(TextChoices):
    """What the need survey found about the alarm that opened the case."""

    CONFIRMED = "confirmed", _("Needs help")
    NOT_SO = "not_so", _("Not so: the alarm was wrong")
    CHANGED = "changed", _("Changed meanwhile: needs no help now")


class AskedBy(TextChoices):
    """Who asks for help."""

    PERSON = "person", _("The person")
    RELATIVE = "relative", _("A relative")
    HELPER = "helper", _("A helper or village officer")
    HOTLINE = "hotline", _("The hotline")


class Obstacle(TextChoices):
    """What stands between a person and work."""

    SKILL = "skill", _("No skill that posts ask for")
    HEALTH = "health", _("Health")
    CHILDREN = "children", _("Must care for children")
    ELDERS = "elders", _("Must care for the old or the sick")
    TRANSPORT = "transport", _("No way to get there")
    AGE = "age", _("Employers want younger people")
    INFORMATION = "information", _("Does not know what there is")
    OTHER = "other", _("Another one")


class Channel(TextChoices):
    """How the person was met."""

    VISIT = "visit", _("Home visit")
    PHONE = "phone", _("Phone call")
    HALL = "hall", _("At the counter")
    MESSAGE = "message", _("Message")


class ServiceKind(TextChoices):
    """Items of a service package (policy.md A3)."""

    GUIDANCE = "guidance", _("Career guidance")
    JOB_OFFER = "job_offer", _("Job offer")
    TRAINING_OFFER = "training_offer", _("Training offer")


class Answer(TextChoices):
    """What the person said."""

    ACCEPTED = "accepted", _("Accepted")
    THINKING = "thinking", _("Thinking it over")
    REFUSED = "refused", _("Refused")
    UNREACHABLE = "unreachable", _("Not reached")
