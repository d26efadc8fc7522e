"""The ledgers of work: jobs and wishes, the monthly monitoring of work away from home, public-welfare posts."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl
from django.utils.translation import gettext_lazy as _

from bangfu.core.retirement import full_years
from bangfu.divisions.queries import index_of
from bangfu.intake.checked import Checked
from bangfu.intake.kinds import Applying, Kind, Rows
from bangfu.intake.tables import Columns, Sheet
from bangfu.people import comparing
from bangfu.people.checking import columns
from bangfu.people.checking.frame import Ledger
from bangfu.people.checking.jobs import JOB_FORM, Jobs, WorkForm, check_jobs
from bangfu.people.checking.places import WORK
from bangfu.people.choices import Insurance
from bangfu.people.jobs_held import record_work
from bangfu.people.ledgers import how_of, keyed, standing_of, undo
from bangfu.people.models import Intent, Job
from bangfu.people.register_lookup import RegisterLookup
from bangfu.people.stated import Stated, guarded_by
from bangfu.people.watchers import batch_changed

PLAN = ("plan_province", "plan_city", "plan_county")
YOUNGEST, OLDEST = 16, 70
"""Ages in a public-welfare post: Labour Law, art. 15; published check 5_01_006 (policy.md A11, E4)."""
PUBLIC_FORM, PUBLIC_CHANNEL = "公益性岗位", "公益岗位"
_INSURANCES: Mapping[str, tuple[Insurance, ...]] = {
    "养老": (Insurance.PENSION,), "医疗": (Insurance.MEDICAL,), "失业": (Insurance.UNEMPLOYMENT,),
    "工伤": (Insurance.INJURY,), "生育": (Insurance.MATERNITY,), "居民养老": (Insurance.RESIDENT_PENSION,),
    "居民医疗": (Insurance.RESIDENT_MEDICAL,), "五险": tuple(Insurance)[:5],
}  # fmt: skip
_INSURANCE_FILLER = re.compile("城镇职工|职工|社会|基本|城乡|保险$")
_EXAMPLE = {"name": "示例", "id_number": "990522198602140023"}
_PERSON = {"name": columns.NAME, "id_number": columns.ID_NUMBER}
_JOBS = columns.JOBS.labels


def _insurances(text: str) -> str | None:
    """The codes of the kinds that a cell names, None where one of them is unknown."""
    named = [_INSURANCE_FILLER.sub("", part) for part in re.split("[、,，;；/+]", text) if part]
    if not named or any(part not in _INSURANCES for part in named):
        return None
    found = {kind for part in named for kind in _INSURANCES[part]}
    return " ".join(kind.value for kind in Insurance if kind in found)


def _something_is_said(ledger: Ledger, values: pl.DataFrame, _known: Jobs, _on: date) -> None:
    """A row tells of work or of a plan."""
    silent = values["working"].is_null() & values["will_go_out"].is_null()
    ledger.find(silent, "value_missing", "rejected", "working")


def _check_posts(ledger: Ledger, values: pl.DataFrame, known: Jobs, on: date) -> None:
    """Nobody under 16 holds a post; 70 or older, a second post at once and a post of no kind are looked into."""
    posts: dict[str, set[date | None]] = {}
    for (number, start), held in known.items():
        if _is_open_post(held.values, on):
            posts.setdefault(number, set()).add(start)
    rows = values.select("id_number", "born_on", "start", "occupation").rows()
    for at, (number, born_on, start, occupation) in enumerate(rows):
        if born_on and start and full_years(born_on, start) < YOUNGEST:
            ledger.find_at(at, "post_under_16", "rejected", "start")
        if born_on and full_years(born_on, on) >= OLDEST:
            ledger.find_at(at, "post_over_70", "warned", "id_number")
        if not occupation:
            ledger.find_at(at, "post_kind_missing", "warned", "occupation")
        if posts.get(number, set()) - {start}:
            ledger.find_at(at, "post_held", "warned", "id_number")


def _is_open_post(held: Mapping[str, Any], on: date) -> bool:
    is_post = held.get("form") == PUBLIC_FORM or held.get("channel") == PUBLIC_CHANNEL
    return is_post and (held.get("end") is None or held["end"] > on)


MONTHLY_FORM = WorkForm(
    columns=Columns(
        labels={
            **_PERSON,
            "household_no": columns.ROSTER.labels["household_no"],
            "working": ("是否已务工", "是否务工", "是否已外出务工"),
            "work_province": ("务工所在省", *_JOBS["work_province"]),
            "work_city": ("务工所在市", *_JOBS["work_city"]),
            "work_county": ("务工所在县", *_JOBS["work_county"]),
            "start": _JOBS["start"],
            "end": _JOBS["end"],
            "employer": ("务工企业名称", "务工企业", *_JOBS["employer"]),
            "industry": _JOBS["industry"],
            "channel": _JOBS["channel"],
            "wage": ("务工月收入(元)", "务工月收入", *_JOBS["wage"]),
            "organised": _JOBS["organised"],
            "travel_aid": ("年度交通费补助(元)", "年度交通费补助", "交通费补助"),
            "will_go_out": ("是否计划务工", "是否计划外出务工", "计划外出务工"),
            "plan_province": ("计划务工所在省", "计划务工省"),
            "plan_city": ("计划务工所在市", "计划务工市"),
            "plan_county": ("计划务工所在县", "计划务工县"),
            "service_need": ("就业服务需求", "服务需求"),
        },
        required=frozenset({"id_number"}),
        values={name: tuple(columns.YES_NO) for name in ("working", "organised", "will_go_out")},
        dates=frozenset({"start", "end"}),
        amounts=frozenset({"wage", "travel_aid"}),
        texts=columns.TEXTS,
        example={
            **_EXAMPLE, "working": "是", "work_province": "浙江省", "work_city": "嘉兴市", "work_county": "桐乡市",
            "start": "2026-03", "employer": "某针织有限公司", "industry": "制造业", "channel": "外出务工",
            "wage": "5200", "organised": "是", "travel_aid": "500",
        },
    ),
    texts=("employer", "industry", "channel", "service_need"),
    lists={"working": columns.YES_NO, "organised": columns.YES_NO, "will_go_out": columns.YES_NO},
    amounts=("wage", "travel_aid"),
    places={"place": WORK, "wished_place": PLAN},
    name_needed=False,
    says_plans=True,
    further=_something_is_said,
)  # fmt: skip
POST_FORM = WorkForm(
    columns=Columns(
        labels={
            **_PERSON,
            "occupation": ("岗位名称", "公益性岗位名称", "岗位类别", "公岗名称", "岗位"),
            "employer": ("用人单位", "设岗单位", "开发单位", *_JOBS["employer"]),
            "work_province": _JOBS["work_province"],
            "work_city": _JOBS["work_city"],
            "work_county": ("岗位所在县", *_JOBS["work_county"]),
            "start": ("协议开始时间", "聘用开始时间", *_JOBS["start"]),
            "end": ("协议结束时间", "协议到期时间", "聘用结束时间", *_JOBS["end"]),
            "wage": ("月补贴标准(元)", "岗位补贴标准", "月补贴标准", *_JOBS["wage"]),
            "insurances": ("参保险种", "参加保险种类"),
        },
        required=frozenset({"id_number", "start"}),
        dates=frozenset({"start", "end"}),
        amounts=frozenset({"wage"}),
        texts=columns.TEXTS,
        example={
            **_EXAMPLE, "occupation": "保洁员", "employer": "某村民委员会", "start": "2026-01-01", "end": "2026-12-31",
            "wage": "800", "insurances": "工伤",
        },
    ),
    texts=("occupation", "employer"),
    lists={},
    amounts=("wage",),
    codes={"insurances": _insurances},
    fixed={"working": True, "form": PUBLIC_FORM, "channel": PUBLIC_CHANNEL, "organised": False},
    name_needed=False,
    further=_check_posts,
)  # fmt: skip

_JOB = Stated(Job, {
    "place": "place", "uscc": "uscc", "form": "form", "employer": "employer", "occupation": "occupation",
    "channel": "channel", "industry": "industry", "organised": "organised", "wage": "wage_amount",
    "travel_aid": "travel_aid_amount", "insurances": "insurances", "end": "valid_to",
})  # fmt: skip
_WISHES = Stated(Intent, {
    "will_work": "will_work", "will_train": "will_train", "will_go_out": "will_go_out", "wished_place": "wished_place",
    "wage_floor": "wage_floor_amount", "service_need": "service_need", "wished_occupation": "wished_occupation",
    "wished_trade": "wished_trade",
})  # fmt: skip


def _work_row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **row,
        "wage_amount": row.get("wage"),
        "wage_floor_amount": row.get("wage_floor"),
        "travel_aid_amount": row.get("travel_aid"),
        "precision": row.get("start_precision"),
    }


def _apply(rows: Rows, applying: Applying) -> None:
    record_work([_work_row(row) for row in keyed(rows)], how_of(applying))


def _kind(code: str, title: Any, about: Any, form: WorkForm) -> Kind:
    def check(sheets: Sequence[Sheet], on: date) -> Checked:
        return check_jobs(sheets, index_of(), RegisterLookup(), on, form)

    return Kind(
        code=code, title=title, about=about, columns=form.columns, check=check, apply=_apply, undo=undo,
        changes=comparing.work_changes(form), who=comparing.who_is_meant, guarded=guarded_by(_JOB, _WISHES),
        standing=standing_of, related="id_number", follow=batch_changed,
    )  # fmt: skip


JOBS = _kind(
    "jobs", _("Jobs and wishes"), _("Where people of the register work, and what those without work wish for"), JOB_FORM
)
WORK_MONTHLY = _kind(
    "work_monthly", _("Monthly work monitoring"), _("Who works away from home or plans to, as the month's list says"),
    MONTHLY_FORM,
)  # fmt: skip
PUBLIC_POSTS = _kind(
    "public_posts", _("Public-welfare posts"), _("Who holds a public-welfare post, since when and until when"),
    POST_FORM,
)  # fmt: skip
