"""Bench `mutate`: spoiled copies of ledgers. Each must be judged row by row or refused with a reason, never crash."""

import csv
import io
import random
import zipfile
from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

import xlsxwriter

from bangfu.intake.failures import BadLedger
from bangfu.intake.kinds import Kind, file_kinds
from bangfu.intake.reading import read_to_choose
from bangfu.intake.staging import check_file

ON = date(2026, 6, 30)
_CELLS: tuple[Any, ...] = (
    "", " ", "无", 0, -1, 1e300, 1.5e17, 12.5, True, "=1+1", "\u200b", "䶮𠅤", "9" * 400, "2026-02-30", "20260230",
    "0000-00-00", "٣٤", "，", "\n", "a\tb", "990522198602140023", "99052219860214002X", "１２３", "null", "#REF!", "-",
)  # fmt: skip


def run(times: int = 1000, seed: int = 7) -> dict[str, Any]:
    """Spoil and judge `times` ledgers of all kinds; raises whatever crashes. Counts the outcomes."""
    chance, outcomes = random.Random(seed), Counter[str]()
    for at in range(times):
        kind = file_kinds()[at % len(file_kinds())]
        outcomes[judge(kind, *spoiled(kind, chance))] += 1
    return {"ledgers": times, **dict(outcomes.most_common())}


def judge(kind: Kind, data: bytes, name: str) -> str:
    """How a file fares: "checked", or the code of its refusal."""
    try:
        _, checked = check_file(kind, name, data, on=ON)
    except BadLedger as error:
        if error.code in ("columns_missing", "header_missing") and kind.columns:
            read_to_choose(data, name, kind.columns)
        return error.code
    checked.report()
    return "checked"


def spoiled(kind: Kind, chance: random.Random) -> tuple[bytes, str]:
    """A ledger of the kind with strange cells and structure, half of them with broken bytes too; and its name."""
    grid = _grid(kind, chance)
    write: Callable[[list[list[Any]], random.Random], bytes] = chance.choice((_xlsx, _ods, _csv))
    data, name = write(grid, chance), {_xlsx: "a.xlsx", _ods: "a.ods", _csv: "a.csv"}[write]
    if chance.random() < 0.5:
        data = _broken(data, chance)
    return data, name if chance.random() < 0.95 else "a.xls"


def _grid(kind: Kind, chance: random.Random) -> list[list[Any]]:
    columns = kind.columns
    if columns is None:
        raise ValueError(kind.code)
    labels: list[Any] = ["序号", *(chance.choice(list(names)) for names in columns.labels.values())]
    rows = [["1", *(columns.example.get(name, "") for name in columns.labels)] for _ in range(chance.randint(0, 12))]
    for row in rows:
        for _ in range(chance.randint(0, 5)):
            row[chance.randrange(len(row))] = chance.choice(_CELLS)
    grid = [labels, *rows]
    deeds: list[Callable[[], Any]] = [
        lambda: grid.insert(0, ["标题"]),
        lambda: grid.append(["合计", 3]),
        lambda: grid.insert(chance.randrange(len(grid) + 1), []),
        lambda: grid.insert(chance.randrange(len(grid) + 1), list(labels)),
        lambda: labels.__setitem__(chance.randrange(len(labels)), chance.choice(_CELLS)),
        lambda: chance.shuffle(grid),
        lambda: labels.append(chance.choice(labels)),
        lambda: [row.pop() for row in grid if row],
        lambda: grid.append([chance.choice(_CELLS) for _ in range(40)]),
    ]
    for _ in range(chance.randint(0, 3)):
        chance.choice(deeds)()
    return grid


def _xlsx(grid: list[list[Any]], chance: random.Random) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as book:
        for number in range(chance.choice((1, 1, 2))):
            sheet = book.add_worksheet(f"S{number}")
            for at, row in enumerate(grid):
                sheet.write_row(at, 0, row)
            if chance.random() < 0.3 and len(grid) > 2:
                sheet.merge_range(1, 1, len(grid) - 1, 1, "合并")
    return target.getvalue()


def _ods(grid: list[list[Any]], chance: random.Random) -> bytes:
    cells = "".join(
        f'<table:table-row table:number-rows-repeated="{chance.choice((1, 1, 1, 2))}">'
        + "".join(_ods_cell(cell) for cell in row)
        + "</table:table-row>"
        for row in grid
    )  # fmt: skip
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces}><office:body><office:spreadsheet>'
        f'<table:table table:name="S">{cells}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return target.getvalue()


def _ods_cell(cell: Any) -> str:
    text = str(cell).replace("&", "&amp;").replace("<", "&lt;")
    return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'


def _csv(grid: list[list[Any]], chance: random.Random) -> bytes:
    target = io.StringIO()
    csv.writer(target, delimiter=chance.choice(",,,\t;")).writerows(grid)
    return target.getvalue().encode(chance.choice(("utf-8", "utf-8-sig", "gb18030", "utf-16")))


def _broken(data: bytes, chance: random.Random) -> bytes:
    spoilt = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        if not spoilt:
            break
        at = chance.randrange(len(spoilt))
        deed = chance.randrange(4)
        if deed == 0:
            spoilt[at] = chance.randrange(256)
        elif deed == 1:
            del spoilt[at : at + chance.randint(1, 40)]
        elif deed == 2:
            spoilt[at:at] = chance.randbytes(chance.randint(1, 20))
        else:
            del spoilt[at:]
    return bytes(spoilt)
