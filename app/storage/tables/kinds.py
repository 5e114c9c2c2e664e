"""Kinds of columns that many tables have."""

from typing import Final

from sqlalchemy import DateTime

INSTANT: Final = DateTime(timezone=True)
CLOCK_TIME: Final = DateTime(timezone=False)
"""Of the sender's clock, no zone: kept as it came."""
