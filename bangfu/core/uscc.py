"""Unified social credit codes of organisations (GB 32100-2015).

The library check of python-stdnum refuses codes whose registering department is a letter, so the codes of
rural collectives (department N) would fail; the standard allows them, hence our own check. Both agree on
all others.
"""

import re

import polars as pl

from bangfu.core import identity

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""31 values; I, O, S, V and Z are left out."""
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
"""3^(i-1) mod 31 for the first seventeen characters."""
SHAPE = re.compile(rf"^[{ALPHABET}]{{2}}[0-9]{{6}}[{ALPHABET}]{{10}}$")


def mend(text: str) -> str:
    """The code as it should have been typed: plain width, upper case, without spaces and apostrophes."""
    return identity.mend(text)


def check_character(first_seventeen: str) -> str:
    """The 18th character that belongs to seventeen: (31 - sum(C_i * W_i) mod 31) mod 31."""
    values = (ALPHABET.index(character) for character in first_seventeen)
    total = sum(value * weight for value, weight in zip(values, WEIGHTS, strict=True))
    return ALPHABET[(31 - total % 31) % 31]


def is_valid(code: str) -> bool:
    """True for a mended code of 18 characters in the right shape with its right check character."""
    return SHAPE.match(code) is not None and check_character(code[:17]) == code[17]


def check_column(codes: pl.Series) -> pl.Series:
    """True where the mended code is valid, null where the cell is null or empty. Each distinct code is
    tested once.
    """
    texts = codes.cast(pl.String)
    distinct = [code for code in texts.unique().to_list() if code]
    verdicts = [is_valid(code) for code in distinct]
    return texts.replace_strict(distinct, verdicts, default=None, return_dtype=pl.Boolean)
