"""A division and all below it as a half-open range of 12-digit codes (policy.md F5)."""

_WIDTHS = (2, 4, 6, 9, 12)
PROVINCE, PREFECTURE, COUNTY, TOWN, VILLAGE = range(1, 6)


def prefix_of(code: str) -> str:
    """The significant digits of a division code: "150522000000" gives "150522". "" is the whole country."""
    for width in _WIDTHS:
        if set(code[width:]) <= {"0"}:
            return code[:width] if set(code[:width]) - {"0"} else ""
    return code


def level_of(code: str) -> int:
    """1 province, 2 prefecture, 3 county, 4 town, 5 village; 0 for the whole country."""
    prefix = prefix_of(code)
    return _WIDTHS.index(len(prefix)) + 1 if prefix else 0


def code_range(code: str) -> tuple[str, str]:
    """(low, high) so that low <= c < high holds for the division itself and everything inside it.

    >>> code_range("150522000000")
    ('150522000000', '150523000000')
    """
    prefix = prefix_of(code)
    if not prefix:
        return "000000000000", "999999999999~"
    after = "~" if set(prefix) == {"9"} else str(int(prefix) + 1).zfill(len(prefix))
    return code.ljust(12, "0"), after.ljust(12, "0")


def ancestors_of(code: str) -> list[str]:
    """The codes of the divisions that hold this one, the province first, without itself."""
    return [code[:width].ljust(12, "0") for width in _WIDTHS[: max(level_of(code) - 1, 0)]]


def county_of(code: str) -> str:
    """The 12-digit code of the county that holds `code`; "" where the code stands above a county."""
    return code[:6].ljust(12, "0") if level_of(code) >= COUNTY else ""
