"""Reads cases, their history and the cases behind a number; deletes with a tombstone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Connection, Row, and_, select, tuple_
from sqlalchemy.sql import Select
from zstandard import ZstdError

from app.domain.identifiers import Npi, PracticeId, Tin
from app.domain.populations import Population
from app.storage.cases.case_filter import CaseFilter, cases_of_clinicians, conditions, staffed_by
from app.storage.cases.payloads import payload_codec
from app.storage.cases.tombstones import bury
from app.storage.database import driver_connection
from app.storage.sealing.records import RecordDamaged, RecordSeals
from app.storage.tables.cases import (
    case_payloads,
    case_staff,
    case_versions,
    cases,
    measure_outcomes,
)

CaseStatus = Literal["active", "held", "deleted"]
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
    """An earlier version: `ended_by` says what replaced or deleted it.

    `record` is the one that it stood on, as received; None where that is damaged.
    """

    version: int
    ended_at: datetime
    ended_by: str
    fields: Fields
    staff: tuple[Fields, ...]
    record: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseBehindNumber:
    case_id: UUID
    anesthesia_record_id: str
    date_of_service: date
    measure_id: str
    stratum: str
    population: Population
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BehindQuestion:
    """Which total is to be listed: that of a measure, of everybody's or of some TINs' or NPIs'.

    `stratum` is None for those of every rate of the measure. Empty `tins` or `npis` ask nothing;
    with both one and the same member of the staff has both.
    """

    practice: PracticeId
    performance_year: int
    measure_id: str
    stratum: str | None = None
    population: Population | None = None
    tins: tuple[Tin, ...] = ()
    npis: tuple[Npi, ...] = ()


class CaseQueries:
    def __init__(
        self, connection: Connection, seals_of: Callable[[PracticeId], RecordSeals]
    ) -> None:
        self._connection = connection
        self._seals_of = seals_of

    def get(self, case_id: UUID) -> StoredCase | None:
        row = self._connection.execute(select(cases).where(cases.c.case_id == case_id)).first()
        if row is None:
            return None
        return _stored(row, staff=self._staff(row), outcomes=self._outcomes(row))

    def listed(
        self,
        asked: CaseFilter,
        *,
        status: CaseStatus | None,
        sandbox: bool,
        after: UUID | None,
        limit: int,
    ) -> list[StoredCase]:
        """In the order of their ids, which is that of first arrival; `status` None: not deleted."""
        query = _of_staff(select(cases), asked, asked.tins, asked.npis, first=after).where(
            *conditions(asked),
            cases.c.sandbox == sandbox,
            cases.c.status != "deleted" if status is None else cases.c.status == status,
        )
        if after is not None:
            query = query.where(cases.c.case_id > after)
        rows = self._connection.execute(query.order_by(cases.c.case_id).limit(limit))
        return [_stored(row) for row in rows]

    def history(self, case: StoredCase, *, before: int, limit: int) -> list[CaseVersion]:
        """Versions earlier than `before`, newest first."""
        seals = self._seals_of(case.practice_id)
        rows = self._connection.execute(
            select(case_versions)
            .where(
                case_versions.c.practice_id == case.practice_id,
                case_versions.c.case_id == case.case_id,
                case_versions.c.version < before,
            )
            .order_by(case_versions.c.version.desc())
            .limit(limit)
        )
        return [
            CaseVersion(
                version=row.version,
                ended_at=row.ended_at,
                ended_by=row.ended_by,
                fields=row.row,
                staff=tuple(row.staff),
                record=_restored(seals.open_if_whole(case.case_id, row.data_key, row.payload)),
            )
            for row in rows
        ]

    def record_as_received(self, case: StoredCase) -> bytes:
        """Raises: RecordDamaged."""
        kept = self._connection.execute(
            select(case_payloads.c.data_key, case_payloads.c.data).where(
                case_payloads.c.practice_id == case.practice_id,
                case_payloads.c.case_id == case.case_id,
            )
        ).one()
        seals = self._seals_of(case.practice_id)
        record = _restored(seals.open_if_whole(case.case_id, kept.data_key, kept.data))
        if record is None:
            raise RecordDamaged
        return record

    def delete(self, case: StoredCase, *, reason: str, by: UUID) -> None:
        """Leave a tombstone: the case no longer counts and its version stands in the history."""
        bury(
            driver_connection(self._connection),
            case.practice_id,
            [case.case_id],
            reason=reason,
            by=by,
            ended_by=f"deletion by key {by}",
        )

    def behind_number(
        self, question: BehindQuestion, *, after: tuple[UUID, str] | None, limit: int
    ) -> list[CaseBehindNumber]:
        """In the order of (case id, stratum), from behind `after` on."""
        key = (measure_outcomes.c.case_id, measure_outcomes.c.stratum)
        query = _behind(question, first=after and after[0]).order_by(*key).limit(limit)
        if after is not None:
            query = query.where(tuple_(*key) > after)
        return [_behind_number(row) for row in self._connection.execute(query)]

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


def _restored(payload: bytes | None) -> bytes | None:
    """None for one that is damaged: from before records were sealed, zstd alone notices that."""
    try:
        return None if payload is None else payload_codec().restore(payload)
    except ZstdError:
        return None


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


def _of_staff(
    query: Select[Any],
    asked: CaseFilter,
    tins: tuple[Tin, ...],
    npis: tuple[Npi, ...],
    *,
    first: UUID | None,
) -> Select[Any]:
    """Those of `cases` with the TINs and NPIs; NPIs have an index that leads to them."""
    if not npis:
        return query.where(*staffed_by(tins, npis))
    ids = cases_of_clinicians(asked, tins, npis, first=first)
    same_case = and_(ids.c.practice_id == cases.c.practice_id, ids.c.case_id == cases.c.case_id)
    return query.join(ids, same_case)


def _behind(question: BehindQuestion, *, first: UUID | None) -> Select[Any]:
    outcomes = measure_outcomes.c
    wanted = [
        outcomes.practice_id == question.practice,
        outcomes.measure_id == question.measure_id,
        outcomes.performance_year == question.performance_year,
        cases.c.status == "active",
        cases.c.sandbox.is_(False),
    ]
    if question.stratum is not None:
        wanted.append(outcomes.stratum == question.stratum)
    if question.population is not None:
        wanted.append(outcomes.population == question.population.value)
    same_case = and_(
        cases.c.practice_id == outcomes.practice_id, cases.c.case_id == outcomes.case_id
    )
    found = (
        select(measure_outcomes, cases.c.anesthesia_record_id, cases.c.date_of_service)
        .join(cases, same_case)
        .where(*wanted)
    )
    asked = CaseFilter(practice=question.practice, performance_year=question.performance_year)
    return _of_staff(found, asked, question.tins, question.npis, first=first)


def _behind_number(row: Row[Any]) -> CaseBehindNumber:
    return CaseBehindNumber(
        case_id=row.case_id,
        anesthesia_record_id=row.anesthesia_record_id,
        date_of_service=row.date_of_service,
        measure_id=row.measure_id,
        stratum=row.stratum,
        population=Population(row.population),
        reason=row.reason,
    )
