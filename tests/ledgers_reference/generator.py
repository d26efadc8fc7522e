"""Seeded messy ledgers: what a clerk could hand in, as cells for the reference and as bytes for the importer.

Every person is made up; ID numbers begin with 990522. A ledger of seed N is the same on every run.
"""

import csv
import io
import random
from dataclasses import dataclass
from datetime import date, timedelta

import xlsxwriter

from tests.ledgers_reference.people import Person, identity, spoil_job, spoil_person
from tests.ledgers_reference.vacancies import vacancy

ON = date(2026, 6, 30)
OTHER_WORDS = {
    "姓名": ("姓名", "姓 名", "成员姓名"),
    "证件号码": ("证件号码", "身份证号", "身份证号码", "公民身份号码"),
    "联系电话": ("联系电话", "手机号", "手机号码"),
    "行政村": ("行政村", "村(社区)", "嘎查(村)"),
    "县(市、区)": ("县(市、区)", "旗县", "区县"),
    "劳动技能": ("劳动技能", "劳动能力"),
    "与户主关系": ("与户主关系", "关系"),
}
HOUSEHOLD = ("户编号", "户类型", "识别(纳入)时间", "人均纯收入(元)")
NEEDED = {"姓名", "证件号码", "县(市、区)", "乡镇", "行政村"}
ENCODINGS = ("utf-8", "utf-8-sig", "gb18030")


@dataclass
class Ledger:
    """A file: its name, its bytes, and its cells as the reference wants them."""

    name: str
    content: bytes
    sheets: list


def roster(seed, places):
    """A roster of about 70 rows. `places`: {county name: {town: [villages]}}."""
    chance = random.Random(f"roster {seed}")
    towns = places["科尔沁左翼后旗"]
    rows, sequence = [], 0
    while len(rows) < 60:
        town = chance.choice(sorted(towns))
        village = chance.choice(towns[town])
        shared = {
            "市": "通辽市",
            "县(市、区)": "科尔沁左翼后旗",
            "乡镇": town,
            "行政村": village,
            "户编号": f"99052200{seed:02}{len(rows):03}",
            "户类型": chance.choice(("脱贫户", "脱贫不稳定户", "边缘易致贫户", "突发严重困难户")),
            "识别(纳入)时间": date(2014, 1, 1) + timedelta(days=chance.randrange(2200)),
            "人均纯收入(元)": chance.randrange(5000, 26000),
        }
        for _ in range(chance.choice((1, 1, 2, 3, 4))):
            sequence += 1
            rows.append({**shared, **Person(chance, sequence).cells()})
    rows = spoil_person(chance, rows, towns)
    return _file(chance, f"roster-{seed}", rows, "花名册", HOUSEHOLD)


def jobs(seed, counties):
    """A job ledger, and the register {ID: name} it is checked against."""
    chance = random.Random(f"jobs {seed}")
    people = [Person(chance, sequence).cells() for sequence in range(45)]
    rows, register = spoil_job(chance, people, counties)
    return _file(chance, f"jobs-{seed}", rows, "就业台账", ()), register


def posts(seed, counties):
    """A list of vacancies."""
    chance = random.Random(f"posts {seed}")
    rows = [vacancy(chance, counties) for _ in range(40)]
    return _file(chance, f"posts-{seed}", rows, "岗位信息", ())


def _file(chance, name, rows, title, household):
    if chance.random() < 0.4:
        return _text_table(chance, f"{name}.csv", rows)
    count = chance.choice((1, 1, 2, 3))
    parts = [rows[at::count] for at in range(count)]
    if count > 1 and chance.random() < 0.5:
        size = len(rows) // count + 1
        parts = [rows[at : at + size] for at in range(0, len(rows), size)]
    taken = _taken(chance, rows, household)
    return _workbook(chance, f"{name}.xlsx", title, [part for part in parts if part], taken, household)


def _taken(chance, rows, household):
    """The fields of the file: some rosters lack some columns, in all their sheets."""
    fields = list(rows[0])
    if household and chance.random() < 0.4:
        gone = set(chance.sample([field for field in fields if field not in NEEDED], 4))
        fields = [field for field in fields if field not in gone]
    return fields


def _labels(chance, fields):
    fields = ["序号", *fields]
    if chance.random() < 0.5:
        chance.shuffle(fields)
    return {field: chance.choice(OTHER_WORDS.get(field, (field,))) for field in fields}


def _lines(chance, rows, labels, first):
    """[(row number, {label: cell})], blank lines and subtotals among them; rows left out are blank."""
    number, lines = first, []
    order = list(labels.values())
    for at, row in enumerate(rows):
        if chance.random() < 0.04:
            number += chance.choice((1, 2))
        if chance.random() < 0.03:
            lines.append((number, {order[chance.randrange(3)]: "小计", order[-1]: chance.choice(("", 31, "31"))}))
            number += 1
        cells = {label: row.get(field, "") for field, label in labels.items()}
        lines.append((number, cells | {labels["序号"]: at + 1}))
        number += 1
    if chance.random() < 0.8:
        lines.append((number, {order[1]: "合计", order[2]: len(rows)}))
        lines.append((number + 2, {order[0]: "填报人:        审核人:"}))
    return lines


def _workbook(chance, name, title, parts, fields, household):
    target, sheets = io.BytesIO(), []
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for at, rows in enumerate(parts):
            labels = _labels(chance, fields)
            header = chance.choice((1, 4, 4, 6))
            sheet_name = title if len(parts) == 1 else f"{title}{at + 1}"
            sheet = book.add_worksheet(sheet_name)
            lines = _lines(chance, rows, labels, header + 1)
            columns = {label: column for column, label in enumerate(labels.values())}
            if header > 1:
                sheet.merge_range(header - 3, 0, header - 3, len(columns) - 1, f"{title}(合成数据)")
                sheet.write(header - 2, 0, "填报单位:")
            for label, column in columns.items():
                sheet.write_string(header - 1, column, label)
            merged = _merge(chance, lines, labels, household)
            hidden = {(number, label) for span in merged for number in span[1:] for label in merged[span]}
            for number, cells in lines:
                for label, cell in cells.items():
                    if cell != "" and (number, label) not in hidden:
                        _write(sheet, number - 1, columns[label], cell, day)
            _cover(sheet, merged, lines, columns, day)
            sheets.append((sheet_name, lines))
    return Ledger(name, target.getvalue(), sheets)


def _write(sheet, row, column, cell, day):
    if isinstance(cell, date):
        sheet.write_datetime(row, column, cell, day)
    elif isinstance(cell, str):
        sheet.write_string(row, column, cell)
    else:
        sheet.write_number(row, column, cell)


def _merge(chance, lines, labels, household):
    """{(row numbers): labels} of neighbours whose household cells are alike, at times their village too."""
    if not household or chance.random() < 0.3 or labels.get("户编号") is None:
        return {}
    spans, run = {}, []
    fields = (*household, "市", "乡镇", "行政村") if chance.random() < 0.4 else household
    mergeable = [labels[field] for field in fields if field in labels]
    for number, cells in [*lines, (0, {})]:
        shared = [cells.get(label) for label in mergeable]
        if run and (number != run[-1][0] + 1 or shared != run[-1][1] or "" in shared):
            if len(run) > 1:
                spans[tuple(at for at, _ in run)] = mergeable
            run = []
        run = [*run, (number, shared)]
    return spans


def _cover(sheet, merged, lines, columns, day):
    cells = dict(lines)
    for span, names in merged.items():
        for label in names:
            cell, column = cells[span[0]].get(label, ""), columns[label]
            sheet.merge_range(span[0] - 1, column, span[-1] - 1, column, "")
            _write(sheet, span[0] - 1, column, cell, day)


def _text_table(chance, name, rows):
    labels = _labels(chance, list(rows[0]))
    if chance.random() < 0.5:
        labels["备注"] = "备注"
        for row in chance.sample(rows, 3):
            row["备注"] = chance.choice(("已核实", "第一行\n第二行", '引号"和,逗号;'))
    titles = chance.choice((0, 0, 0, 1, 2))
    end, mark = chance.choice(("\n", "\r\n")), chance.choice((",", ",", "\t", ";"))
    lines = {
        number: {key: _as_text(cell) for key, cell in cells.items()}
        for number, cells in _lines(chance, rows, labels, titles + 2)
    }
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator=end, delimiter=mark)
    writer.writerows([["花名册(合成数据)"], []][:titles])
    writer.writerow(labels.values())
    numbered = []
    for at in range(titles + 2, max(lines) + 1):
        line = target.getvalue().count("\n") + 1
        if at in lines:
            numbered.append((line, lines[at]))
        writer.writerow([lines.get(at, {}).get(label, "") for label in labels.values()])
    content = target.getvalue().encode(chance.choice(ENCODINGS))
    return Ledger(name, content, [(name, numbered)])


def _as_text(cell):
    """What a program that saves a sheet as text makes of a cell: long numbers lose their digits."""
    if isinstance(cell, int | float) and cell > 1e15:
        return f"{cell:.5E}"
    return str(cell)


__all__ = ["ON", "Ledger", "identity", "jobs", "posts", "roster"]
