"""Single cells: names, dates, amounts, telephone numbers, as ledgers write them."""

from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bangfu.people.checking.cells import (
    Day,
    each,
    is_name,
    mend_name,
    narrow,
    parse_amount,
    parse_day,
    parse_phone,
)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("马　英", "马英"),
        ("马 英", "马英"),
        (" 马英 ", "马英"),
        ("马\xa0英", "马英"),
        ("张 建国", "张建国"),
        ("买买提•艾力", "买买提·艾力"),
        ("买买提.艾力", "买买提·艾力"),
        ("买买提．艾力", "买买提·艾力"),
        ("买买提・艾力", "买买提·艾力"),
        ("买买提·艾力", "买买提·艾力"),
        ("买买提 · 艾力", "买买提·艾力"),
        ("那顺 巴雅尔", "那顺 巴雅尔"),
        ("王䶮", "王䶮"),
        ("李 𠅤", "李𠅤"),
        ("", ""),
    ],
)
def test_names_are_mended(typed, name):
    assert mend_name(typed) == name
    assert mend_name(mend_name(typed)) == name


@pytest.mark.parametrize(
    "name", ["", "12345", "乌云2", "乌云２", "=HYPERLINK()", "+乌云", "-乌云", "@SUM(A1)", "＝乌云"]
)
def test_what_cannot_be_a_name(name):
    assert not is_name(mend_name(name))


@pytest.mark.parametrize("name", ["乌云", "买买提·艾力", "王䶮", "阿-甲", "A+", "一二"])
def test_what_can_be_a_name(name):
    assert is_name(mend_name(name))


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2020-05-09", date(2020, 5, 9)),
        ("2020-5-9", date(2020, 5, 9)),
        ("2020.05.09", date(2020, 5, 9)),
        ("2020.5.9", date(2020, 5, 9)),
        ("2020/05/09", date(2020, 5, 9)),
        ("20200509", date(2020, 5, 9)),
        ("2020年5月9日", date(2020, 5, 9)),
        ("2020年05月09日", date(2020, 5, 9)),
        ("2020 年 5 月 9 日", date(2020, 5, 9)),
        ("２０２０年５月９日", date(2020, 5, 9)),
        ("2020-05-09 00:00:00", date(2020, 5, 9)),
        ("2020-05-09T08:30:00", date(2020, 5, 9)),
        ("2020/5/9 8:30", date(2020, 5, 9)),
        ("2024-02-29", date(2024, 2, 29)),
        ("2023-02-29", None),
        ("2020.13.45", None),
        ("2026.13.02", None),
        ("20201345", None),
        ("2020-00-09", None),
        ("2020-05-00", None),
        ("1899-12-31", None),
        ("2101-01-01", None),
        ("2020", None),
        ("05/09/2020", None),
        ("20-05-09", None),
        ("五月九日", None),
        ("43960", None),
        ("2020-05-09-01", None),
        ("", None),
    ],
)
def test_days(typed, day):
    assert parse_day(narrow(typed)) == (Day(day, "day") if day else None)


@pytest.mark.parametrize(
    ("typed", "day", "last"),
    [
        ("2019-03", date(2019, 3, 1), date(2019, 3, 31)),
        ("2019-3", date(2019, 3, 1), date(2019, 3, 31)),
        ("2019年3月", date(2019, 3, 1), date(2019, 3, 31)),
        ("2019年03月", date(2019, 3, 1), date(2019, 3, 31)),
        ("2019.02", date(2019, 2, 1), date(2019, 2, 28)),
        ("2024/2", date(2024, 2, 1), date(2024, 2, 29)),
        ("201903", date(2019, 3, 1), date(2019, 3, 31)),
    ],
)
def test_months(typed, day, last):
    found = parse_day(narrow(typed))
    assert found == Day(day, "month")
    assert found.last == last


@pytest.mark.parametrize("typed", ["2019-13", "2019年0月", "201913", "2019-", "19-03"])
def test_what_is_no_month(typed):
    assert parse_day(narrow(typed)) is None


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("4500", "4500"),
        ("4,500", "4500"),
        ("4，500", "4500"),
        ("4500元", "4500"),
        ("4,500.50元", "4500.50"),
        ("１２３", "123"),
        ("¥4500", "4500"),
        ("0", "0"),
        ("-12.5", "-12.5"),
        ("1,234,567.89", "1234567.89"),
        (" 4 500 ", "4500"),
        ("4千5", None),
        ("45,00", None),
        ("1.2万", None),
        ("4500-6000", None),
        ("4500元/月", None),
        ("约4500", None),
        ("1E5", None),
        ("面议", None),
        ("99999999999", None),
        ("", None),
    ],
)
def test_amounts(typed, amount):
    assert parse_amount(narrow(typed)) == (None if amount is None else Decimal(amount))


@pytest.mark.parametrize(
    ("typed", "is_good"),
    [
        ("13800000000", True),
        ("19900000000", True),
        ("12800000000", False),
        ("1381234567", False),
        ("138123456789", False),
        ("0475-8212345", False),
        ("138-0000-0000", False),
        ("+8613800000000", False),
    ],
)
def test_phones(typed, is_good):
    assert parse_phone(typed) == (typed if is_good else None)


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_every_spelling_of_a_day_is_that_day(day):
    for spelling in ("%Y-%m-%d", "%Y.%m.%d", "%Y/%m/%d", "%Y%m%d", "%Y年%m月%d日", "%Y-%m-%d 00:00:00"):
        text = day.strftime(spelling) if day.year >= 1000 else ""
        if text[:2] in ("19", "20") or spelling != "%Y%m%d":
            assert parse_day(narrow(text)) == Day(day, "day")


@given(st.decimals(-9_999_999, 9_999_999, places=2))
def test_an_amount_is_read_back_with_and_without_commas(amount):
    assert parse_amount(f"{amount:f}") == amount
    assert parse_amount(f"{amount:,f}元") == amount


@given(st.text(max_size=20))
def test_no_text_breaks_a_parser(text):
    for parser in (
        mend_name,
        lambda typed: parse_day(narrow(typed)),
        lambda typed: parse_amount(narrow(typed)),
    ):
        parser(text)


@given(st.lists(st.one_of(st.none(), st.text("0123456789元,", max_size=6))))
def test_a_column_is_answered_as_its_cells(texts):
    found = each(pl.Series(texts, dtype=pl.String), parse_phone, pl.String).to_list()
    assert found == [None if text is None else parse_phone(text) for text in texts]
