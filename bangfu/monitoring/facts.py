"""What this room publishes to the lake, and all that the rooms below it publish."""

from bangfu.cases.facts import SOURCES as CASES
from bangfu.lake import schema
from bangfu.lake.tables import Source
from bangfu.people.facts import SOURCES as PEOPLE

_PLACE = """CASE WHEN f.division = '000000000000' THEN ''
    WHEN substr(f.division, 3) = '0000000000' THEN substr(f.division, 1, 2)
    WHEN substr(f.division, 5) = '00000000' THEN substr(f.division, 1, 4)
    WHEN substr(f.division, 7) = '000000' THEN substr(f.division, 1, 6)
    WHEN substr(f.division, 10) = '000' THEN substr(f.division, 1, 9)
    ELSE f.division END"""
_IN_USE = "f.state = 'standing' AND f.superseded_at IS NULL"
_LINES = "monitoring_feedline l JOIN monitoring_feed f ON f.id = l.feed_id"

_LISTS_OF_PERSONS = (
    "('death', 'school', 'disability', 'living_allowance', 'workshop_roster', 'employment_registration')"
)


def _lines(kind: str, more: str = "") -> str:
    """The lines of the lists of a kind that are in use."""
    return f"{_LINES} {more} WHERE f.kind = '{kind}' AND {_IN_USE}"


SOURCES = (
    Source(
        schema.INSURANCE_MONTHS,
        {
            "person": "l.person_id",
            "month": "f.period",
            "status": "CASE l.status WHEN 'paying' THEN 1 WHEN 'suspended' THEN 2 ELSE 3 END",
            "wage": "l.amount",
            "uscc": "NULLIF(l.uscc, '')",
        },
        _lines("social_insurance"),
    ),
    Source(
        schema.TAX_WAGES,
        {"person": "l.person_id", "month": "f.period", "wage": "l.amount"},
        _lines("tax_wage"),
    ),
    Source(
        schema.MEDICAL_COSTS,
        {"person": "l.person_id", "month": "f.period", "paid": "l.amount"},
        _lines("medical_expense"),
    ),
    Source(
        schema.EMPLOYERS_CLOSED,
        {"job": "j.spell", "person": "j.person_id", "month": "f.period", "closed_on": "l.ends_on"},
        _lines(
            "business_registration",
            "JOIN people_job j ON j.uscc = l.uscc AND j.superseded_at IS NULL AND l.status IN ('cancelled', 'revoked') "
            "JOIN people_person p ON p.id = j.person_id AND p.withdrawn_at IS NULL",
        ),
    ),
    Source(
        schema.FEED_LINES,
        {
            "kind": "f.kind",
            "person": "l.person_id",
            "month": "f.period",
            "status": "NULLIF(l.status, '')",
            "ends_on": "l.ends_on",
        },
        f"{_LINES} WHERE f.kind IN {_LISTS_OF_PERSONS} AND l.person_id IS NOT NULL AND {_IN_USE}",
    ),
    Source(
        schema.FEEDS,
        {"kind": "f.kind", "month": "f.period", "place": _PLACE, "received_on": "f.received_on"},
        f"monitoring_feed f WHERE {_IN_USE}",
    ),
    Source(
        schema.INSPECTIONS,
        {"division": "i.division", "held_on": "i.held_on"},
        "monitoring_inspection i WHERE i.withdrawn_at IS NULL",
    ),
    Source(
        schema.ZERO_FAMILIES,
        {
            "family": "z.id",
            "household": "z.household_id",
            "division": "z.division",
            "recognised_on": "z.recognised_on",
            "due_on": "z.due_on",
            "cleared_on": "z.cleared_on",
            "way": "NULLIF(z.way, '')",
        },
        "monitoring_zerofamily z",
    ),
)
# What the night itself writes after the snapshot was made.
CASE_TABLES = frozenset({*(source.table.name for source in CASES), schema.ZERO_FAMILIES.name})
ALL_SOURCES = (*PEOPLE, *CASES, *SOURCES)
