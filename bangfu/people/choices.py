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


class RecognitionKind(TextChoices):
    """What a person is recognised as beside the household's category (policy.md A6, A12, B10)."""

    POST_LEAVER = "post_leaver", _("Left a public-welfare post")
    SCHOOL_LEAVER = "school_leaver", _("School leaver without further schooling")
    UNEMPLOYED = "unemployed", _("Registered unemployed")
    DIFFICULTY = "difficulty", _("Person with employment difficulty")


class Education(TextChoices):
    ILLITERATE = "illiterate", _("Illiterate or semi-literate")
    PRIMARY = "primary", _("Primary school")
    JUNIOR = "junior", _("Junior secondary school")
    SENIOR = "senior", _("Senior secondary school")
    COLLEGE = "college", _("Junior college")
    BACHELOR = "bachelor", _("Bachelor's degree or above")


class School(TextChoices):
    """Where a pupil or student is (在校生状况, policy.md F1 a)."""

    NONE = "none", _("Not at school")
    SOME = "some", _("At school, year not said")
    PRESCHOOL = "preschool", _("Under school age")
    PRIMARY = "primary", _("Primary school pupil")
    JUNIOR = "junior", _("Junior secondary pupil")
    SENIOR = "senior", _("Senior secondary pupil")
    VOCATIONAL_1 = "vocational_1", _("Secondary vocational school, year 1")
    VOCATIONAL_2 = "vocational_2", _("Secondary vocational school, year 2")
    VOCATIONAL_3 = "vocational_3", _("Secondary vocational school, year 3")
    COLLEGE_1 = "college_1", _("Junior college, year 1")
    COLLEGE_2 = "college_2", _("Junior college, year 2")
    COLLEGE_3 = "college_3", _("Junior college, year 3")
    BACHELOR = "bachelor", _("Undergraduate")
    MASTER = "master", _("Postgraduate")


NOT_AT_SCHOOL = (School.NONE, School.PRESCHOOL)


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


class Insurance(TextChoices):
    """Kinds of social insurance (policy.md F8)."""

    PENSION = "pension", _("Employees' pension")
    MEDICAL = "medical", _("Employees' medical insurance")
    UNEMPLOYMENT = "unemployment", _("Unemployment insurance")
    INJURY = "injury", _("Work injury insurance")
    MATERNITY = "maternity", _("Maternity insurance")
    RESIDENT_PENSION = "resident_pension", _("Residents' pension")
    RESIDENT_MEDICAL = "resident_medical", _("Residents' medical insurance")


class CertificateKind(TextChoices):
    """Kinds of proof of a skill (policy.md B11)."""

    SKILL_LEVEL = "skill_level", _("Skill level certificate")
    QUALIFICATION = "qualification", _("Vocational qualification")
    SPECIAL_ABILITY = "special_ability", _("Special vocational ability certificate")
    COMPLETION = "completion", _("Training completion certificate")
    OPERATION = "operation", _("Special operation permit")
    DIPLOMA = "diploma", _("Diploma")


class SkillLevel(TextChoices):
    """The new eight levels (policy.md B11); the old five are apprentice-less: 5 junior … 1 senior technician."""

    APPRENTICE = "apprentice", _("Apprentice")
    JUNIOR = "junior", _("Junior worker")
    MIDDLE = "middle", _("Intermediate worker")
    SENIOR = "senior", _("Senior worker")
    TECHNICIAN = "technician", _("Technician")
    SENIOR_TECHNICIAN = "senior_technician", _("Senior technician")
    SPECIAL_TECHNICIAN = "special_technician", _("Special-grade technician")
    CHIEF_TECHNICIAN = "chief_technician", _("Chief technician")


class ConsentKind(TextChoices):
    """What a person agreed to, or took back (PIPL 13, 23, 29; policy.md F9)."""

    SHARING = "sharing", _("Passing data on to an employer or provider")
    ASSETS = "assets", _("Query of the household's assets")
    MESSAGES = "messages", _("Messages by telephone")
    AUTOMATIC_MATCHING = "automatic_matching", _("Automatic matching with posts")
    PUBLIC_CASE = "public_case", _("Being told of as a typical case")


class DifferenceState(TextChoices):
    """What became of a difference between two sources."""

    OPEN = "open", _("To be decided")
    TAKEN = "taken", _("The new value was taken")
    KEPT = "kept", _("The value on file was kept")
    LAPSED = "lapsed", _("Settled by itself")


class DuplicateState(TextChoices):
    """What became of a pair of rows that look like one person."""

    OPEN = "open", _("To be decided")
    MERGED = "merged", _("Made one")
    DISTINCT = "distinct", _("Two persons")
    LAPSED = "lapsed", _("Settled by itself")


class CorrectionKind(TextChoices):
    """What a person may ask of the file (PIPL 44 to 50; policy.md F9)."""

    CORRECT = "correct", _("Correct something on file")
    OBJECT = "object", _("Object to how the file is used")
    DELETE = "delete", _("Delete something")
    COPY = "copy", _("A copy of the file")


class AskedBy(TextChoices):
    """Who asks."""

    PERSON = "person", _("The person")
    FAMILY = "family", _("Somebody of the family")
    HELPER = "helper", _("A helper for the person")


class CorrectionAnswer(TextChoices):
    """How the office answered."""

    DONE = "done", _("Done")
    PARTLY = "partly", _("Done in part")
    REFUSED = "refused", _("Refused, with the reason")
