"""The tables of the lake: one row per fact as it is known when the snapshot is made.

A fact is valid on day D when valid_from <= D and (valid_to IS NULL OR valid_to > D).
"""

from __future__ import annotations

from bangfu.lake.tables import MONEY, Column, Table

_PERSON = Column("person", "BIGINT", "key of the person")
_FROM = Column("valid_from", "DATE", "first day on which the fact holds")
_TO = Column("valid_to", "DATE", "first day on which it holds no longer", "still holds, or its end is not known")
_UNKNOWN = "not recorded"

PERSONS = Table(
    "persons",
    "every person of the register",
    (
        _PERSON,
        Column("sex", "VARCHAR", "male, female", _UNKNOWN),
        Column("born_on", "DATE", "day of birth", _UNKNOWN),
    ),
)
MEMBERSHIPS = Table(
    "memberships",
    "where a person belongs: household and division of registration",
    (
        _PERSON,
        Column("household", "BIGINT", "key of the household", "belongs to no household on the register"),
        Column("division", "VARCHAR", "12-digit code of the village"),
        Column("relation", "VARCHAR", "relation to the head of the household", _UNKNOWN),
        _FROM,
        _TO,
    ),
)
CATEGORIES = Table(
    "categories",
    "the poverty-relief category of a person, from the agriculture bureau's list",
    (
        _PERSON,
        Column("kind", "VARCHAR", "lifted, unstable, marginal, sudden"),
        Column("work_risk", "BOOLEAN", "unstable work is named as a risk of falling back", "no risk is named"),
        _FROM,
        _TO,
    ),
)
CONDITIONS = Table(
    "conditions",
    "education, health and capacity for work",
    (
        _PERSON,
        Column("education", "VARCHAR", "highest schooling", _UNKNOWN),
        Column("health", "VARCHAR", "healthy, chronic, serious, disabled", _UNKNOWN),
        Column("labour_capacity", "VARCHAR", "ordinary, skilled, weak, lost, none", _UNKNOWN),
        Column("at_school", "BOOLEAN", "pupil or student", _UNKNOWN),
        _FROM,
        _TO,
    ),
)
INTENTS = Table(
    "intents",
    "what the person wants",
    (
        _PERSON,
        Column("will_work", "BOOLEAN", "wants to work", _UNKNOWN),
        Column("will_train", "BOOLEAN", "wants to be trained", _UNKNOWN),
        Column("will_go_out", "BOOLEAN", "wants to work away from home", _UNKNOWN),
        Column("service_asked", "BOOLEAN", "a need of service is recorded"),
        Column("wage_floor", MONEY, "lowest monthly wage the person would take", "none named"),
        _FROM,
        _TO,
    ),
)
JOBS = Table(
    "jobs",
    "spells of work; several at once are possible",
    (
        Column("job", "BIGINT", "key of the job"),
        _PERSON,
        Column("place", "VARCHAR", "12-digit code of the county of work", _UNKNOWN),
        Column("occupation", "VARCHAR", "occupation", _UNKNOWN),
        Column("wage", MONEY, "monthly wage", _UNKNOWN),
        Column("uscc", "VARCHAR", "credit code of the employing unit", "no unit, or not recorded"),
        Column("channel", "VARCHAR", "how the job was found", _UNKNOWN),
        Column("form", "VARCHAR", "form of employment", _UNKNOWN),
        Column("industry", "VARCHAR", "industry of the employer", _UNKNOWN),
        Column("employer_named", "BOOLEAN", "the employer's name is recorded"),
        Column("public_post", "BOOLEAN", "a public-welfare post", "neither form nor channel recorded"),
        Column("workshop", "BOOLEAN", "in an assistance workshop", "neither form nor channel recorded"),
        Column("insured", "BOOLEAN", "employee insurance by statement", _UNKNOWN),
        Column("organised", "BOOLEAN", "travelled by organised transport", _UNKNOWN),
        Column("valid_from", "DATE", "first day of work"),
        Column("valid_to", "DATE", "first day without this job", "the job is open"),
    ),
)
INCOMES = Table(
    "incomes",
    "net income a head of the household, as the agriculture bureau's list gives it",
    (_PERSON, Column("per_head", MONEY, "yuan a year"), _FROM, _TO),
)
CONTACTS = Table(
    "contacts",
    "telephones, as numbers of this snapshot: equal tokens are equal telephones, and nothing else can be learned",
    (_PERSON, Column("token", "BIGINT", "rank of the keyed index, another one in each snapshot"), _FROM, _TO),
)
UNLISTED = Table(
    "unlisted",
    "persons who stood on no row of a full list",
    (_PERSON, _FROM, _TO),
)
JOBLESSNESS = Table(
    "joblessness",
    "recorded statements that a person is without work",
    (_PERSON, Column("reason", "VARCHAR", "why", _UNKNOWN), _FROM, _TO),
)
WORK_ANSWERS = Table(
    "work_answers",
    "answers given in the monthly work round",
    (
        _PERSON,
        Column("month", "DATE", "first day of the month asked about"),
        Column("answer", "VARCHAR", "confirmed, changed, ended, started"),
        Column("answered_on", "DATE", "day of the answer"),
    ),
)
RECOGNITIONS = Table(
    "recognitions",
    "what an office recognised a person as, beside the household's category; several at once",
    (_PERSON, Column("kind", "VARCHAR", "post_leaver, school_leaver, unemployed, difficulty"), _FROM, _TO),
)
TRAININGS = Table(
    "trainings",
    "trainings attended",
    (
        _PERSON,
        Column("valid_from", "DATE", "first day of the class"),
        Column("ends_on", "DATE", "last day of the class", _UNKNOWN),
        Column("passed", "BOOLEAN", "passed at the end", _UNKNOWN),
    ),
)
INSURANCE_MONTHS = Table(
    "insurance_months",
    "lines of the monthly social-insurance extracts; several lines a person are possible",
    (
        _PERSON,
        Column("month", "DATE", "first day of the month of the extract"),
        Column("status", "INTEGER", "1 paying, 2 suspended, 3 ended"),
        Column("wage", MONEY, "wage on which insurance is paid", _UNKNOWN),
        Column("uscc", "VARCHAR", "credit code of the unit that pays", _UNKNOWN),
    ),
)
TAX_WAGES = Table(
    "tax_wages",
    "lines of the monthly lists of wages declared for tax; several lines a person are possible",
    (
        _PERSON,
        Column("month", "DATE", "first day of the month of the wage"),
        Column("wage", MONEY, "wage declared"),
    ),
)
MEDICAL_COSTS = Table(
    "medical_costs",
    "lines of the monthly lists of persons with high medical costs",
    (
        _PERSON,
        Column("month", "DATE", "first day of the month up to which costs are counted"),
        Column("paid", MONEY, "paid by the person since the first of January"),
    ),
)
EMPLOYERS_CLOSED = Table(
    "employers_closed",
    "jobs with a unit that a list of business registration shows as cancelled or revoked",
    (
        Column("job", "BIGINT", "key of the job"),
        _PERSON,
        Column("month", "DATE", "day as of which the list holds"),
        Column("closed_on", "DATE", "day on which the unit was cancelled or revoked", "the list does not say"),
    ),
)
FEED_LINES = Table(
    "feed_lines",
    "what lists of schools, deaths, disability, living allowance, workshops and employment registration say of persons",
    (
        Column("kind", "VARCHAR", "death, school, disability, living_allowance, workshop_roster …"),
        _PERSON,
        Column("month", "DATE", "first day of the month that the list speaks of, or the day as of which it holds"),
        Column("status", "VARCHAR", "a code of the kind's mapping file", "the list does not say"),
        Column("ends_on", "DATE", "day of death, of leaving, of the end of a certificate", "the list does not say"),
    ),
)
FEEDS = Table(
    "feeds",
    "outside lists in use: received, not held back as too short, not replaced",
    (
        Column("kind", "VARCHAR", "social_insurance …"),
        Column("month", "DATE", "first day of the month that it speaks of, or the day as of which it holds"),
        Column("place", "VARCHAR", "the digits that the codes of all its divisions begin with, empty for everywhere"),
        Column("received_on", "DATE", "day on which it was read"),
    ),
)
CASES = Table(
    "cases",
    "help cases",
    (
        Column("case_", "BIGINT", "key of the case"),
        _PERSON,
        Column("division", "VARCHAR", "12-digit code of the division that owns the case"),
        Column("opened_at", "TIMESTAMP", "when it was opened"),
        Column("cause", "VARCHAR", "code of what opened it"),
        Column("backlog", "BOOLEAN", "opened by the first night: counted apart"),
        Column("outcome", "VARCHAR", "how it ended", "not ended"),
        Column("closed_at", "TIMESTAMP", "when it was closed", "open"),
    ),
)
LEGS = Table(
    "legs",
    "stages of the clocks of a case",
    (
        Column("leg", "BIGINT", "key of the leg"),
        Column("case_", "BIGINT", "key of the case"),
        _PERSON,
        Column("division", "VARCHAR", "12-digit code of the division that owns the case"),
        Column(
            "stage",
            "VARCHAR",
            "need_survey, first_service_round, outcome; follow_up_7, _30, _90 after the case ended in work",
        ),
        Column("opened_at", "TIMESTAMP", "when the leg began"),
        Column("due_at", "TIMESTAMP", "its deadline", "no deadline"),
        Column("done_at", "TIMESTAMP", "when it was done", "not done"),
        Column("result", "VARCHAR", "on_time, late, exempt", "not done"),
    ),
)
SERVICES = Table(
    "services",
    "items of service given in a case",
    (
        Column("case_", "BIGINT", "key of the case"),
        _PERSON,
        Column("kind", "VARCHAR", "guidance, job_offer, training_offer"),
        Column("given_on", "DATE", "day on which it was given"),
        Column("answer", "VARCHAR", "accepted, refused, thinking, unreachable", "no answer yet"),
    ),
)
JOB_RECORDS = Table(
    "job_records",
    "every version of a job that a user recorded, also those no longer believed",
    (
        Column("record", "BIGINT", "key of the version"),
        Column("recorder", "BIGINT", "key of the user"),
        _PERSON,
        Column("wage", MONEY, "monthly wage", _UNKNOWN),
        Column("public_post", "BOOLEAN", "a public-welfare post", "neither form nor channel recorded"),
        Column("valid_from", "DATE", "first day of work"),
        Column("valid_to", "DATE", "first day without this job", "the job is open"),
        Column("recorded_at", "TIMESTAMP", "when it was recorded"),
        Column("by_hand", "BOOLEAN", "not by an import"),
        Column("believed", "BOOLEAN", "not superseded by a later version"),
    ),
)
INSPECTIONS = Table(
    "inspections",
    "inspections of a county from above",
    (
        Column("division", "VARCHAR", "12-digit code of the county"),
        Column("held_on", "DATE", "its first day"),
    ),
)
ZERO_FAMILIES = Table(
    "zero_families",
    "zero-employment families as recognised by rule, one row a spell",
    (
        Column("family", "BIGINT", "key of the spell"),
        Column("household", "BIGINT", "key of the household"),
        Column("division", "VARCHAR", "12-digit code of the village"),
        Column("recognised_on", "DATE", "night that recognised it"),
        Column("due_on", "DATE", "last day for clearing it"),
        Column("cleared_on", "DATE", "night that cleared it", "not cleared"),
        Column("way", "VARCHAR", "code of the rule that cleared it, or dissolved", "not cleared"),
    ),
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        PERSONS,
        MEMBERSHIPS,
        CATEGORIES,
        CONDITIONS,
        INTENTS,
        JOBS,
        INCOMES,
        CONTACTS,
        UNLISTED,
        JOBLESSNESS,
        WORK_ANSWERS,
        RECOGNITIONS,
        TRAININGS,
        INSURANCE_MONTHS,
        TAX_WAGES,
        MEDICAL_COSTS,
        EMPLOYERS_CLOSED,
        FEED_LINES,
        FEEDS,
        CASES,
        LEGS,
        SERVICES,
        ZERO_FAMILIES,
        JOB_RECORDS,
        INSPECTIONS,
    )
}
