"""Statutory retirement age with the gradual delay that began on 1 January 2025.

Source: Decision of the NPC Standing Committee of 13 September 2024 on the gradual delay of the statutory
retirement age and the table of the State Council with it; formula of policy.md A12.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Literal

Kind = Literal["man", "woman_55", "woman_50"]
"""`woman_55`: women in managerial and technical posts; `woman_50`: all other women."""

MONTHS_OF_A_YEAR = 12
WORKING_AGE_FROM = 16
"""Years; Labour Law art. 15."""


@dataclass(frozen=True)
class Delay:
    """The age before the delay (months), the first birth month delayed, one month for every `step`, at most
    `cap`.
    """

    age: int
    first_birth_month: tuple[int, int]
    step: int
    cap: int


DELAYS: dict[Kind, Delay] = {
    "man": Delay(60 * 12, (1965, 1), step=4, cap=36),
    "woman_55": Delay(55 * 12, (1970, 1), step=4, cap=36),
    "woman_50": Delay(50 * 12, (1975, 1), step=2, cap=60),
}


def delay_months(kind: Kind, born_on: date) -> int:
    """Months by which this person's retirement moved; 0 for those who reached the old age before 2025."""
    rule = DELAYS[kind]
    year, month = rule.first_birth_month
    since = (born_on.year - year) * MONTHS_OF_A_YEAR + born_on.month - month
    return 0 if since < 0 else min(rule.cap, since // rule.step + 1)


def retirement_age_months(kind: Kind, born_on: date) -> int:
    """The statutory retirement age in whole months."""
    return DELAYS[kind].age + delay_months(kind, born_on)


def retires_on(kind: Kind, born_on: date) -> date:
    """The day the statutory age is reached; a day that the month lacks becomes its last day."""
    return add_months(born_on, retirement_age_months(kind, born_on))


def of_working_age(kind: Kind, born_on: date, on: date) -> bool:
    """True from the 16th birthday up to the day before the statutory retirement day."""
    return add_months(born_on, WORKING_AGE_FROM * MONTHS_OF_A_YEAR) <= on < retires_on(kind, born_on)


def add_months(day: date, months: int) -> date:
    """The same day number `months` later, else the last day of that month."""
    year, month = divmod(day.year * MONTHS_OF_A_YEAR + day.month - 1 + months, MONTHS_OF_A_YEAR)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def full_years(born_on: date, day: date) -> int:
    """Full years of age on the day: who is born on 29 February turns a year older on 1 March."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))
