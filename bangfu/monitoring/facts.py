"""What this room publishes to the lake, and all that the rooms below it publish."""

from bangfu.cases.facts import SOURCES as CASES
from bangfu.lake import schema
from bangfu.lake.tables import Source
from bangfu.people.facts import SOURCES as PEOPLE

SOURCES = (
    Source(
        schema.INSURANCE_MONTHS,
        {
            "person": "i.person_id",
            "month": "i.month",
            "status": "i.status",
            "wage": "i.wage_amount",
        },
        "monitoring_insurancemonth i JOIN monitoring_feed f ON f.id = i.feed_id WHERE f.superseded_at IS NULL",
    ),
    Source(
        schema.FEEDS,
        {"kind": "f.kind", "month": "f.month", "received_on": "f.received_on"},
        "monitoring_feed f WHERE f.superseded_at IS NULL",
    ),
)
CASE_TABLES = frozenset(source.table.name for source in CASES)
ALL_SOURCES = (*PEOPLE, *CASES, *SOURCES)
