"""Check a ledger of vacancies by column, without a database."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

import polars as pl

from bangfu.employers.fairness import unfair_words
from bangfu.intake.checked import Checked, checked
from bangfu.intake.tables import Columns, Sheet
from bangfu.people.checking import columns
from bangfu.people.checking.cells import each, from_list, parse_amount, parse_phone, tidy
from bangfu.people.checking.days import parsed_days
from bangfu.people.checking.frame import MONEY, Ledger, optional_text
from bangfu.people.checking.jobs import usccs_of, wage
from bangfu.people.checking.places import CountyLookup, work_places
from bangfu.people.checking.repeats import Comparison

POSTS = Columns(
    labels={
        "employer": ("单位名称", "用人单位", "企业名称", "招聘单位", "公司名称"),
        "uscc": ("统一社会信用代码", "社会信用代码", "信用代码"),
        "title": ("岗位名称", "招聘岗位", "岗位", "职位", "职位名称", "工种"),
        "occupation": ("职业代码", "职业编码"),
        "headcount": ("招聘人数", "需求人数", "人数", "岗位数"),
        "wage_low": ("月薪下限", "月薪下限(元)", "最低月薪", "工资下限"),
        "wage_high": ("月薪上限", "月薪上限(元)", "最高月薪", "工资上限"),
        "work_province": ("工作省", "工作省份", "工作地省"),
        "work_city": ("工作市", "工作地市"),
        "work_county": ("工作县", "工作县区", "工作旗县", "工作县(市、区)", "工作地县"),
        "education": ("学历要求", "文化程度要求", "学历"),
        "level": ("技能等级", "技能等级要求"),
        "age_low": ("年龄下限", "最低年龄"),
        "age_high": ("年龄上限", "最高年龄"),
        "requirements": ("任职要求", "岗位要求", "招聘要求", "任职条件", "其他要求"),
        "lodging": ("食宿", "食宿情况", "食宿条件"),
        "insured": ("缴纳社保", "是否缴纳社保", "社保"),
        "contact": ("联系人",),
        "phone": columns.PHONE,
        "valid_until": ("有效期至", "截止日期", "招聘截止日期", "截止时间", "有效期"),
    },
    required=frozenset({"employer", "uscc", "title", "headcount"}),
    values={"insured": tuple(columns.YES_NO), "education": ("不限", *columns.EDUCATION)},
    dates=frozenset({"valid_until"}),
    amounts=frozenset({"wage_low", "wage_high"}),
    texts=columns.TEXTS,
    example={
        "employer": "某食品有限公司",
        "uscc": "91350100M000100Y43",
        "title": "包装工",
        "headcount": "20",
        "wage_low": "4500",
        "wage_high": "6000",
        "work_province": "内蒙古自治区",
        "work_city": "通辽市",
        "work_county": "科尔沁区",
        "education": "不限",
        "insured": "是",
        "valid_until": "2026-12-31",
    },
)
EDUCATION = {
    "不限": "",
    "无要求": "",
    "中专": "senior",
    "中职": "senior",
    "技校": "senior",
    "中技": "senior",
    "高职": "college",
    "专科": "college",
    "本科": "bachelor",
    "硕士": "bachelor",
    "研究生": "bachelor",
    "博士": "bachelor",
    "文盲": "illiterate",
    **columns.EDUCATION,
}
"""The least education asked for; an empty code asks for none."""
LEVELS = {
    "不限": 0,
    "无要求": 0,
    "无": 0,
    **dict.fromkeys(("初级工", "初级", "五级", "五级工", "五级/初级工"), 5),
    **dict.fromkeys(("中级工", "中级", "四级", "四级工", "四级/中级工"), 4),
    **dict.fromkeys(("高级工", "高级", "三级", "三级工", "三级/高级工"), 3),
    **dict.fromkeys(("技师", "二级", "二级/技师"), 2),
    **dict.fromkeys(("高级技师", "一级", "一级/高级技师"), 1),
}
"""National skill levels: 5 is the lowest, 1 the highest; 0 asks for none (policy.md B11)."""
MOST_PLACES = 100_000
OLDEST = 150
TEXTS = ("employer", "title", "requirements", "lodging", "contact")
COMPARED = (
    "uscc",
    *TEXTS,
    "occupation",
    "headcount",
    "wage_low",
    "wage_high",
    "place",
    "education",
    "level",
    "age_low",
    "age_high",
    "insured",
    "phone",
    "valid_until",
)
_occupation = re.compile(r"^[1-8]-\d{2}-\d{2}-\d{2}$", re.ASCII)


class PostRegister(Protocol):
    """Vacancies by the social credit code of their employer."""

    def posts(self, usccs: Sequence[str]) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """The open vacancies of these employers; values by column name, a column left out is not compared."""
        ...


class NoPosts:
    """A register without vacancies."""

    def posts(self, usccs: Sequence[str]) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """None."""
        return {}


def check_posts(
    sheets: Sequence[Sheet], divisions: CountyLookup, on: date, register: PostRegister | None = None
) -> Checked:
    """Check the rows of a ledger of vacancies.

    `rows` has: row, uscc, employer, title, requirements, lodging, contact (texts), occupation (code),
    headcount, wage_low and wage_high (yuan a month), place (county code), education (code, "" for none
    asked), level (5 the lowest to 1, 0 for none asked), age_low, age_high (years), insured (boolean),
    phone, valid_until (the last day).
    """
    ledger = Ledger(sheets, POSTS)
    values = pl.DataFrame(
        [
            ledger.texts["row"],
            usccs_of(ledger, "rejected"),
            *(each(ledger.text(name), lambda text: optional_text(tidy(text)), pl.String) for name in TEXTS),
            ledger.parsed("occupation", _occupation_code, pl.String, "occupation_unknown"),
            ledger.parsed("headcount", _places, pl.Int32, None),
            *(ledger.parsed(name, wage, MONEY, "number_invalid") for name in ("wage_low", "wage_high")),
            work_places(ledger, divisions),
            ledger.parsed("education", _education, pl.String, "value_unknown"),
            ledger.parsed("level", LEVELS.get, pl.Int8, "value_unknown"),
            *(ledger.parsed(name, _years, pl.Int16, "number_invalid") for name in ("age_low", "age_high")),
            ledger.parsed("insured", from_list(columns.YES_NO), pl.Boolean, "value_unknown"),
            ledger.phone("phone", parse_phone),
            _last_days(ledger),
        ]
    )
    _check_rules(ledger, values, on)
    _find_repeats(ledger, values, register or NoPosts())
    return checked(values, ledger.findings)


def _check_rules(ledger: Ledger, values: pl.DataFrame, on: date) -> None:
    ledger.find(values["headcount"].is_null(), "headcount_invalid", "rejected", "headcount")
    low, high = values["wage_low"], values["wage_high"]
    ledger.find((low > high) | (high == Decimal(0)), "wage_range_invalid", "rejected", "wage_low")
    ledger.find(values["valid_until"] < on, "expired", "warned", "valid_until")
    unfair = {text: unfair_words(text) for text in values["requirements"].drop_nulls().unique().to_list()}
    for at, text in enumerate(values["requirements"].to_list()):
        if text is not None and unfair[text]:
            ledger.find_at(at, "discriminatory", "rejected", "requirements", {"words": unfair[text]})


def _find_repeats(ledger: Ledger, values: pl.DataFrame, register: PostRegister) -> None:
    """A vacancy is repeated when all its cells are equal; a vacancy with other values is another one."""
    codes: list[str | None] = values["uscc"].to_list()
    known = register.posts(sorted({code for code in codes if code}))
    comparison = Comparison(ledger, values, COMPARED)
    names, rejected = ledger.texts["row"].to_list(), ledger.rejected()
    firsts: dict[tuple[Any, ...], list[int]] = {}
    for at, (code, key) in enumerate(zip(codes, values.select("uscc", "title").rows(), strict=True)):
        alike = [first for first in firsts.get(key, ()) if comparison.alike(first, at)]
        if alike:
            ledger.find_at(at, "duplicate_row", "warned", "", {"first": names[alike[0]]})
        elif any(comparison.as_known(at, post) for post in known.get(code or "", ())):
            ledger.find_at(at, "duplicate_row", "warned", "")
        elif names[at] not in rejected:
            firsts.setdefault(key, []).append(at)


def _last_days(ledger: Ledger) -> pl.Series:
    """The last day a vacancy is open: of a month alone, the month's last."""
    days = [found and found.last for found in parsed_days(ledger, "valid_until")]
    series = pl.Series("valid_until", days, dtype=pl.Date)
    ledger.find(ledger.is_filled("valid_until") & series.is_null(), "date_invalid", "warned", "valid_until")
    return series


def _occupation_code(text: str) -> str | None:
    return text if _occupation.match(text) else None


def _education(text: str) -> str | None:
    return EDUCATION.get(text, EDUCATION.get(text.removesuffix("学历").removesuffix("及以上").removesuffix("以上")))


def _whole(text: str, most: int) -> int | None:
    amount = parse_amount(text)
    return int(amount) if amount is not None and amount == int(amount) and 0 < amount <= most else None


def _places(text: str) -> int | None:
    return _whole(text, MOST_PLACES)


def _years(text: str) -> int | None:
    return _whole(text.removesuffix("周岁").removesuffix("岁"), OLDEST)
