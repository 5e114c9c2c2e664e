"""Reads totals and cases of the measures for surgical centers; keeps what centers enter."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, and_, extract, select
from sqlalchemy.dialects.postgresql import insert

from app.domain.asc import AscTotal, Landing
from app.domain.asc_figures import CenterFigures, MeasureFigures
from app.domain.identifiers import PracticeId
from app.storage.tables.cases import cases
from app.storage.tables.months import MONTHS
from app.storage.tables.surgical_centers import asc_counts, asc_figures, asc_outcomes
from app.storage.tables.totals import case_counts


@dataclass(frozen=True, slots=True, kw_only=True)
class AscCaseQuestion:
    """Which cases are to be listed; what is None asks nothing. `months` are numbered from 1."""

    practice: PracticeId
    year: int
    measure_id: str
    facility_id: str | None = None
    landing: Landing | None = None
    months: Sequence[int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AscCase:
    case_id: UUID
    anesthesia_record_id: str
    facility_id: str
    date_of_service: date
    measure_id: str
    landing: Landing
    reason: str


class AscStore:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def totals(
        self, practice: PracticeId, year: int, facility_id: str | None = None
    ) -> list[AscTotal]:
        wanted = [asc_counts.c.practice_id == practice, asc_counts.c.performance_year == year]
        if facility_id is not None:
            wanted.append(asc_counts.c.facility_id == facility_id)
        key = (asc_counts.c[name] for name in ("facility_id", "measure_id", "landing", "reason"))
        rows = self._connection.execute(select(asc_counts).where(*wanted).order_by(*key))
        return [_total(row) for row in rows]

    def all_cases(self, practice: PracticeId, year: int) -> dict[str, tuple[int, ...]]:
        """By FacilityID, how many cases it has in each month, wherever they were."""
        rows = self._connection.execute(
            select(case_counts).where(
                case_counts.c.practice_id == practice,
                case_counts.c.performance_year == year,
                case_counts.c.tin == "",
                case_counts.c.npi == "",
            )
        )
        return {row.facility_id: _months(row) for row in rows}

    def cases(self, asked: AscCaseQuestion, *, after: UUID | None, limit: int) -> list[AscCase]:
        """In the order of their ids, from behind `after` on."""
        found = asc_outcomes.c
        wanted = [
            found.practice_id == asked.practice,
            found.measure_id == asked.measure_id,
            found.performance_year == asked.year,
            cases.c.status == "active",
            cases.c.sandbox.is_(False),
        ]
        if asked.facility_id is not None:
            wanted.append(cases.c.facility_id == asked.facility_id)
        if asked.landing is not None:
            wanted.append(found.landing == asked.landing.value)
        if asked.months is not None:
            wanted.append(extract("month", cases.c.date_of_service).in_(asked.months))
        if after is not None:
            wanted.append(found.case_id > after)
        same_case = and_(cases.c.practice_id == found.practice_id, cases.c.case_id == found.case_id)
        rows = self._connection.execute(
            select(
                asc_outcomes,
                cases.c.anesthesia_record_id,
                cases.c.facility_id,
                cases.c.date_of_service,
            )
            .join(cases, same_case)
            .where(*wanted)
            .order_by(found.case_id)
            .limit(limit)
        )
        return [_case(row) for row in rows]

    def figures(self, practice: PracticeId, facility_entry_id: UUID, year: int) -> CenterFigures:
        """Return what was entered, or figures of version 0."""
        entered = self.all_figures(practice, year).get(facility_entry_id)
        if entered is not None:
            return entered
        return CenterFigures(practice_id=practice, facility_entry_id=facility_entry_id, year=year)

    def all_figures(self, practice: PracticeId, year: int) -> dict[UUID, CenterFigures]:
        """By the entry of the center in the roster."""
        rows = self._connection.execute(
            select(asc_figures).where(
                asc_figures.c.practice_id == practice, asc_figures.c.year == year
            )
        )
        return {row.facility_entry_id: _figures(row) for row in rows}

    def save_figures(self, figures: CenterFigures) -> None:
        told = {
            "version": figures.version,
            "figures": {
                "admissions": figures.admissions,
                "measures": {name: asdict(each) for name, each in figures.measures.items()},
            },
        }
        self._connection.execute(
            insert(asc_figures)
            .values(
                practice_id=figures.practice_id,
                facility_entry_id=figures.facility_entry_id,
                year=figures.year,
                **told,
            )
            .on_conflict_do_update(constraint=asc_figures.primary_key, set_=told)
        )


def _months(row: Row[Any]) -> tuple[int, ...]:
    return tuple(row._mapping[month] for month in MONTHS)


def _total(row: Row[Any]) -> AscTotal:
    return AscTotal(
        facility_id=row.facility_id,
        measure_id=row.measure_id,
        landing=Landing(row.landing),
        reason=row.reason,
        months=_months(row),
    )


def _case(row: Row[Any]) -> AscCase:
    return AscCase(
        case_id=row.case_id,
        anesthesia_record_id=row.anesthesia_record_id,
        facility_id=row.facility_id,
        date_of_service=row.date_of_service,
        measure_id=row.measure_id,
        landing=Landing(row.landing),
        reason=row.reason,
    )


def _figures(row: Row[Any]) -> CenterFigures:
    measures = row.figures["measures"]
    return CenterFigures(
        practice_id=PracticeId(row.practice_id),
        facility_entry_id=row.facility_entry_id,
        year=row.year,
        version=row.version,
        admissions=row.figures["admissions"],
        measures={name: MeasureFigures(**each) for name, each in measures.items()},
    )
