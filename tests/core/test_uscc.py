"""Social credit codes: the published vector, letters, and agreement with python-stdnum."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc as standard

from bangfu.core import uscc

codes = st.tuples(
    st.text(uscc.ALPHABET, min_size=2, max_size=2),
    st.text("0123456789", min_size=6, max_size=6),
    st.text(uscc.ALPHABET, min_size=9, max_size=9),
).map("".join)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("91350100M000100Y43", True),
        ("91350100M000100Y4Z", False),
        ("91350100M000100Y44", False),
        ("9135010OM000100Y43", False),
        ("91350100M000100Y4", False),
        ("91350100M000100Y433", False),
        ("91350100m000100y43", False),
        ("", False),
        ("无", False),
    ],
)
def test_vectors(code, expected):
    assert uscc.is_valid(code) is expected


def test_small_letters_spaces_and_width_are_mended():
    assert uscc.is_valid(uscc.mend(" 91350100m000100ｙ４3\t"))


def test_a_rural_collective_has_a_code_with_a_letter_in_front():
    body = "N2150522MF1234567"
    assert uscc.is_valid(body + uscc.check_character(body))


@given(codes, st.sampled_from(uscc.ALPHABET))
def test_exactly_one_check_character_fits(body, last):
    assert uscc.is_valid(body + last) is (last == uscc.check_character(body))


@given(codes.filter(lambda body: body[:2].isdigit()), st.sampled_from(uscc.ALPHABET))
def test_python_stdnum_agrees_on_codes_that_begin_with_digits(body, last):
    assert uscc.is_valid(body + last) is standard.is_valid(body + last)


def test_a_column_keeps_empty_cells_apart():
    column = pl.Series(["91350100M000100Y43", "x", "", None, "91350100M000100Y43"])
    assert uscc.check_column(column).to_list() == [True, False, None, None, True]
