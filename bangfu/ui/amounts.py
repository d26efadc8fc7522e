"""Money in words, alike on every page."""

from decimal import Decimal, InvalidOperation

from django.utils.formats import number_format


def amount_words(amount: str | Decimal | None) -> str:
    """Yuan with thousands separators, without fen where there are none; a dash for what is no amount."""
    try:
        number = Decimal(str(amount))
    except InvalidOperation:
        return "—"
    return number_format(number, decimal_pos=0 if number == number.to_integral_value() else 2, force_grouping=True)
