"""Resident ID numbers: vectors, each fault, and the column giving the same answers as the single check."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bangfu.core import identity

ON = date(2026, 6, 30)
GOOD = "990522199602143056"
days = st.dates(date(1900, 1, 1), ON)


def number_of(born_on: date, sequence: int) -> str:
    body = f"990522{born_on:%Y%m%d}{sequence:03}"
    return body + identity.check_character(body)


@pytest.mark.parametrize("number", ["11010519491231002X", "440524188001010014", GOOD, "99052219870614733X"])
def test_published_numbers_have_their_check_character(number):
    assert identity.has_check_character(number)
    assert identity.problem(number, ON) is None


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", "id_missing"),
        ("  ", "id_missing"),
        ("无", "id_missing"),
        (" 无 ", "id_missing"),
        ("9.90522E+17", "id_precision_lost"),
        ("9.90522e+17", "id_precision_lost"),
        ("９.90522Ｅ＋17", "id_precision_lost"),
        ("1E17", "id_precision_lost"),
        ("990522591113546", "id_old_15_digits"),
        ("99052259111354", "id_checksum"),
        ("9905221996021430", "id_checksum"),
        ("990522199602143057", "id_checksum"),
        ("99052219960214305", "id_checksum"),
        ("9905221996021430560", "id_checksum"),
        ("99052219960214305A", "id_checksum"),
        ("身份证", "id_checksum"),
        (number_of(date(1996, 2, 14), 305), None),
        (number_of(ON, 305), None),
        (number_of(date(2026, 7, 1), 305), "id_birthdate"),
        (number_of(date(2027, 1, 1), 305), "id_birthdate"),
        (GOOD + "43", None),
        (GOOD + "99", None),
        ("990522199602143057" + "43", "id_checksum"),
    ],
)
def test_the_first_fault_that_fits(typed, expected):
    assert identity.problem(typed, ON) == expected


@pytest.mark.parametrize("month_and_day", ["0231", "0230", "1301", "0001", "0100", "0431", "0229"])
def test_days_that_do_not_exist(month_and_day):
    body = f"9905221983{month_and_day}643"
    assert identity.problem(body + identity.check_character(body), ON) == "id_birthdate"


def test_a_leap_day_exists_in_a_leap_year():
    assert identity.problem(number_of(date(1984, 2, 29), 643), ON) is None


@pytest.mark.parametrize(
    "typed",
    [
        " '990522 19961003 7085\xa0",
        "９９０５２２１９９６１００３７０８５",
        "990522 1996 1003 7085",
        "‘990522199610037085",
        "990522199610037085`",
        "\t990522199610037085\n",
        "9905221996\u30001003\u200b7085",
    ],
)
def test_spaces_apostrophes_and_width_are_mended(typed):
    assert identity.id_number(typed) == "990522199610037085"
    assert identity.problem(typed, ON) is None


def test_a_small_x_becomes_a_capital_one():
    assert identity.id_number("99052219870614733x") == "99052219870614733X"
    assert identity.id_number("99052219870614733ｘ") == "99052219870614733X"


def test_a_number_cell_has_lost_digits_whatever_it_shows():
    assert identity.problem(GOOD, ON, from_number_cell=True) == "id_precision_lost"
    assert identity.problem("990522591113546", ON, from_number_cell=True) == "id_precision_lost"
    assert identity.problem("", ON, from_number_cell=True) == "id_missing"


@pytest.mark.parametrize(
    ("number", "kind", "grade"), [(GOOD + "43", 4, 3), (GOOD + "71", 7, 1), (GOOD + "85", None, None)]
)
def test_a_disability_certificate_comes_apart(number, kind, grade):
    assert identity.split_certificate(number) == identity.Certificate(GOOD, kind, grade)


@pytest.mark.parametrize("number", [GOOD, GOOD + "4", GOOD + "433"])
def test_only_twenty_characters_are_a_certificate(number):
    assert identity.split_certificate(number) is None


def test_an_old_number_has_a_modern_one():
    assert identity.modern_number("990522591113546") == "99052219591113546" + identity.check_character(
        "99052219591113546"
    )
    assert identity.modern_number("990522591313546") is None
    assert identity.modern_number("99052259111354") is None


@given(days, st.integers(0, 999))
def test_a_made_number_gives_back_its_birth_date_and_sex(born_on, sequence):
    number = number_of(born_on, sequence)
    assert identity.problem(number, ON) is None
    assert identity.birth_date(number) == born_on
    assert identity.sex(number) == ("male" if sequence % 2 else "female")


@given(days, st.integers(0, 999), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(born_on, sequence, at, shift):
    number = number_of(born_on, sequence)
    wrong = number[:at] + str((int(number[at]) + shift) % 10) + number[at + 1 :]
    assert identity.problem(wrong, ON) == "id_checksum"


@given(st.dates(date(1900, 1, 1), date(1999, 12, 31)), st.integers(0, 999))
def test_the_modern_number_of_an_old_one_is_good(born_on, sequence):
    modern = identity.modern_number(f"990522{born_on:%y%m%d}{sequence:03}")
    assert modern is not None
    assert identity.birth_date(modern) == born_on
    assert identity.problem(modern, ON) is None


almost = st.one_of(
    st.text("0123456789Xx '\u3000０９E+.无", max_size=22),
    st.builds(number_of, st.dates(date(1900, 1, 1), date(2040, 1, 1)), st.integers(0, 999)),
    st.from_regex(r"\A990522[0-9]{12}\Z"),
    st.from_regex(r"\A[0-9]{15}\Z"),
)


@given(st.lists(st.tuples(almost, st.booleans()), min_size=1, max_size=30))
def test_the_column_answers_as_the_single_check(cells):
    texts = [text for text, _ in cells]
    found = identity.check_column(pl.Series(texts, dtype=pl.String), ON, [flag for _, flag in cells])
    for (text, from_number_cell), row in zip(cells, found.iter_rows(named=True), strict=True):
        number = identity.id_number(text)
        assert row == {
            "id_number": number,
            "problem": identity.problem(text, ON, from_number_cell=from_number_cell),
            "born_on": identity.birth_date(number),
            "sex": identity.sex(number),
        }


def test_an_empty_cell_of_a_column_is_missing():
    found = identity.check_column(pl.Series([None], dtype=pl.String), ON, [False])
    assert found["problem"].to_list() == ["id_missing"]


_typed = st.one_of(st.text(max_size=22), days.map(lambda day: number_of(day, 1)), st.from_regex("[0-9]{17}[0-9X]"))


@given(st.lists(_typed))
def test_a_sound_number_is_one_that_needs_no_mending_and_has_no_problem(numbers):
    told = identity.are_sound(pl.Series(numbers, dtype=pl.String), ON)
    wanted = [identity.problem(number, ON) is None and identity.id_number(number) == number for number in numbers]
    assert told.to_list() == wanted


_DAYS = "19000229 20000229 20230229 20240229 20260631 20260630 20260701 00000101 19991301 19990100 19990431"


@pytest.mark.parametrize("day", _DAYS.split())
def test_a_number_is_sound_on_days_that_exist_and_have_come(day):
    body = f"990522{day}001"
    number = body + identity.check_character(body)
    assert identity.are_sound(pl.Series([number, None]), ON).to_list() == [identity.problem(number, ON) is None, False]
