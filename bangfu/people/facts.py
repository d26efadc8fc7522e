"""What this room publishes to the lake: keys, codes and days; no names, no numbers, no phones."""

from bangfu.lake import schema
from bangfu.lake.tables import Source

_BELIEVED = "f.superseded_at IS NULL"


def _facts(table: str) -> str:
    return f"people_{table} f JOIN people_person p ON p.id = f.person_id AND p.withdrawn_at IS NULL WHERE {_BELIEVED}"


_RELATION = "CASE WHEN f.relation = '户主' THEN 'head' ELSE NULLIF(f.relation, '') END"
_VALID = {"person": "f.person_id", "valid_from": "f.valid_from", "valid_to": "f.valid_to"}

SOURCES = (
    Source(
        schema.PERSONS,
        {"person": "p.id", "sex": "p.sex", "born_on": "p.born_on"},
        "people_person p WHERE p.withdrawn_at IS NULL",
    ),
    Source(
        schema.MEMBERSHIPS,
        {**_VALID, "household": "f.household_id", "division": "f.division", "relation": _RELATION},
        _facts("membership"),
    ),
    Source(schema.CATEGORIES, {**_VALID, "kind": "f.kind"}, _facts("category")),
    Source(
        schema.CONDITIONS,
        {
            **_VALID,
            "education": "NULLIF(f.education, '')",
            "health": "NULLIF(f.health, '')",
            "labour_capacity": "NULLIF(f.labour_capacity, '')",
            "at_school": "CASE WHEN f.school = '' THEN NULL ELSE f.school NOT IN ('none', 'preschool') END",
        },
        _facts("condition"),
    ),
    Source(
        schema.INTENTS,
        {
            **_VALID,
            "will_work": "f.will_work",
            "will_train": "f.will_train",
            "wage_floor": "f.wage_floor_amount",
        },
        _facts("intent"),
    ),
    Source(
        schema.JOBS,
        {
            **_VALID,
            "job": "f.spell",
            "place": "NULLIF(f.place, '')",
            "occupation": "NULLIF(f.occupation, '')",
            "wage": "f.wage_amount",
            "uscc": "NULLIF(f.uscc, '')",
            "channel": "NULLIF(f.channel, '')",
            "form": "NULLIF(f.form, '')",
            "insured": "f.insured",
            "organised": "f.organised",
        },
        _facts("job"),
    ),
    Source(schema.JOBLESSNESS, {**_VALID, "reason": "NULLIF(f.reason, '-')"}, _facts("joblessness")),
    Source(
        schema.WORK_ANSWERS,
        {
            "person": "a.person_id",
            "month": "a.month",
            "answer": "a.answer",
            "answered_on": "a.answered_on",
        },
        "people_workanswer a WHERE a.superseded_at IS NULL",
    ),
)
