"""XML as text: escaping and clock times.

Sections are written as text because that is fast; whatever could hold any character goes through
`escaped` or `leaf`, our own codes and numbers are written as they are.
"""

from collections.abc import Callable
from datetime import date
from functools import lru_cache

from app.synthetic.timing import MINUTES_A_DAY

# Turns a minute of the case into its date-time.
At = Callable[[int], str]

_CLOCK = tuple(f"T{minute // 60:02}:{minute % 60:02}:00.000" for minute in range(MINUTES_A_DAY))


@lru_cache(maxsize=4096)
def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def leaf(indent: str, name: str, value: object) -> str:
    """Return one element on a line of its own; `value` None leaves it out."""
    if value is None:
        return ""
    return f"{indent}<{name}>{escaped(str(value))}</{name}>\n"


def clock_of(day: date) -> At:
    """Return the date-time that a minute after midnight of `day` is written as.

    Shape: 2020-03-01T07:30:00.000, without a zone.
    """
    first = day.toordinal()

    def at(minute: int) -> str:
        days, minute_of_day = divmod(minute, MINUTES_A_DAY)
        return _iso_date(first + days) + _CLOCK[minute_of_day]

    return at


@lru_cache(maxsize=1024)
def _iso_date(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat()
