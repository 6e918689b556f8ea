"""A number as text. May touch nothing."""

from decimal import Decimal


def plain(value: Decimal | None) -> str:
    """Exact digits without exponent; "" for None."""
    return "" if value is None else format(value, "f")
