"""Bench `import`: a roster of n rows × 22 columns, read, checked, sealed and stored with audit."""

import io
import os
import platform
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import python_calamine
import xlsxwriter
from django.db import connection
from django.utils import timezone

from bangfu.bench.process import peak_mb
from bangfu.demo.invention import Inventor, Village
from bangfu.divisions.queries import children_of, full_names_of
from bangfu.intake.actions import apply_batch, undo_batch
from bangfu.intake.kinds import all_kinds
from bangfu.intake.staging import stage_file

COUNTY = "150522000000"
_HEADER = (
    "序号 市 县(市、区) 乡镇 行政村 户编号 姓名 性别 证件号码 年龄 与户主关系 民族 "
    "文化程度 健康状况 劳动技能 就业意愿 培训意愿 联系电话 户类型 识别(纳入)时间 致(返)贫风险 人均纯收入(元)"
).split()
_LISTED = ("education", "health", "labour_capacity", "will_work", "will_train")
_WORDS = {
    "male": "男", "female": "女", "illiterate": "文盲或半文盲", "primary": "小学", "junior": "初中", "senior": "高中",
    "college": "大专", "bachelor": "本科及以上", "healthy": "健康", "chronic": "长期慢性病", "serious": "患有大病",
    "disabled": "残疾", "ordinary": "普通劳动力", "skilled": "技能劳动力", "weak": "弱劳动力或半劳动力",
    "lost": "丧失劳动力", "none": "无劳动力", "lifted": "脱贫户", "unstable": "脱贫不稳定户",
    "marginal": "边缘易致贫户", "sudden": "突发严重困难户", True: "是", False: "否", "": "", None: "",
}  # fmt: skip


def run(rows: int = 100_000) -> dict[str, Any]:
    """Times one import into the register of this home (and takes it back); the peer is reading the sheet alone."""
    on = date(2026, 6, 30)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "roster.xlsx"
        write_roster(path, rows, on)
        data = path.read_bytes()
    began = time.perf_counter()
    python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python(
        skip_empty_area=False
    )
    alone = time.perf_counter() - began
    cpu, began = time.process_time(), time.perf_counter()
    batch = stage_file(all_kinds()["roster"], "bench.xlsx", data, on=on, by=None, at=timezone.now())
    staged = time.perf_counter() - began
    batch = apply_batch(batch, at=timezone.now())
    wall, used = time.perf_counter() - began, time.process_time() - cpu
    accepted = batch.rows_accepted
    undo_batch(batch, by=None, at=timezone.now())
    return {
        "rows": rows, "accepted": accepted, "file_mb": round(len(data) / 1e6, 1), "wall_s": round(wall, 2),
        "staged_s": round(staged, 2), "applied_s": round(wall - staged, 2), "cpu_s": round(used, 2),
        "reading_alone_s": round(alone, 2), "times_reading": round(wall / alone, 1),
        "peak_rss_mb": peak_mb(), "database": connection.vendor,
        "load": os.getloadavg()[0], "polars": pl.__version__, "python": platform.python_version(),
    }  # fmt: skip


def write_roster(path: Path, rows: int, on: date) -> None:
    """A roster of n invented persons of the county as a workbook."""
    villages = [village.code for town in children_of(COUNTY) for village in children_of(town.code)]
    names = full_names_of(villages, above=1)
    per_village = rows // len(villages) // 2 + 4
    people = Inventor(on, seed=7).households([Village(code, per_village) for code in villages])
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet("花名册")
    sheet.write_row(0, 0, _HEADER)
    for number, (row, _) in enumerate(zip(people, range(rows), strict=False), start=1):
        city, county, town, village = names[row["division"]].split(" ")
        sheet.write_row(number, 0, [
            number, city, county, town, village, row["household_no"], row["name"], _WORDS[row["sex"]], row["id_number"],
            row["age"], row["relation"], row["ethnicity"], *(_WORDS[row[name]] for name in _LISTED), row["phone"] or "",
            _WORDS[row["category"]], row["identified_on"].isoformat(), row["risk"], int(row["income_per_head"]),
        ])  # fmt: skip
    book.close()
