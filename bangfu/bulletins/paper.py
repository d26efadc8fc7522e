"""The official paper of a month: the same figures in the wording of a Chinese public notice.

The paper is a Chinese document whatever the reader's language, so its words stand here and are not translated.
Number, issuer and day of issue are left to the office.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bangfu.bulletins.queries import BASE, Bulletin
from bangfu.bulletins.words import pace_of
from bangfu.divisions.ranges import COUNTY, PREFECTURE, PROVINCE, TOWN, level_of
from bangfu.rulebook.figures import Figure

_NOBODY = "——"
_WHOLES = ("街道", "苏木", "嘎查", "社区", "省", "市", "县", "旗", "区", "镇", "乡", "村")
_READERS = {
    PROVINCE: "各盟行政公署、市人民政府，各有关单位：",
    PREFECTURE: "各旗县（市、区）人民政府，各有关单位：",
    COUNTY: "各乡镇人民政府、街道办事处，各有关单位：",
    TOWN: "各行政村（社区）：",
}
_ON_TIME = (
    ("I12", "需求摸排", "24小时内完成"), ("I13", "首轮服务", "7个工作日内完成"), ("I14", "三个月去向", "按期办结"),
)  # fmt: skip
_TABLE = (
    ("I5", "务工就业率"), ("I9", "稳定就业率"), ("I13", "首轮服务及时率"), ("I16", "动态清零率"),
)  # fmt: skip


@dataclass(frozen=True)
class Paper:
    """A page of paper: title, addressees ("" for none), numbered paragraphs as (heading, text), rows of its table."""

    title: str
    readers: str
    opening: str
    paragraphs: Sequence[tuple[str, str]]
    rows: Sequence[tuple[str, str, str, str]]
    is_draft: bool


def paper_of(found: Bulletin, name: str, on: date) -> Paper:
    """The paper of a bulletin for the division `name`; `on` is the day whose end the figures stand for."""
    month = f"{found.month.year}年{found.month.month}月"
    day = f"{on.year}年{on.month}月{on.day}日"
    return Paper(
        title=f"关于{month}脱贫劳动力就业帮扶工作情况的通报",
        readers=_READERS.get(level_of(found.division), ""),
        opening=f"现将截至{day}{name}脱贫劳动力（含监测帮扶对象）就业帮扶工作情况通报如下。",
        paragraphs=(
            ("一、就业情况。", _work(found, _whole(name))),
            ("二、就业质量。", _quality(found)),
            ("三、帮扶服务。", _service(found)),
        ),
        rows=_rows(found),
        is_draft=not found.is_final,
    )


def _whole(name: str) -> str:
    return "全" + next((end for end in _WHOLES if name.endswith(end)), "域")


def _work(found: Bulletin, whole: str) -> str:
    base = found.figures.get(BASE)
    if base is None:
        return "本月无就业指标。"
    parts = [f"{whole}务工就业{_plain(base.value)}人"]
    share, pace = found.completion(), pace_of(found)
    if share is not None and found.target is not None and pace.ahead is not None:
        parts.append(f"完成年度目标任务{_plain(found.target.value)}人的{share}%，{_paced(pace.ahead)}")
    parts.append(_change(found))
    first = "，".join(part for part in parts if part) + "。"
    rates = [("I5", "务工就业率"), ("I6", "有就业意愿人员就业率")]
    places = [("I7a", "省外务工"), ("I7b", "省内县外务工"), ("I7c", "县内就业")]
    return (
        first
        + _listed(_rate(found, code, words) for code, words in rates)
        + _listed(_placed(found, code, words) for code, words in places)
    )


def _paced(ahead: Decimal) -> str:
    if ahead == 0:
        return "与时序进度持平"
    return f"{'快于' if ahead > 0 else '慢于'}时序进度{abs(ahead)}个百分点"


def _change(found: Bulletin) -> str:
    change, growth = found.figures.get("I4"), found.figures.get("I4b")
    if change is None or change.value is None:
        return ""
    if change.value == 0:
        return "与上月末持平"
    words = f"较上月末{'增加' if change.value > 0 else '减少'}{_plain(abs(change.value))}人"
    if growth is None or growth.value is None:
        return words
    return f"{words}，环比{'增长' if growth.value >= 0 else '下降'}{abs(growth.value)}%"


def _quality(found: Bulletin) -> str:
    parts = [_rate(found, "I9", "稳定就业率"), _rate(found, "I10", "参保率")]
    wage = found.figures.get("I11")
    if wage is not None and wage.value is not None:
        parts.append(f"在岗人员平均月收入{_plain(wage.value)}元")
    return _listed(parts) or "本月无可统计数据。"


def _service(found: Bulletin) -> str:
    parts = [_timely(found, *one) for one in _ON_TIME]
    parts += [_rate(found, "I15", "“131”服务覆盖率"), _rate(found, "I16", "动态清零率")]
    left, families = found.figures.get("I16b"), found.figures.get("I17")
    if left is not None:
        parts.append(f"期末逾期未清零{_plain(left.value)}人")
    if families is not None:
        parts.append(f"零就业家庭{_plain(families.value)}户")
    return _listed(parts) or "本月无可统计数据。"


def _timely(found: Bulletin, code: str, words: str, done: str) -> str:
    figure = found.figures.get(code)
    if figure is None or figure.value is None:
        return ""
    return f"应完成{words}{_plain(figure.denominator)}件，{done}{_plain(figure.numerator)}件，及时率{figure.value}%"


def _rate(found: Bulletin, code: str, words: str) -> str:
    figure = found.figures.get(code)
    return f"{words}{figure.value}%" if figure is not None and figure.value is not None else ""


def _placed(found: Bulletin, code: str, words: str) -> str:
    figure = found.figures.get(code)
    if figure is None or figure.value is None:
        return ""
    return f"{words}{_plain(figure.numerator)}人、占{figure.value}%"


def _listed(parts: Iterable[str]) -> str:
    said = [part for part in parts if part]
    return "；".join(said) + "。" if said else ""


def _rows(found: Bulletin) -> list[tuple[str, str, str, str]]:
    """Rows of the paper's table: indicator, this month, target or base, share."""
    rows = []
    base, target, share = found.figures.get(BASE), found.target, found.completion()
    if base is not None:
        goal = _plain(target.value) if target else _NOBODY
        rows.append(("务工就业人数", _plain(base.value), goal, f"{share}%" if share is not None else _NOBODY))
    for code, words in _TABLE:
        figure = found.figures.get(code)
        if figure is not None:
            rows.append((words, _plain(figure.numerator), _plain(figure.denominator), _shared(figure)))
    return rows


def _shared(figure: Figure) -> str:
    return f"{figure.value}%" if figure.value is not None else _NOBODY


def _plain(number: int | Decimal | None) -> str:
    return _NOBODY if number is None else f"{number:,}"
