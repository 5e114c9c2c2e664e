"""Amounts of money as people read and write them. They are kept in whole cents."""

import re
from typing import Final

_WRITTEN: Final = re.compile(r"(\d{1,3}(?:,\d{3})+|\d{1,12})(?:\.(\d{2}))?", re.ASCII)


def money(cents: int) -> str:
    """Return cents as 1,234.56."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100:,}.{abs(cents) % 100:02}"


def parse_money(text: str) -> int:
    """Return an amount in cents.

    Shape: 1234, 1234.56 or 1,234.56; nothing below zero, no currency.
    Raises: ValueError, naming the rule that failed and never the value.
    """
    written = _WRITTEN.fullmatch(text.strip())
    if not written:
        raise ValueError("an amount is written like 1234.56")
    return int(written[1].replace(",", "")) * 100 + int(written[2] or 0)
