"""What this room publishes to the lake."""

from bangfu.lake import schema
from bangfu.lake.tables import Source

_FIRST_CAUSE = (
    "(SELECT min(u.code) FROM cases_cause u WHERE u.case_id = c.id AND u.noted_at = "
    "(SELECT min(v.noted_at) FROM cases_cause v WHERE v.case_id = c.id))"
)

SOURCES = (
    Source(
        schema.CASES,
        {
            "case_": "c.id",
            "person": "c.person_id",
            "division": "c.division",
            "opened_at": "c.opened_at",
            "cause": f"COALESCE({_FIRST_CAUSE}, '')",
            "backlog": "c.backlog",
            "outcome": "NULLIF(c.outcome, '')",
            "closed_at": "c.closed_at",
        },
        "cases_case c",
    ),
    Source(
        schema.LEGS,
        {
            "leg": "l.id",
            "case_": "c.id",
            "person": "c.person_id",
            "division": "c.division",
            "stage": "l.stage",
            "opened_at": "CASE WHEN l.clock = c.clock THEN c.starts_at ELSE l.starts_at END",
            "due_at": "l.due_at",
            "done_at": "l.done_at",
            "result": "NULLIF(l.result, '')",
        },
        "cases_leg l JOIN cases_case c ON c.id = l.case_id",
    ),
    Source(
        schema.SERVICES,
        {
            "case_": "c.id",
            "person": "c.person_id",
            "kind": "s.kind",
            "given_on": "s.given_on",
            "answer": "s.answer",
        },
        "cases_service s JOIN cases_case c ON c.id = s.case_id",
    ),
)
