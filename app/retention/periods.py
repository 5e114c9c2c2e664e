"""What is kept how long after which event, as data with its sources."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from app.domain.errors.requests import InvalidRequest

_DATA: Final = Path(__file__).parent / "data" / "periods.toml"
CASES: Final = "cases"
MOST_YEARS: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """`years` None: it is never removed. `is_purged`: it goes when they are over."""

    what: str
    holds: str
    after: str
    source: str
    is_assumed: bool
    is_purged: bool
    years: int | None = None


@cache
def shipped_periods() -> tuple[Period, ...]:
    return tuple(Period(**period) for period in tomllib.loads(_DATA.read_text("utf-8"))["period"])


def shipped_years() -> int:
    """How many years a case is kept where neither a deployment nor a practice says more."""
    [years] = [each.years for each in shipped_periods() if each.what == CASES]
    assert years is not None, "cases are purged one day"
    return years


def require_long_enough(years: int, *, at_least: int) -> None:
    """A practice may ask for longer than the registry keeps cases, never for less.

    Raises: InvalidRequest.
    """
    if not at_least <= years <= MOST_YEARS:
        raise InvalidRequest(f"years: from {at_least} to {MOST_YEARS}, as cases are kept here.")
