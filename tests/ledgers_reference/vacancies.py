"""Made-up vacancies, right and wrong."""

from datetime import date, timedelta

from tests.ledgers_reference.reference import CREDIT_SIGNS, CREDIT_WEIGHTS

UNFAIR = (
    "限男性,吃苦耐劳",
    "女性优先,已婚已育优先",
    "只招女工",
    "男,45岁以下",
    "仅限汉族",
    "汉族优先",
    "未婚优先",
    "已婚已育",
    "未育女性勿扰",
)
LAWFUL = (
    "身体健康,能适应倒班",
    "夫妻可同时应聘,提供夫妻房",
    "不限男女,不限民族",
    "男女不限",
    "会做清真餐和汉餐",
    "缴纳生育保险",
    "女职工享受产假",
    "五险一金(含生育保险),女职工享受产假",
    "有蒙汉双语能力",
    "",
)


def credit_code(chance):
    """A unified social credit code with the right check sign."""
    body = "91150522" + "".join(chance.choice(CREDIT_SIGNS[:10]) for _ in range(9))
    total = sum(CREDIT_SIGNS.index(sign) * weight for sign, weight in zip(body, CREDIT_WEIGHTS, strict=True))
    return body + CREDIT_SIGNS[(31 - total % 31) % 31]


def vacancy(chance, counties):
    """A row of a list of vacancies with none, one or several defects."""
    province, city, county = chance.choice(counties)
    low = chance.randrange(20, 50) * 100
    row = {
        "单位名称": f"合成{chance.randrange(10**6):06}有限公司",
        "统一社会信用代码": credit_code(chance),
        "岗位名称": chance.choice(("电工", "焊工", "保安员")),
        "职业代码": f"{chance.randrange(1, 9)}-10-01-{chance.randrange(100):02}",
        "招聘人数": chance.randrange(1, 30),
        "月薪下限": low,
        "月薪上限": low + chance.choice((0, 100, 2700)),
        "工作省": province,
        "工作市": city,
        "工作县": county,
        "学历要求": chance.choice(("不限", "初中", "高中")),
        "技能等级": chance.choice(("不限", "初级工", "中级工")),
        "年龄下限": 18,
        "年龄上限": chance.choice((45, 50, 60)),
        "任职要求": chance.choice(LAWFUL),
        "食宿": chance.choice(("无", "包住", "包吃住")),
        "缴纳社保": chance.choice(("是", "否")),
        "联系人": "王经理",
        "联系电话": f"1{chance.randrange(3, 10)}{chance.randrange(10**9):09}",
        "有效期至": date(2026, 7, 1) + timedelta(days=chance.randrange(60)),
    }
    wrong = {
        "统一社会信用代码": ("9111010544882717XP", "", "123456789012345", row["统一社会信用代码"][:17] + "I"),
        "职业代码": ("9-99-99-99", "4-10-01", "保安", "4-10-01-066", "0-10-01-01", ""),
        "招聘人数": (0, "若干", "", -3, "0", 2.5, "12"),
        "月薪上限": (low - 100, f"{low + 500:,}", f"{low + 500}元", f"{low - 500}元"),
        "月薪下限": (f"{low:,}", f"{low}元"),
        "任职要求": UNFAIR,
        "有效期至": (date(2026, 6, 29), date(2026, 6, 30), "2026.06.29", "2026年7月31日", "2026.13.01", ""),
        "联系电话": ("123", "无", ""),
    }
    for field in chance.sample(sorted(wrong), chance.choice((0, 0, 1, 1, 2, 3))):
        row[field] = chance.choice(wrong[field])
    return row
