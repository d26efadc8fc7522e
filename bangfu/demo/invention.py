"""Invented people, households and employers: fixed by a seed, and none of them real.

ID numbers begin with 990522, a division that does not exist.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from bangfu.core.identity import check_character
from bangfu.core.uscc import check_character as uscc_check_character

SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢"
    "姚沈钟崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常"
)
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀兰霞平刚桂英华玉梅鑫波辉莉红建国志云峰春龙飞海燕凤琴玲雪荣文斌宇"
    "浩凯健俊帆雅倩婷宁晨阳光瑞琪嘉诚安康福顺"
)
MONGOLIAN = [
    "巴特尔",
    "苏日娜",
    "那顺巴雅尔",
    "阿拉坦其其格",
    "乌兰",
    "额尔敦",
    "萨仁格日乐",
    "呼和",
    "其木格",
    "朝鲁",
    "白音",
    "斯琴",
]
TRADES = [
    ("焊工", "6-18-02-04"), ("电工", "6-31-01-03"), ("中式烹调师", "4-03-02-01"), ("中式面点师", "4-03-02-02"),
    ("养老护理员", "4-10-01-05"), ("家政服务员", "4-10-01-06"), ("保安员", "4-07-05-01"), ("缝纫工", "6-05-01-04"),
    ("包装工", "6-20-99-01"), ("物流配送员", "4-02-06-02"), ("普工", ""), ("保洁员", "4-09-08-01"),
]  # fmt: skip
TRADE_WEIGHTS = [9, 7, 9, 6, 8, 10, 8, 7, 8, 6, 16, 6]
ADULT, OLD = 16, 60
_USCC_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@dataclass(frozen=True)
class Village:
    """A village and the number of households in it."""

    code: str
    households: int


class Inventor:
    """Draws everything from one seed, so that two runs on one day make the same county."""

    def __init__(self, today: date, seed: int = 20260630) -> None:
        self.today = today
        self.random = random.Random(seed)
        self._serial: dict[date, int] = {}

    def id_number(self, born_on: date, sex: str) -> str:
        """A valid number of a division that does not exist; each is given out once."""
        serial = self._serial.get(born_on, 0)
        self._serial[born_on] = serial + 1
        sequence = serial * 2 + (1 if sex == "male" else 2)
        body = f"990522{born_on:%Y%m%d}{sequence:03d}"
        return body + check_character(body)

    def name(self, surname: str = "") -> str:
        """A name of two or three characters, now and then a Mongolian one."""
        pick = self.random.random()
        if pick < 0.12 and not surname:
            return self.random.choice(MONGOLIAN)
        length = 2 if pick < 0.8 else 1
        return (surname or self.random.choice(SURNAMES)) + "".join(self.random.choice(GIVEN) for _ in range(length))

    def phone(self) -> str:
        """Eleven digits of the shape of a mobile number."""
        return f"1{self.random.choice('3578')}{self.random.randrange(10**9):09d}"

    def trade(self) -> tuple[str, str]:
        """(title, occupation code) by how common the work is."""
        return self.random.choices(TRADES, TRADE_WEIGHTS)[0]

    def uscc(self, county: str, number: int) -> str:
        """A valid unified social credit code."""
        body = f"91{county[:6]}{number:09d}"
        return body + uscc_check_character(body)

    def households(self, villages: Sequence[Village]) -> Iterator[dict[str, Any]]:
        """Roster rows, household by household."""
        number = 0
        for village in villages:
            for _ in range(village.households):
                number += 1
                yield from self._household(village.code, f"9905221{number:07d}")

    def _household(self, division: str, number: str) -> Iterator[dict[str, Any]]:
        roll = self.random.random
        category = self.random.choices(["lifted", "unstable", "marginal", "sudden"], [86, 5, 6, 3])[0]
        shared = {
            "division": division, "household_no": number, "category": category,
            "identified_on": self.today - timedelta(days=self.random.randrange(400, 3600)),
            "identified_precision": "day", "income_per_head": Decimal(self.random.randrange(5200, 26000)),
            "risk": "" if category == "lifted" else self.random.choice(["因病", "因学", "务工就业不稳", "缺劳动力"]),
            "ethnicity": "蒙古族" if roll() < 0.45 else "汉族",
        }  # fmt: skip
        head_age = self.random.randrange(28, 68)
        head_sex = "male" if roll() < 0.82 else "female"
        surname = self.random.choice(SURNAMES)
        yield self._person(shared, "户主", head_age, head_sex, self.name() if roll() < 0.2 else self.name(surname))
        if roll() < 0.84:
            other = "female" if head_sex == "male" else "male"
            yield self._person(shared, "配偶", max(20, head_age + self.random.randrange(-6, 5)), other, self.name())
        for _ in range(self.random.choices([0, 1, 2, 3], [18, 44, 31, 7])[0]):
            age = head_age - self.random.randrange(21, 33)
            if age >= 0:
                sex = self.random.choice(["male", "female"])
                yield self._person(shared, "之子" if sex == "male" else "之女", age, sex, self.name(surname))
        if roll() < 0.28:
            sex = self.random.choice(["male", "female"])
            age = min(head_age + self.random.randrange(21, 30), 95)
            yield self._person(shared, "之父" if sex == "male" else "之母", age, sex, self.name())

    def _person(self, shared: dict[str, Any], relation: str, age: int, sex: str, name: str) -> dict[str, Any]:
        born = self.today - timedelta(days=age * 365 + self.random.randrange(10, 350))
        adult = age >= ADULT
        capacity = self._capacity(age)
        able = capacity in {"ordinary", "skilled", "weak"}
        return {
            **shared, "relation": relation, "name": name, "sex": sex, "born_on": born,
            "id_number": self.id_number(born, sex),
            "education": self._education(age),
            "health": self.random.choices(["healthy", "chronic", "serious", "disabled"], [86, 9, 2, 3])[0],
            "labour_capacity": capacity,
            "school": self._school(age),
            "will_work": able and adult and age < OLD + 6 and self.random.random() < 0.9,
            "will_train": able and adult and age < OLD and self.random.random() < 0.35,
            "phone": self.phone() if adult and self.random.random() < 0.96 else None,
            "age": age,
        }  # fmt: skip

    def _capacity(self, age: int) -> str:
        if age < ADULT or age > OLD + 15:
            return "none"
        if age > OLD + 5:
            return self.random.choice(["weak", "lost", "none"])
        return self.random.choices(["ordinary", "skilled", "weak", "lost"], [72, 12, 12, 4])[0]

    def _school(self, age: int) -> str:
        if age >= 19 or (age >= 16 and self.random.random() >= 0.7):
            return "none"
        stages = ((6, "preschool"), (12, "primary"), (15, "junior"))
        return next((stage for last, stage in stages if age <= last), "senior")

    def _education(self, age: int) -> str:
        if age < 7:
            return ""
        if age < 16:
            return "primary" if age < 13 else "junior"
        weights = [4, 26, 46, 15, 6, 3] if age > 35 else [0, 6, 42, 28, 15, 9]
        return self.random.choices(["illiterate", "primary", "junior", "senior", "college", "bachelor"], weights)[0]
