"""Finding counties and villages by the names of ledgers, on real divisions."""

import csv
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bangfu.divisions import naming
from bangfu.divisions.naming import Ambiguous, DivisionIndex, Found, Unknown

DATA = Path(__file__).parents[2] / "bangfu" / "divisions" / "data"
ALL = pl.read_parquet(DATA / "divisions.parquet")
with (DATA / "aliases.csv").open(encoding="utf-8") as file:
    ALIASES = [(row["alias"], row["code"]) for row in csv.DictReader(file)]
HOME = "150522000000"
INDEX = DivisionIndex(
    ALL.filter((pl.col("level") <= naming.COUNTY) | pl.col("code").str.starts_with("150522")).iter_rows(),
    ALIASES,
)
VILLAGES = ALL.filter(pl.col("code").str.starts_with("150522") & (pl.col("level") == naming.VILLAGE))
TOWNS = dict(
    ALL.filter(pl.col("code").str.starts_with("150522") & (pl.col("level") == naming.TOWN))
    .select(pl.col("code").str.slice(0, 9), "name")
    .iter_rows()
)


def test_the_file_holds_all_five_levels_sorted_by_code():
    counts = dict(ALL.group_by("level").len().iter_rows())
    assert counts == {1: 31, 2: 342, 3: 2975, 4: 41351, 5: 620572}
    assert ALL["code"].is_sorted()
    assert ALL["code"].n_unique() == len(ALL)
    assert set(ALL["code"].str.len_chars().unique()) == {12}


def test_every_alias_names_a_division_and_does_not_hide_a_real_name():
    names = set(ALL.filter(pl.col("level") <= naming.COUNTY)["name"])
    codes = set(ALL["code"])
    assert [alias for alias, code in ALIASES if code not in codes or alias in names] == []


@pytest.mark.parametrize(
    ("province", "city", "county", "code"),
    [
        ("", "通辽市", "科尔沁左翼后旗", HOME),
        (None, "通辽市", "科尔沁左翼后旗", HOME),
        ("内蒙古自治区", "通辽市", "科尔沁左翼后旗", HOME),
        ("内蒙古", "通辽", "科左后旗", HOME),
        ("", "", "科左后旗", HOME),
        ("", "哲里木盟", "左后", HOME),
        (" 内蒙古 自治区", "通辽市\u3000", " 科尔沁左翼后旗", HOME),
        ("", "通辽市", "内蒙古自治区通辽市科尔沁左翼后旗", None),
        ("内蒙古自治区", "通辽市", "内蒙古自治区通辽市科尔沁左翼后旗", HOME),
        ("天津市", "天津市", "和平区", "120101000000"),
        ("天津市", "市辖区", "和平区", "120101000000"),
        ("天津", "", "和平", "120101000000"),
        ("辽宁省", "沈阳市", "和平区", "210102000000"),
        ("重庆市", "重庆市", "城口县", "500229000000"),
        ("重庆市", "县", "城口县", "500229000000"),
        ("河南省", "济源市", "济源市", "419001000000"),
        ("河南省", "省直辖县级行政区划", "济源市", "419001000000"),
        ("新疆", "", "石河子市", "659001000000"),
        ("广东省", "东莞市", "", "441900000000"),
        ("广东省", "东莞市", "东莞市", "441900000000"),
        ("", "", "莫旗", "150722000000"),
        ("吉林省", "延边朝鲜族自治州", "敦化市", "222403000000"),
        ("吉林", "延边州", "敦化", "222403000000"),
        ("上海", "上海", "浦东", "310115000000"),
        ("广西", "南宁", "武鸣", "450110000000"),
        ("内蒙古自治区", "通辽市", "某某县", None),
        ("浙江省", "通辽市", "开鲁县", None),
        ("内蒙古自治区", "通辽市", "", None),
        ("内蒙古自治区", "", "", None),
        ("某省", "通辽市", "开鲁县", None),
        ("", "", "", None),
    ],
)
def test_counties(province, city, county, code):
    assert INDEX.county(province, city, county) == (Found(code) if code else Unknown())


def test_a_county_name_that_stands_twice_is_ambiguous_and_named():
    found = INDEX.county("", "", "和平区")
    assert isinstance(found, Ambiguous)
    assert found.candidates == (("120101000000", "和平区"), ("210102000000", "和平区"))


def test_the_exact_name_comes_before_the_stem():
    assert INDEX.county("新疆维吾尔自治区", "", "伊宁县") == Found("654021000000")
    assert INDEX.county("新疆维吾尔自治区", "", "伊宁市") == Found("654002000000")
    assert isinstance(INDEX.county("新疆维吾尔自治区", "", "伊宁"), Ambiguous)


@pytest.mark.parametrize(
    ("town", "village", "code"),
    [
        ("甘旗卡镇", "准协日勒台嘎查", "150522100227"),
        ("甘旗卡镇", "准协日勒台", "150522100227"),
        ("甘旗卡", "准协日勒台", "150522100227"),
        ("甘旗卡镇", "准协日勒台村", "150522100227"),
        ("甘旗卡镇", "准协日勒台嘎查村民委员会", "150522100227"),
        ("散都苏木", "公河来", "150522203206"),
        ("散都", "公河来村民委员会", "150522203206"),
        ("散都苏木", "公河来嘎查", "150522203206"),
        ("散都镇", "散都", "150522203200"),
        ("金宝屯镇", "金宝屯村委会", "150522102200"),
        ("金宝屯镇", "金宝屯社区居委会", "150522102004"),
        ("金宝屯镇", " 金宝屯 村委会", "150522102200"),
        ("散都苏木", "准协日勒台嘎查", None),
        ("没有镇", "公河来村委会", None),
        ("散都苏木", "不存在的嘎查", None),
        ("散都苏木", "嘎查", None),
        ("散都苏木", "", None),
        ("", "公河来村委会", None),
        (None, None, None),
    ],
)
def test_villages(town, village, code):
    assert INDEX.village(HOME, town, village) == (Found(code) if code else Unknown())


@pytest.mark.parametrize("village", ["金宝屯", "金宝屯村", "金宝屯嘎查"])
def test_a_village_that_fits_two_is_ambiguous_and_named(village):
    found = INDEX.village(HOME, "金宝屯镇", village)
    assert found == Ambiguous((("150522102004", "金宝屯社区居委会"), ("150522102200", "金宝屯村委会")))


def test_a_town_name_that_fits_two_is_settled_by_the_village():
    index = DivisionIndex(
        [
            ("990522000000", "某县", 3),
            ("990522100000", "白山镇", 4),
            ("990522200000", "白山乡", 4),
            ("990522100201", "东村村委会", 5),
            ("990522200201", "西村村委会", 5),
            ("990522100202", "南村村委会", 5),
            ("990522200202", "南村村委会", 5),
        ]
    )
    assert index.village("990522000000", "白山", "西村") == Found("990522200201")
    assert isinstance(index.village("990522000000", "白山", "南村"), Ambiguous)
    assert index.village("990522000000", "白山乡", "南村") == Found("990522200202")


@given(st.sampled_from(VILLAGES.select("code", "name").rows()))
def test_every_village_is_found_by_its_own_name(row):
    code, name = row
    assert INDEX.village(HOME, TOWNS[code[:9]], name) == Found(code)


@given(st.sampled_from(VILLAGES.select("code", "name").rows()), st.sampled_from(naming.VILLAGE_ENDINGS))
def test_another_ending_finds_it_or_asks_but_never_finds_another(row, ending):
    code, name = row
    short = min(naming.village_forms(name), key=len)
    found = INDEX.village(HOME, TOWNS[code[:9]], short + ending)
    if isinstance(found, Found):
        assert found.code == code or INDEX.names[found.code] == short + ending
    else:
        assert isinstance(found, Ambiguous)
        assert code in dict(found.candidates)


@given(st.text(max_size=12))
def test_no_text_breaks_the_search(text):
    assert isinstance(INDEX.county(text, text, text), Found | Unknown | Ambiguous)
    assert isinstance(INDEX.village(HOME, "甘旗卡镇", text), Found | Unknown | Ambiguous)
