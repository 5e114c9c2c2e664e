"""Reads cases, their history and the cases behind a number; deletes with a tombstone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, and_, exists, func, select, tuple_, update

from app.domain.identifiers import Npi, PracticeId, Tin
from app.domain.populations import Population
from app.storage.case_store import keep_versions
from app.storage.database import driver_connection
from app.storage.payloads import payload_codec
from app.storage.tables import (
    case_payloads,
    case_staff,
    case_versions,
    cases,
    measure_outcomes,
)
from app.storage.totals import take_from_totals

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCase:
    """A case as it stands; `fields` are its columns by name, `staff` theirs."""

    case_id: UUID
    practice_id: PracticeId
    sandbox: bool
    status: str
    version: int
    fields: Fields
    staff: tuple[Fields, ...] = ()
    outcomes: tuple[Fields, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseVersion:
    """An earlier version: `ended_by` says what replaced or deleted it."""

    version: int
    ended_at: datetime
    ended_by: str
    fields: Fields
    staff: tuple[Fields, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseBehindNumber:
    case_id: UUID
    anesthesia_record_id: str
    date_of_service: date
    measure_id: str
    stratum: str
    population: Population
    reason: str


class CaseQueries:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, case_id: UUID) -> StoredCase | None:
        row = self._connection.execute(select(cases).where(cases.c.case_id == case_id)).first()
        if row is None:
            return None
        return _stored(row, staff=self._staff(row), outcomes=self._outcomes(row))

    def of_practice(
        self, practice: PracticeId, *, sandbox: bool, after: UUID | None, limit: int
    ) -> list[StoredCase]:
        """In the order of their ids, which is the order of their first arrival."""
        query = select(cases).where(
            cases.c.practice_id == practice,
            cases.c.sandbox == sandbox,
            cases.c.status != "deleted",
        )
        if after is not None:
            query = query.where(cases.c.case_id > after)
        rows = self._connection.execute(query.order_by(cases.c.case_id).limit(limit))
        return [_stored(row) for row in rows]

    def history(self, case: StoredCase) -> list[CaseVersion]:
        """Earlier versions, newest first."""
        rows = self._connection.execute(
            select(case_versions)
            .where(
                case_versions.c.practice_id == case.practice_id,
                case_versions.c.case_id == case.case_id,
            )
            .order_by(case_versions.c.version.desc())
        )
        return [
            CaseVersion(
                version=row.version,
                ended_at=row.ended_at,
                ended_by=row.ended_by,
                fields=row.row,
                staff=tuple(row.staff),
            )
            for row in rows
        ]

    def record_as_received(self, case: StoredCase) -> bytes:
        payload = self._connection.execute(
            select(case_payloads.c.data).where(
                case_payloads.c.practice_id == case.practice_id,
                case_payloads.c.case_id == case.case_id,
            )
        ).scalar_one()
        return payload_codec().restore(payload)

    def delete(self, case: StoredCase, *, reason: str, by: UUID) -> None:
        """Leave a tombstone: the case no longer counts and its version stands in the history."""
        driver = driver_connection(self._connection)
        take_from_totals(driver, case.practice_id, [case.case_id])
        keep_versions(driver, case.practice_id, [case.case_id], ended_by=f"deletion by key {by}")
        self._connection.execute(
            update(cases)
            .where(cases.c.practice_id == case.practice_id, cases.c.case_id == case.case_id)
            .values(
                status="deleted",
                version=cases.c.version + 1,
                deleted_at=func.now(),
                deletion_reason=reason,
                deleted_by=by,
            )
        )

    def lock(self, case_id: UUID) -> StoredCase | None:
        row = self._connection.execute(
            select(cases).where(cases.c.case_id == case_id).with_for_update()
        ).first()
        return None if row is None else _stored(row)

    def behind_number(
        self,
        practice: PracticeId,
        performance_year: int,
        *,
        measure_id: str,
        population: Population | None,
        tin: Tin | None,
        npi: Npi | None,
        after: tuple[UUID, str] | None,
        limit: int,
    ) -> list[CaseBehindNumber]:
        """The cases that a measure's total is made of, each with the reason of its population."""
        wanted = [
            measure_outcomes.c.practice_id == practice,
            measure_outcomes.c.measure_id == measure_id,
            measure_outcomes.c.performance_year == performance_year,
            cases.c.status == "active",
            cases.c.sandbox.is_(False),
        ]
        if population is not None:
            wanted.append(measure_outcomes.c.population == population.value)
        staffed = [case_staff.c.practice_id == practice, case_staff.c.case_id == cases.c.case_id]
        if tin is not None:
            staffed.append(case_staff.c.tin == tin)
        if npi is not None:
            staffed.append(case_staff.c.npi == npi)
        if len(staffed) > 2:
            wanted.append(exists().where(and_(*staffed)))
        key = tuple_(measure_outcomes.c.case_id, measure_outcomes.c.stratum)
        if after is not None:
            wanted.append(key > after)
        rows = self._connection.execute(
            select(measure_outcomes, cases.c.anesthesia_record_id, cases.c.date_of_service)
            .join(
                cases,
                and_(
                    cases.c.practice_id == measure_outcomes.c.practice_id,
                    cases.c.case_id == measure_outcomes.c.case_id,
                ),
            )
            .where(and_(*wanted))
            .order_by(measure_outcomes.c.case_id, measure_outcomes.c.stratum)
            .limit(limit)
        )
        return [
            CaseBehindNumber(
                case_id=row.case_id,
                anesthesia_record_id=row.anesthesia_record_id,
                date_of_service=row.date_of_service,
                measure_id=row.measure_id,
                stratum=row.stratum,
                population=Population(row.population),
                reason=row.reason,
            )
            for row in rows
        ]

    def _staff(self, case: Row[Any]) -> tuple[Fields, ...]:
        rows = self._connection.execute(
            select(*(column for column in case_staff.c if column.name not in _KEY))
            .where(
                case_staff.c.practice_id == case.practice_id,
                case_staff.c.case_id == case.case_id,
            )
            .order_by(case_staff.c.position)
        )
        return tuple(dict(row._mapping) for row in rows)

    def _outcomes(self, case: Row[Any]) -> tuple[Fields, ...]:
        rows = self._connection.execute(
            select(*(column for column in measure_outcomes.c if column.name not in _KEY))
            .where(
                measure_outcomes.c.practice_id == case.practice_id,
                measure_outcomes.c.case_id == case.case_id,
            )
            .order_by(measure_outcomes.c.measure_id, measure_outcomes.c.stratum)
        )
        return tuple(dict(row._mapping) for row in rows)


_KEY = ("practice_id", "case_id")


def _stored(
    row: Row[Any], *, staff: tuple[Fields, ...] = (), outcomes: tuple[Fields, ...] = ()
) -> StoredCase:
    return StoredCase(
        case_id=row.case_id,
        practice_id=PracticeId(row.practice_id),
        sandbox=row.sandbox,
        status=row.status,
        version=row.version,
        fields=dict(row._mapping),
        staff=staff,
        outcomes=outcomes,
    )
