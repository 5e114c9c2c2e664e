"""Days as the registry counts them."""

from datetime import UTC, date, datetime


def today() -> date:
    """The day in UTC: windows of submission open and close by it."""
    return datetime.now(UTC).date()
