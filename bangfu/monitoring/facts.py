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
SOURCES = (
    Source(
        schema.INSURANCE_MONTHS,
        {
            "person": "i.person_id",
            "month": "f.period",
            "status": "CASE i.status WHEN 'paying' THEN 1 WHEN 'suspended' THEN 2 ELSE 3 END",
            "wage": "i.amount",
        },
        f"monitoring_feedline i JOIN monitoring_feed f ON f.id = i.feed_id "
        f"WHERE f.kind = 'social_insurance' AND {_IN_USE}",
    ),
    Source(
        schema.FEEDS,
        {"kind": "f.kind", "month": "f.period", "place": _PLACE, "received_on": "f.received_on"},
        f"monitoring_feed f WHERE {_IN_USE}",
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
