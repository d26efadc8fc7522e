"""A share found in a sample, and how far the true share may lie from it."""

from statistics import NormalDist

_Z95 = NormalDist().inv_cdf(0.975)


def share_interval(part: int, whole: int) -> tuple[float, float] | None:
    """The bounds within which the true share lies with 95 % confidence, from 0 to 1; None for an empty sample.

    The score interval: it stays inside 0 and 1 and holds for small samples too (E. B. Wilson, "Probable inference,
    the law of succession, and statistical inference", JASA 22, 1927). ValueError unless 0 <= part <= whole.
    """
    if not 0 <= part <= whole:
        raise ValueError("a part lies between nothing and the whole")
    if whole == 0:
        return None
    share, squared = part / whole, _Z95 * _Z95
    middle = share + squared / (2 * whole)
    spread = _Z95 * (share * (1 - share) / whole + squared / (4 * whole * whole)) ** 0.5
    bottom = 1 + squared / whole
    low, high = (middle - spread) / bottom, (middle + spread) / bottom
    return (0.0 if part == 0 else low, 1.0 if part == whole else high)
