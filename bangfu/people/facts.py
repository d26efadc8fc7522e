"""What this room publishes to the lake: keys, codes and days; no names, no numbers, no phones."""

from bangfu.lake import schema
from bangfu.lake.tables import Source

_BELIEVED = "f.superseded_at IS NULL"


def _facts(table: str) -> str:
    return f"people_{table} f JOIN people_person p ON p.id = f.person_id AND p.withdrawn_at IS NULL WHERE {_BELIEVED}"


_RELATION = "CASE WHEN f.relation = '户主' THEN 'head' ELSE NULLIF(f.relation, '') END"
_WORK_RISK = "CASE WHEN f.risk = '' THEN NULL ELSE f.risk LIKE '%就业不稳%' END"
_FORM_KNOWN = "CASE WHEN f.form = '' AND f.channel = '' THEN NULL ELSE {} END"
_PUBLIC_POST = _FORM_KNOWN.format("f.form LIKE '%公益%岗%' OR f.channel LIKE '%公益%岗%'")
_WORKSHOP = _FORM_KNOWN.format("f.form LIKE '%车间%' OR f.channel LIKE '%车间%'")
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
    Source(schema.CATEGORIES, {**_VALID, "kind": "f.kind", "work_risk": _WORK_RISK}, _facts("category")),
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
            "will_go_out": "f.will_go_out",
            "service_asked": "f.service_need <> ''",
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
            "industry": "NULLIF(f.industry, '')",
            "employer_named": "f.employer <> ''",
            "public_post": _PUBLIC_POST,
            "workshop": _WORKSHOP,
            "insured": "f.insured",
            "organised": "f.organised",
        },
        _facts("job"),
    ),
    Source(
        schema.JOB_RECORDS,
        {
            "record": "f.id",
            "recorder": "f.recorded_by_id",
            "person": "f.person_id",
            "wage": "f.wage_amount",
            "public_post": _PUBLIC_POST,
            "valid_from": "f.valid_from",
            "valid_to": "f.valid_to",
            "recorded_at": "f.recorded_at",
            "by_hand": "f.batch IS NULL",
            "believed": _BELIEVED,
        },
        "people_job f JOIN people_person p ON p.id = f.person_id AND p.withdrawn_at IS NULL "
        "WHERE f.recorded_by_id IS NOT NULL",
    ),
    Source(schema.INCOMES, {**_VALID, "per_head": "f.per_head_amount"}, _facts("income")),
    Source(
        schema.CONTACTS,
        {**_VALID, "token": "DENSE_RANK() OVER (ORDER BY f.phone_index)"},
        _facts("contact"),
        of_all=frozenset({"token"}),
    ),
    Source(schema.RECOGNITIONS, {**_VALID, "kind": "f.kind"}, _facts("recognition")),
    Source(
        schema.TRAININGS,
        {"person": "f.person_id", "valid_from": "f.valid_from", "ends_on": "f.ends_on", "passed": "f.passed"},
        _facts("training"),
    ),
    Source(schema.UNLISTED, _VALID, _facts("unlisted")),
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
