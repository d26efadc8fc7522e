"""What each address of county A is given: keys in the path and fields of the form."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from bangfu.intake.queries import columns_of
from tests.factories import VILLAGE, id_number
from tests.house.county_a import COUNTY, HEADER, CountyA, row_of
from tests.intake.ledger_files import text

Given = Callable[[CountyA], Any]


def key(name: str) -> Given:
    return lambda place: [getattr(place, name).pk]


def officer(place: CountyA) -> list[int]:
    return [place.batch.by_id]


def offer(name: str) -> Given:
    return lambda place: [place.case.pk, getattr(place, name).pk]


def answer(**more: str) -> Given:
    return lambda _place: {"client_key": str(uuid4()), "answer": "accepted", "channel": "phone", **more}


def survey(_place: CountyA) -> dict[str, str]:
    return {"client_key": str(uuid4()), "finding": "confirmed", "channel": "phone"}


def paired(place: CountyA) -> dict[str, Any]:
    return {"household": place.household.pk, "helper": place.batch.by_id}


def visit(_place: CountyA) -> dict[str, Any]:
    day = timezone.localdate().isoformat()
    return {"client_key": str(uuid4()), "visited_on": day, "channel": "visit", "findings": "家中平安"}


def attempts(place: CountyA) -> dict[str, Any]:
    return {"client_key": str(uuid4()), "case": place.case.pk}


def attempt(_place: CountyA) -> dict[str, Any]:
    return {"client_key": str(uuid4()), "channel": "phone"}


def pause(_place: CountyA) -> dict[str, Any]:
    return {
        "client_key": str(uuid4()), "reason": "hospital", "evidence": "住院证明",
        "last_on": timezone.localdate().isoformat(),
    }  # fmt: skip


def follow_up(_place: CountyA) -> dict[str, Any]:
    return {"client_key": str(uuid4()), "found": "at_work", "channel": "phone"}


def refer(_place: CountyA) -> dict[str, Any]:
    return {"client_key": str(uuid4()), "county": "150502000000", "reason": "在外务工"}


def plan(_place: CountyA) -> dict[str, Any]:
    return {
        "client_key": str(uuid4()), "goal": "稳定就业", "form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0",
        "form-0-what": "推荐岗位",
    }  # fmt: skip


def taken_up(place: CountyA) -> dict[str, Any]:
    return {"escalation": place.escalation.pk, "measure": "urged"}


def round_answer(place: CountyA) -> dict[str, Any]:
    return {"client_key": str(uuid4()), "person": place.person.pk, "answer": "jobless"}


def confirmed(place: CountyA) -> dict[str, Any]:
    return {"village": VILLAGE, "confirm": f"{place.worker.pk}:{uuid4()}"}


def stated(_place: CountyA) -> dict[str, Any]:
    return {"health": "chronic", "on": timezone.localdate(), "source": "visit"}


def correction(_place: CountyA) -> dict[str, Any]:
    return {"client_key": str(uuid4()), "kind": "correct", "asked_by": "person", "said_words": "我已小学毕业"}


def reply(_place: CountyA) -> dict[str, Any]:
    return {"answer": "done", "reply": "已更正"}


def decision(place: CountyA) -> dict[str, Any]:
    return {"row": place.difference.pk, "decision": "keep", "reason": "入户核实"}


def apart(_place: CountyA) -> dict[str, Any]:
    return {"decision": "apart", "reason": "身份证已核对"}


def edited(place: CountyA) -> dict[str, Any]:
    return {"person": place.person.pk, "deed": "wishes", "will_work": "是", "day": timezone.localdate().isoformat()}


def feed_list(_place: CountyA) -> dict[str, Any]:
    file = SimpleUploadedFile("名单.csv", text(["身份证号", "死亡日期"], [id_number(997), "2026-01-02"]))
    return {"kind": "death", "period": timezone.localdate().isoformat(), "file": file}


def release(_place: CountyA) -> dict[str, str]:
    return {"decision": "release", "reason": "民政已确认"}


def unsure(place: CountyA) -> list[int]:
    return [place.feed.pk, place.unsure.pk]


def export_asked(_place: CountyA) -> dict[str, Any]:
    return {
        "client_key": str(uuid4()), "recipient": "县医保局", "purpose": "核对名单", "file_format": "xlsx",
        "columns": ["name", "work"], "mask_id_number": "ends", "mask_phone": "ends",
    }  # fmt: skip


def approval(_place: CountyA) -> dict[str, str]:
    return {"decision": "approve", "reason": "同意"}


def template(_place: CountyA) -> dict[str, str]:
    return {"recipient": "县民政局", "place_name": "1", "mask_id_number": "ends", "mask_phone": "ends"}


def in_a_month() -> str:
    return (timezone.localdate() + timedelta(days=30)).isoformat()


def check(place: CountyA) -> dict[str, Any]:
    return {"signal": place.noticed.pk, "finding": "confirmed", "minutes": "15"}


def finding(**more: Any) -> Given:
    return lambda place: {
        "finding": place.finding.pk, **{name: value() if callable(value) else value for name, value in more.items()},
    }  # fmt: skip


def looked_into(_place: CountyA) -> dict[str, str]:
    return {"answer": "explained", "said": "已核对工资条"}


def done_about(_place: CountyA) -> dict[str, str]:
    return {"said": "一家企业停工，已联系用工单位接续"}


def inspection(_place: CountyA) -> dict[str, str]:
    return {"division": COUNTY, "held_on": timezone.localdate().isoformat(), "announced_by": "市检查组"}


def file(_place: CountyA) -> dict[str, Any]:
    return {"kind": "roster", "file": SimpleUploadedFile("a.csv", text(HEADER, row_of("白云", id_number(995))))}


def bad_row(place: CountyA) -> list[int]:
    return [place.batch.pk, place.batch.flagged.order_by("position").first().pk]


def columns(place: CountyA) -> dict[str, Any]:
    (found,) = columns_of(place.batch)
    fields = {f"field-{at}": column.field for at, column in enumerate(found.columns)}
    return {"labels": found.labels, **fields}
