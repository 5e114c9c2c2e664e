"""What holds for registrations by performance year: deadlines, MVPs, how long consents are kept."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from app.domain.reporting import Consent, Registration

_DATA: Final = Path(__file__).parent / "data" / "reporting-years.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """The last days; None: no source names one."""

    register_until: date | None = None
    consent_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mvp:
    """A MIPS Value Pathway, in the performance years in which it is known to exist."""

    id: str
    title: str
    first_year: int
    last_year: int
    source: str


def deadlines_of(performance_year: int) -> Deadlines:
    for year in _data()["year"]:
        if year["performance_year"] == performance_year:
            return Deadlines(
                register_until=year.get("register_until"), consent_until=year.get("consent_until")
            )
    return Deadlines()


def mvps_of(performance_year: int) -> tuple[Mvp, ...]:
    """Those that can be registered for."""
    return tuple(
        mvp for mvp in shipped_mvps() if mvp.first_year <= performance_year <= mvp.last_year
    )


def consent_statement(performance_year: int) -> str:
    """What a clinician agrees to who signs here."""
    statement: str = _data()["consent"]["statement"]
    return statement.format(year=performance_year)


@cache
def shipped_mvps() -> tuple[Mvp, ...]:
    return tuple(Mvp(**mvp) for mvp in _data()["mvp"])


def keep_until(signed: Consent | Registration) -> date:
    """The last day on which it may not be removed, withdrawn or not.

    A registration is kept as long as a consent: of a group it is the consent.
    """
    signed_on = signed.signed_on if isinstance(signed, Consent) else signed.representative.signed_on
    last = max(date(signed.performance_year, 12, 31), signed_on)
    years: int = _data()["retention"]["years"]
    return _years_later(last, years)


def last_year_over(day: date) -> int:
    """The last performance year of which something may be over on `day`: `keep_until` tells."""
    years: int = _data()["retention"]["years"]
    return day.year - years - 1


def _years_later(day: date, years: int) -> date:
    """Of February 29 the first day of March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(_DATA.read_text(encoding="utf-8"))
