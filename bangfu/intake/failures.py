"""Why a whole file cannot be read. Each reason is a code with parameters; the words for the clerk come
later.
"""

from typing import Final

CODES: Final = frozenset(
    {
        "wrong_type",  # by its content no workbook and no text table, or a text under a workbook's name
        "encrypted_workbook",  # opens only with a password
        "zip_bomb",  # unpacked far larger than any ledger; `unpacked`: bytes seen so far
        "too_large",  # more than one import takes; `limit`, `unit` (bytes, rows, cells)
        "truncated",  # stops half-way or is damaged; `line` where a text table stops
        "unknown_encoding",  # a text that is neither UTF-8 nor GB18030 nor marked UTF-16
        "no_rows",  # an empty file, or nothing below the header in any sheet
        "header_missing",  # no row holds the known column names; `sheet`
        "two_header_rows",  # two rows hold column names; `sheet`, `rows` (the sheet's own numbers)
        "columns_missing",  # this kind of ledger cannot do without them; `sheet`, `columns` (usual names)
    }
)


class BadLedger(Exception):
    """A file that cannot be used at all. `code` is one of CODES; `parameters` what a message may show."""

    def __init__(self, code: str, **parameters: object) -> None:
        super().__init__(code)
        self.code = code
        self.parameters = parameters
