"""Made-up persons, and what goes wrong in the rows of rosters and job ledgers."""

from datetime import date, timedelta

from tests.ledgers_reference.reference import check_sign
from tests.ledgers_reference.vacancies import credit_code

FAMILY = "王李张刘陈白包韩齐"
GIVEN = "秀芳娟敏静丽强磊军洋勇艳杰涛明超霞平刚桂䶮𠅤"
LONG_NAMES = ("乌云其木格", "那顺巴雅尔", "阿拉坦其其格", "古丽娜尔·阿不都热西提", "艾合买提·玉素甫")
RELATIONS = ("户主", "配偶", "之子", "之女", "之父", "之母")
AMBIGUOUS = ("金宝屯", "甘旗卡")
BAD_DATES = ("2020.13.45", "2019-02-30", "去年", "20201345", "2020年13月", "2019-00")


def identity(born, order):
    """A good ID number."""
    body = f"990522{born}{order:03}"
    return body + check_sign(body)


class Person:
    """A man or woman of 18 to 60 with a number of its own."""

    def __init__(self, chance, sequence):
        self.chance, self.sequence = chance, sequence
        self.born = date(1966, 7, 1) + timedelta(days=chance.randrange(15000))

    def cells(self):
        """The personal cells of a good row."""
        pick = self.chance.choice
        name = pick(LONG_NAMES) if self.chance.random() < 0.3 else pick(FAMILY) + pick(GIVEN)
        if self.chance.random() < 0.3 and len(name) == 2:
            name += pick(GIVEN)
        return {
            "姓名": name,
            "性别": "男" if self.sequence % 2 else "女",
            "证件号码": identity(self.born.strftime("%Y%m%d"), self.sequence),
            "年龄": 2026 - self.born.year,
            "与户主关系": pick(RELATIONS),
            "民族": pick(("蒙古族", "汉族", "回族", "满族")),
            "文化程度": pick(("文盲或半文盲", "小学", "初中", "高中", "大专", "本科及以上")),
            "健康状况": pick(("健康", "健康", "长期慢性病", "患有大病", "残疾")),
            "劳动技能": pick(("普通劳动力", "技能劳动力", "弱劳动力或半劳动力", "丧失劳动力", "无劳动力")),
            "就业意愿": pick(("是", "否")),
            "培训意愿": pick(("是", "否")),
            "联系电话": f"1{self.chance.randrange(3, 10)}{self.chance.randrange(10**9):09}",
        }


def mended_number(chance, row):
    """The same ID, untidy."""
    number = row["证件号码"]
    if not isinstance(number, str) or len(number) != 18:
        return number
    forms = (
        number.lower(),
        f" '{number[:6]} {number[6:14]} {number[14:]}\xa0",
        "".join(chr(ord(sign) + 0xFEE0) for sign in number),
        f"{number}43",
        f"’{number}",
        f"\t{number}　",
    )
    return chance.choice(forms)


def mended_name(chance, row):
    """The same name, untidy."""
    name = str(row["姓名"])
    if len(name) == 2:
        return name[0] + chance.choice((" ", "　", "  ")) + name[1]
    return name.replace("·", chance.choice("•．.・"))


def mended_day(chance, row):
    """The same day in other words, for day cells only."""
    day = row["识别(纳入)时间"]
    if not isinstance(day, date):
        return day
    forms = (
        f"{day:%Y.%m.%d}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y%m%d}",
        f"{day:%Y/%m/%d}",
        f"{day.year}/{day.month}/{day.day}",
        int(f"{day:%Y%m%d}"),
        f"{day:%Y-%m-%d}",
    )
    return chance.choice(forms)


def mended_amount(chance, row):
    """The same amount as text, for number cells only."""
    value = row["人均纯收入(元)"]
    if not isinstance(value, int):
        return value
    return chance.choice((f"{value:,}", f"{value}元", f"{value:,}元", f"{value}.00"))


def village_words(chance, row):
    """Another word for the village: without its ending, with another one, or one that does not exist."""
    name = row["行政村"]
    for ending in ("村民委员会", "村委会", "居委会", "嘎查", "社区", "村"):
        if name.endswith(ending) and len(name) > len(ending) + 1:
            name = name.removesuffix(ending)
            break
    return name + chance.choice(("", "", "村", "嘎查", "社区", "村委会", "居委会", "村民委员会"))


def spoil_person(chance, rows, towns):
    """The rows with defects, one or several a row, and repeats and conflicts among them."""
    wrong = {
        "证件号码": lambda row: wrong_number(chance, row),
        "姓名": lambda row: chance.choice(("", "12345", "=SUM(A1)", "+王", "-李", "@SUM(A1)", "王3", "张２")),
        "行政村": lambda row: chance.choice(("不存在的嘎查", "", "没有的村", row["乡镇"][:-1], *AMBIGUOUS)),
        "乡镇": lambda row: chance.choice(("", "没有镇", "金宝屯镇", "甘旗卡镇")),
        "县(市、区)": lambda row: chance.choice(("没有县", "科左后旗", "科尔沁左后旗", "左后")),
        "性别": lambda row: chance.choice(("男", "女", "不详", "")),
        "联系电话": lambda row: chance.choice(("无", "", "1381234567", "0475-8212345转", "12345678901", 13812345678)),
        "文化程度": lambda row: chance.choice(("很高", "硕士", "", "小学")),
        "健康状况": lambda row: chance.choice(("一般", "健康")),
        "劳动技能": lambda row: chance.choice(("有", "技能劳动力")),
        "户类型": lambda row: chance.choice(("贫困户", "脱贫户")),
        "就业意愿": lambda row: chance.choice(("不想", "是", "")),
        "识别(纳入)时间": lambda row: chance.choice((*BAD_DATES, "", "2019-03", "2019年3月")),
        "人均纯收入(元)": lambda row: chance.choice(("4,500", "4500元", "4千5", "很多", "", 4500.5)),
    }
    untidy = {
        "证件号码": mended_number,
        "姓名": mended_name,
        "识别(纳入)时间": mended_day,
        "人均纯收入(元)": mended_amount,
        "行政村": village_words,
    }
    for row in rows:
        for field in chance.sample(sorted(wrong), chance.choice((0, 0, 0, 1, 1, 2, 3))):
            row[field] = wrong[field](row)
        if chance.random() < 0.04:
            row["乡镇"], row["行政村"] = chance.choice((("金宝屯镇", "金宝屯"), ("甘旗卡镇", "甘旗卡村")))
        for field in chance.sample(sorted(untidy), chance.choice((0, 0, 1, 1, 2))):
            row[field] = untidy[field](chance, row)
    return repeated(chance, rows, towns, untidy)


def wrong_number(chance, row):
    """A number that cannot be used, or a born one that just can."""
    number = row["证件号码"]
    if not isinstance(number, str) or len(number) != 18:
        return number
    last = str((int(number[17].replace("X", "4")) + 1) % 10)
    order = int(number[14:17])
    return chance.choice(
        (
            "",
            "无",
            float(number[:17] + "0"),
            "9.90522E+17",
            "1.5E+17",
            f"9.90522{number[6:15]}E+17",
            "9.9052e17",
            number[:6] + number[8:17],
            float(number[:6] + number[8:17]),
            number[:17] + last,
            number[:17],
            number + "1",
            identity("19830231", order),
            identity("20260701", order),
            identity("20260630", order),
            identity("20301301", order),
            number[:17] + last + "43",
            "不清楚",
        )
    )


def repeated(chance, rows, towns, untidy):
    """Rows again: the same, tidied otherwise, with other values, under another name; anywhere in the file."""
    for row in chance.sample(rows, 14):
        for _ in range(chance.choice((1, 1, 2))):
            again = dict(row)
            change = chance.choice(("same", "mended", "other", "other", "name", "village", "bad name"))
            if change == "mended":
                for field, mend in untidy.items():
                    again[field] = mend(chance, again)
            elif change == "other":
                again[chance.choice(("文化程度", "民族", "人均纯收入(元)"))] = chance.choice(("小学", "汉族", "7000"))
            elif change == "name":
                again["姓名"] = str(again["姓名"]) + "甲"
            elif change == "village":
                again["行政村"] = chance.choice(("不存在的嘎查", towns.get(row["乡镇"], ["无"])[0]))
            rows.insert(chance.randrange(len(rows)) if chance.random() < 0.5 else len(rows), again)
    return rows


def spoil_job(chance, people, counties):
    """Rows of a job ledger with defects, and the register {ID: name} behind it."""
    register = {person["证件号码"]: person["姓名"] for person in people[3:]}
    rows = [job(chance, person, counties) for person in people]
    wrong = {
        "证件号码": lambda row: wrong_number(chance, row),
        "姓名": lambda row: "阿甲乙",
        "就业状态": lambda row: chance.choice(("在岗", "未就业", "")),
        "开始时间": lambda row: chance.choice(
            ("2026.13.02", "", "2027-08-04", date(2026, 7, 1), date(2026, 6, 30), "2025年3月", "2026-07", "上月")
        ),
        "结束时间": lambda row: chance.choice(("2026.5.31", "月底", "2026-05")),
        "务工县": lambda row: chance.choice(("某某县", "", "鼓楼区", "铁西区", "开鲁县")),
        "务工市": lambda row: chance.choice(("", "沈阳市", "没有市")),
        "务工省": lambda row: chance.choice(("广东省", "", "外国")),
        "月收入(元)": lambda row: chance.choice(("4千5", "4,500", "4500元", "")),
        "期望月薪": lambda row: chance.choice(("面谈", "", "5000")),
        "统一社会信用代码": lambda row: chance.choice(("9111010544882717XP", "", "123", credit_code(chance))),
        "就业意愿": lambda row: chance.choice(("不想", "")),
        "培训意愿": lambda row: chance.choice(("随便", "是")),
    }
    for row in rows:
        for field in chance.sample(sorted(wrong), chance.choice((0, 0, 0, 1, 1, 2, 3))):
            row[field] = wrong[field](row)
        if chance.random() < 0.2:
            row["证件号码"], row["姓名"] = mended_number(chance, row), mended_name(chance, row)
    for row in chance.sample(rows, 10):
        for _ in range(chance.choice((1, 1, 2))):
            change = chance.choice(({}, {}, {"月收入(元)": 3333}, {"开始时间": "2020-01-05"}, {"姓名": "阿甲乙"}))
            rows.append({**row, **change})
    return rows, register


def job(chance, person, counties):
    """A good row: somebody at work, or without work with a wish."""
    works = chance.random() < 0.65
    province, city, county = chance.choice(counties) if works else ("", "", "")
    start = date(2024, 1, 1) + timedelta(days=chance.randrange(880))
    return {
        "姓名": person["姓名"],
        "证件号码": person["证件号码"],
        "就业状态": "已就业" if works else "未就业",
        "就业形式": chance.choice(("单位就业", "灵活就业")) if works else "",
        "务工省": province,
        "务工市": city,
        "务工县": county,
        "单位名称": f"合成{chance.randrange(60):02}有限公司" if works else "",
        "统一社会信用代码": credit_code(chance) if works else "",
        "岗位(工种)": chance.choice(("电工", "焊工", "保安员")) if works else "",
        "开始时间": start if works else "",
        "结束时间": start + timedelta(days=200) if works and chance.random() < 0.1 else "",
        "月收入(元)": chance.randrange(22, 75) * 100 if works else "",
        "就业渠道": chance.choice(("外出务工", "本地企业", "公益岗位", "帮扶车间")) if works else "",
        "是否点对点输送": chance.choice(("是", "否")) if works else "",
        "就业意愿": chance.choice(("是", "否")),
        "意向岗位": chance.choice(("电工", "焊工", "保安员")),
        "期望月薪": chance.randrange(25, 60) * 100,
        "未就业原因": "" if works else chance.choice(("刚离岗", "照顾家人", "缺技能")),
        "培训意愿": chance.choice(("是", "否")),
        "意向工种": "",
    }
