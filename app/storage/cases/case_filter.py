"""Which cases are meant: one question for the counts and for the lists behind them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Self
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, Subquery, UnaryExpression, and_, exists, select

from app.domain.identifiers import Npi, PracticeId, Tin
from app.storage.tables.cases import case_staff, cases


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    """What is None asks nothing. `first_day` and `last_day` bound the date of service, both in.

    With `tin` and `npi` one and the same member of the staff has both.
    """

    practice: PracticeId
    performance_year: int | None = None
    tin: Tin | None = None
    npi: Npi | None = None
    first_day: date | None = None
    last_day: date | None = None
    facility: str | None = None

    @property
    def tins(self) -> tuple[Tin, ...]:
        return () if self.tin is None else (self.tin,)

    @property
    def npis(self) -> tuple[Npi, ...]:
        return () if self.npi is None else (self.npi,)

    def in_year(self, performance_year: int | None) -> Self:
        return replace(self, performance_year=performance_year)


def conditions(asked: CaseFilter) -> list[ColumnElement[bool]]:
    """Of `cases`, for all but the staff."""
    wanted = [cases.c.practice_id == asked.practice]
    if asked.performance_year is not None:
        wanted.append(cases.c.performance_year == asked.performance_year)
    if asked.first_day is not None:
        wanted.append(cases.c.date_of_service >= asked.first_day)
    if asked.last_day is not None:
        wanted.append(cases.c.date_of_service <= asked.last_day)
    if asked.facility is not None:
        wanted.append(cases.c.facility_id == asked.facility)
    return wanted


def staff_conditions(tins: tuple[Tin, ...], npis: tuple[Npi, ...]) -> list[ColumnElement[bool]]:
    """Of `case_staff`; empty when nothing is asked of the staff."""
    columns = ((case_staff.c.tin, tins), (case_staff.c.npi, npis))
    return [_is_one_of(column, values) for column, values in columns if values]


def _is_one_of(column: ColumnElement[str], values: Sequence[str]) -> ColumnElement[bool]:
    """Of one value an equation, after which an index gives the rest of its columns in order."""
    return column == values[0] if len(values) == 1 else column.in_(values)


def staffed_by(tins: tuple[Tin, ...], npis: tuple[Npi, ...]) -> list[ColumnElement[bool]]:
    """Of `cases`: somebody among the staff is of one of the TINs, of the NPIs, or of both."""
    wanted = staff_conditions(tins, npis)
    if not wanted:
        return []
    same_case = (
        case_staff.c.practice_id == cases.c.practice_id,
        case_staff.c.case_id == cases.c.case_id,
    )
    return [exists().where(and_(*same_case, *wanted))]


def cases_of_clinicians(
    asked: CaseFilter, tins: tuple[Tin, ...], npis: tuple[Npi, ...], *, first: UUID | None
) -> Subquery:
    """Ids from `first` on in their order; of a year, with some of other years among them.

    An index gives them in this order, so that a page is read without what lies before and behind
    it. Ids grow with arrival: from the first to the last case of a year few others arrive.
    """
    staff = case_staff.c
    wanted = [staff.practice_id == asked.practice, *staff_conditions(tins, npis)]
    if first is not None:
        wanted.append(staff.case_id >= first)
    if asked.performance_year is not None:
        wanted.append(staff.case_id >= _end_of_year(asked, cases.c.case_id.asc()))
        wanted.append(staff.case_id <= _end_of_year(asked, cases.c.case_id.desc()))
    found = select(staff.practice_id, staff.case_id).distinct().where(*wanted)
    return found.order_by(staff.case_id).subquery("of_clinician")


def _end_of_year(asked: CaseFilter, order: UnaryExpression[UUID]) -> ScalarSelect[Any]:
    of_year = (
        cases.c.practice_id == asked.practice,
        cases.c.performance_year == asked.performance_year,
    )
    return select(cases.c.case_id).where(*of_year).order_by(order).limit(1).scalar_subquery()
