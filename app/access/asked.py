"""What query strings ask for, parsed: what is not valid is answered with the rule it breaks."""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date
from typing import Annotated, Final, TypeVar

from fastapi import Depends, Path, Query

from app.domain.errors.requests import InvalidRequest
from app.domain.identifiers import Npi, PracticeId, Tin, parse_practice_id, parse_tin
from app.domain.periods import Period, parse_period
from app.storage.cases.case_filter import CaseFilter

T = TypeVar("T")

_TEN_DIGITS: Final = re.compile(r"\d{10}", re.ASCII)
_MONTH: Final = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)


def _parsed(name: str, text: str, parse: Callable[[str], T]) -> T:
    try:
        return parse(text)
    except ValueError as error:
        raise InvalidRequest(f"{name}: {error}.") from None


def _stored_npi(text: str) -> Npi:
    """Ten ASCII digits: a wrong check digit is stored with a warning, so it can be asked for."""
    if not _TEN_DIGITS.fullmatch(text):
        raise ValueError("an NPI has exactly ten digits")
    return Npi(text)


def _month_bounds(text: str) -> tuple[date, date]:
    """The first and the last day of a month written as YYYY-MM."""
    written = _MONTH.fullmatch(text)
    if not written or written[1] == "0000":
        raise ValueError("a month is written as YYYY-MM")
    year, month = int(written[1]), int(written[2])
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


async def _practice(
    practice_id: Annotated[str, Query(description="The practice, by its AQI id.")],
) -> PracticeId:
    return _parsed("practice_id", practice_id, parse_practice_id)


async def asked_practice_or_all(
    practice_id: Annotated[
        str | None, Query(description="The practice, by its AQI id; without it every one.")
    ] = None,
) -> PracticeId | None:
    return None if practice_id is None else _parsed("practice_id", practice_id, parse_practice_id)


async def _practice_in_path(
    practice_id: Annotated[str, Path(description="The practice, by its AQI id.")],
) -> PracticeId:
    return _parsed("practice_id", practice_id, parse_practice_id)


async def _tin(
    tin: Annotated[str | None, Query(description="Nine digits, without a hyphen.")] = None,
) -> Tin | None:
    return None if tin is None else _parsed("tin", tin, parse_tin)


async def _npi(
    npi: Annotated[
        str | None, Query(description="Ten digits; the check digit may be wrong, as in a file.")
    ] = None,
) -> Npi | None:
    return None if npi is None else _parsed("npi", npi, _stored_npi)


async def _period(
    replace_period: Annotated[
        str | None,
        Query(description="Whose cases the file replaces: a month as 2020-03, 2020-Q1, or 2020."),
    ] = None,
) -> Period | None:
    return (
        None if replace_period is None else _parsed("replace_period", replace_period, parse_period)
    )


AskedPractice = Annotated[PracticeId, Depends(_practice)]
PathPractice = Annotated[PracticeId, Depends(_practice_in_path)]
AskedTin = Annotated[Tin | None, Depends(_tin)]
AskedNpi = Annotated[Npi | None, Depends(_npi)]
AskedPeriod = Annotated[Period | None, Depends(_period)]
AskedYear = Annotated[
    int, Query(ge=1, le=9999, description="Calendar year of the dates of service.")
]
AskedYearOrAll = Annotated[
    int | None, Query(ge=2000, le=2100, description="Only those for this year.")
]


async def _cases(
    practice: AskedPractice,
    tin: AskedTin,
    npi: AskedNpi,
    from_: Annotated[date | None, Query(alias="from", description="First date of service.")] = None,
    to: Annotated[date | None, Query(description="Last date of service.")] = None,
    month: Annotated[str | None, Query(description="Of the date of service, YYYY-MM.")] = None,
    facility: Annotated[
        str | None,
        # PostgreSQL takes every character but NUL
        Query(max_length=500, pattern=r"^[^\x00]*$", description="As in the case file."),
    ] = None,
) -> CaseFilter:
    first_day, last_day = from_, to
    if month is not None:
        starts, ends = _parsed("month", month, _month_bounds)
        first_day, last_day = max(starts, from_ or starts), min(ends, to or ends)
    return CaseFilter(
        practice=practice,
        tin=tin,
        npi=npi,
        first_day=first_day,
        last_day=last_day,
        facility=facility,
    )


AskedCases = Annotated[CaseFilter, Depends(_cases)]
"""The cases that are meant, in whatever performance year."""
