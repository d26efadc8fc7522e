"""Resident ID numbers (GB 11643-1999): check character, birth date, sex, old and longer forms.

Only the check character and the date are tested. Whether the first six digits name a division is not: codes
are retired, and a person keeps the number they were born with. The scalar functions serve single answers
(forms, search); `check_column` gives the same answers for a whole column.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import polars as pl

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
"""2^(17-i) mod 11 for the first seventeen digits, GB 11643-1999."""
CHECK_CHARACTERS = "10X98765432"

Problem = Literal["id_missing", "id_precision_lost", "id_old_15_digits", "id_checksum", "id_birthdate"]
Sex = Literal["male", "female"]

FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
SPACES_AND_QUOTES = r"[\s\u3000\u00a0\u200b\u200c\u200d\ufeff\u2060'`\u2018\u2019\u201c\u201d\"\u00b4]"
SCIENTIFIC = r"^\d(?:\.\d+)?E\+?\d+$"
WHOLE = r"^[0-9]{17}[0-9X]$"
OLD = r"^[0-9]{15}$"
NOTHING_THERE = ("", "无")
CERTIFICATE_LENGTH = 20
"""A disability certificate: the ID number, one digit for the kind (1-7), one for the grade (1-4)."""

_spaces_and_quotes = re.compile(SPACES_AND_QUOTES)
_scientific = re.compile(SCIENTIFIC)
_whole = re.compile(WHOLE)
_old = re.compile(OLD)


@dataclass(frozen=True)
class Certificate:
    """A disability certificate number taken apart; `kind` and `grade` are None where they are no valid
    digits.
    """

    id_number: str
    kind: int | None
    grade: int | None


def mend(text: str) -> str:
    """The number as it should have been typed: full-width to plain, upper case, without spaces and
    apostrophes.
    """
    return _spaces_and_quotes.sub("", text.translate(FULL_WIDTH)).upper()


def split_certificate(number: str) -> Certificate | None:
    """Take a mended number of 20 characters apart; None for every other length.

    9.90522199001011E+17 has 20 characters too and is no certificate.
    """
    if len(number) != CERTIFICATE_LENGTH or _scientific.match(number):
        return None
    kind, grade = number[18], number[19]
    return Certificate(
        id_number=number[:18],
        kind=int(kind) if kind in "1234567" else None,
        grade=int(grade) if grade in "1234" else None,
    )


def check_character(first_seventeen: str) -> str:
    """The 18th character that belongs to seventeen digits."""
    total = sum(int(digit) * weight for digit, weight in zip(first_seventeen, WEIGHTS, strict=True))
    return CHECK_CHARACTERS[total % 11]


def has_check_character(number: str) -> bool:
    """True for eighteen characters whose last one belongs to the first seventeen."""
    return _whole.match(number) is not None and check_character(number[:17]) == number[17]


def birth_date(number: str) -> date | None:
    """The day in characters 7 to 14 of an 18-character number; None where there is no such day."""
    if not _whole.match(number):
        return None
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def sex(number: str) -> Sex | None:
    """Odd 17th digit: male. None when the number does not have eighteen characters."""
    if not _whole.match(number):
        return None
    return "male" if int(number[16]) % 2 else "female"


def modern_number(old: str) -> str | None:
    """The 18-character number that a 15-digit one became (born 19xx); None when its date does not exist."""
    if not _old.match(old):
        return None
    body = old[:6] + "19" + old[6:]
    number = body + check_character(body)
    return number if birth_date(number) else None


def id_number(text: str) -> str:
    """The mended number, a disability certificate cut to the ID number in it. It may still be wrong."""
    number = mend(text)
    certificate = split_certificate(number)
    return certificate.id_number if certificate else number


def problem(text: str, on: date, *, from_number_cell: bool = False) -> Problem | None:
    """What is wrong with an ID number as typed, the first that fits; None when it may be used.

    `on` is the day of the check: a birth date after it is `id_birthdate`. A cell that the workbook stores
    as a number has lost its last digits (15 significant ones at most), whatever it shows.
    """
    number = id_number(text)
    if number in NOTHING_THERE:
        return "id_missing"
    if from_number_cell or _scientific.match(number):
        return "id_precision_lost"
    if _old.match(number):
        return "id_old_15_digits"
    if not has_check_character(number):
        return "id_checksum"
    born_on = birth_date(number)
    return "id_birthdate" if born_on is None or born_on > on else None


def mend_expression(column: pl.Expr) -> pl.Expr:
    """`id_number` for a text column: the mended number, certificates cut to their first 18 characters."""
    plain = (
        column.str.replace_many([chr(code) for code in FULL_WIDTH], [chr(code) for code in FULL_WIDTH.values()])
        .str.replace_all(SPACES_AND_QUOTES, "")
        .str.to_uppercase()
    )
    is_certificate = (plain.str.len_chars() == CERTIFICATE_LENGTH) & ~plain.str.contains(SCIENTIFIC)
    return pl.when(is_certificate).then(plain.str.slice(0, 18)).otherwise(plain)


def check_column(numbers: pl.Series, on: date, from_number_cell: Sequence[bool] | pl.Series) -> pl.DataFrame:
    """`problem`, `birth_date` and `sex` for a column of texts as typed.

    Answers columns `id_number` (mended), `problem` (null: none), `born_on` and `sex` (null where the number
    does not have eighteen characters or the date does not exist), one row an input row; null counts as an
    empty cell.
    """
    frame = pl.DataFrame(
        {
            "typed": numbers.cast(pl.String).fill_null(""),
            "numeric": pl.Series(from_number_cell, dtype=pl.Boolean),
        }
    ).with_columns(id_number=mend_expression(pl.col("typed")))
    number = pl.col("id_number")
    whole = number.str.contains(WHOLE)
    digits = [number.str.slice(at, 1).cast(pl.Int32, strict=False) * weight for at, weight in enumerate(WEIGHTS)]
    expected = (pl.sum_horizontal(digits) % 11).replace_strict(
        list(range(11)), list(CHECK_CHARACTERS), default=None, return_dtype=pl.String
    )
    frame = frame.with_columns(
        whole=whole,
        check_fits=whole & (expected == number.str.slice(17, 1)),
        born_on=pl.when(whole & (number.str.slice(6, 4) != "0000")).then(  # no calendar has a year 0
            number.str.slice(6, 8).str.to_date("%Y%m%d", strict=False)
        ),
        sex=pl.when(whole & (number.str.slice(16, 1).str.contains("[13579]")))
        .then(pl.lit("male"))
        .when(whole)
        .then(pl.lit("female")),
    )
    return frame.select(
        "id_number",
        pl.when(number.is_in(NOTHING_THERE))
        .then(pl.lit("id_missing"))
        .when(pl.col("numeric") | number.str.contains(SCIENTIFIC))
        .then(pl.lit("id_precision_lost"))
        .when(number.str.contains(OLD))
        .then(pl.lit("id_old_15_digits"))
        .when(~pl.col("check_fits"))
        .then(pl.lit("id_checksum"))
        .when(pl.col("born_on").is_null() | (pl.col("born_on") > on))
        .then(pl.lit("id_birthdate"))
        .alias("problem"),
        "born_on",
        "sex",
    )


def are_sound(numbers: pl.Series, on: date) -> pl.Series:
    """True where a number needs no mending and has no `problem` on that day: for lists of millions, of which most
    lines are so. Null counts as false."""
    sound = np.zeros(len(numbers), dtype=bool)
    places = np.flatnonzero((numbers.str.len_bytes() == len("11010519491231002X")).fill_null(value=False).to_numpy())
    texts = numbers.gather(places).to_arrow()
    if len(texts):
        given = np.frombuffer(texts.cast("large_string").buffers()[2], dtype=np.uint8)
        sound[places] = _sound_rows(given.reshape(-1, 18), on)
    return pl.Series(sound)


def _sound_rows(characters: np.ndarray, on: date) -> np.ndarray:
    """The same for rows of eighteen bytes. Bytes below "0" wrap round and are no digits either."""
    digits = characters[:, :17] - np.uint8(ord("0"))
    total = np.zeros(len(digits), dtype=np.uint16)
    for at, weight in enumerate(WEIGHTS):
        total += digits[:, at] * np.uint16(weight)
    expected = np.frombuffer(CHECK_CHARACTERS.encode(), dtype=np.uint8)[total % 11]
    year, month, day = (_number_at(digits, *span) for span in ((6, 10), (10, 12), (12, 14)))
    lengths = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, *[0] * 87])
    is_leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    last = lengths[np.minimum(month, 99)] + ((month == 2) & is_leap)
    not_later = year * 10_000 + month * 100 + day <= int(f"{on:%Y%m%d}")
    is_day = (year > 0) & (day >= 1) & (day <= last) & not_later
    return np.asarray((digits <= 9).all(axis=1) & (characters[:, 17] == expected) & is_day)


def _number_at(digits: np.ndarray, first: int, last: int) -> np.ndarray:
    number = np.zeros(len(digits), dtype=np.int32)
    for at in range(first, last):
        number = number * 10 + digits[:, at]
    return number
