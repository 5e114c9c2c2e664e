"""Backfills of practices: how far they are, and what they moved."""

from collections.abc import Collection
from dataclasses import fields
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    any_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from app.domain.backfills import Backfill, BackfillStatus, Move, MoveClass, PlaceCount
from app.domain.identifiers import PracticeId
from app.storage.database import driver_connection
from app.storage.locks import BACKFILLS_OF_A_PRACTICE
from app.storage.tables.backfills import backfill_counts, backfill_moves, backfills
from app.storage.tables.cases import cases

_COLUMNS: Final = backfills.c
_FIELDS: Final = tuple(field.name for field in fields(Backfill))
_LEVEL: Final = tuple(
    backfill_counts.c[name] for name in ("measure_id", "stratum", "tin", "npi", "facility_id")
)
_CLASS: Final = tuple(
    backfill_moves.c[name]
    for name in (
        *("measure_id", "stratum", "place_before", "reason_before"),
        *("place_after", "reason_after"),
    )
)

# Put together once: every answer about results asks it.
_UNFINISHED: Final = select(backfills).where(
    _COLUMNS.practice_id == bindparam("practice"),
    _COLUMNS.performance_year == bindparam("year"),
    _COLUMNS.ended_at.is_(None),
)


class BackfillStore:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lock(self, practice: PracticeId) -> None:
        """Let one transaction at a time line up or end backfills of `practice`."""
        driver_connection(self._connection).execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))",
            (practice, BACKFILLS_OF_A_PRACTICE),
        )

    def get(self, backfill_id: UUID) -> Backfill | None:
        row = self._connection.execute(select(backfills).where(_COLUMNS.id == backfill_id)).first()
        return None if row is None else _backfill(row)

    def unfinished(self, practice: PracticeId, performance_year: int) -> Backfill | None:
        asked = {"practice": practice, "year": performance_year}
        row = self._connection.execute(_UNFINISHED, asked).first()
        return None if row is None else _backfill(row)

    def page(
        self,
        practices: Collection[PracticeId] | None,
        performance_year: int | None,
        *,
        before: UUID | None,
        limit: int,
    ) -> list[Backfill]:
        """The newest first; `practices` None: those of every practice."""
        query = select(backfills).order_by(_COLUMNS.id.desc()).limit(limit)
        if practices is not None:
            query = query.where(_COLUMNS.practice_id.in_(practices))
        if performance_year is not None:
            query = query.where(_COLUMNS.performance_year == performance_year)
        if before is not None:
            query = query.where(_COLUMNS.id < before)
        return [_backfill(row) for row in self._connection.execute(query)]

    def was_left(self, performance_year: int, version: str) -> bool:
        """Whether any practice was ever taken from `version` to another one."""
        found = exists().where(
            _COLUMNS.performance_year == performance_year,
            literal(version) == any_(_COLUMNS.from_versions),
        )
        return bool(self._connection.scalar(select(found)))

    def add(self, backfill: Backfill) -> None:
        self._connection.execute(
            insert(backfills).values(
                {name: getattr(backfill, name) for name in _FIELDS}
                | {"from_versions": list(backfill.from_versions)}
            )
        )

    def begin(self, backfill: Backfill, *, at: datetime) -> None:
        """Count its cases, which the caller holds still."""
        total = (
            select(func.count())
            .select_from(cases)
            .where(
                cases.c.practice_id == backfill.practice_id,
                cases.c.performance_year == backfill.performance_year,
            )
            .scalar_subquery()
        )
        self._set(backfill, status=BackfillStatus.RUNNING, started_at=at, cases_total=total)

    def advance(
        self, backfill: Backfill, *, position: UUID, done: int, moved: int, unreadable: int
    ) -> None:
        self._set(
            backfill,
            position=position,
            cases_done=_COLUMNS.cases_done + done,
            cases_moved=_COLUMNS.cases_moved + moved,
            cases_unreadable=_COLUMNS.cases_unreadable + unreadable,
        )

    def end(self, backfill: Backfill, status: BackfillStatus, *, at: datetime) -> None:
        self._set(backfill, status=status, ended_at=at)

    def counts(self, backfill: Backfill) -> list[PlaceCount]:
        """Of each level and measure that something changed in."""
        rows = self._connection.execute(
            select(backfill_counts)
            .where(*_of(backfill_counts.c, backfill))
            .order_by(*_LEVEL, backfill_counts.c.place)
        )
        return [
            PlaceCount(**{field.name: getattr(row, field.name) for field in fields(PlaceCount)})
            for row in rows
        ]

    def forget_unchanged(self, backfill: Backfill) -> None:
        """Drop the counts of levels and measures that nothing changed in."""
        of_backfill = _of(backfill_counts.c, backfill)
        changed = backfill_counts.alias()
        same_level = [changed.c[column.name] == column for column in _LEVEL]
        has_changed = exists().where(
            *_of(changed.c, backfill), *same_level, changed.c.before != changed.c.after
        )
        self._connection.execute(delete(backfill_counts).where(*of_backfill, ~has_changed))

    def move_classes(self, backfill: Backfill) -> list[MoveClass]:
        rows = self._connection.execute(
            select(*_CLASS, func.count().label("cases"))
            .where(*_of(backfill_moves.c, backfill))
            .group_by(*_CLASS)
            .order_by(*_CLASS)
        )
        return [MoveClass(**row._mapping) for row in rows]

    def moves(
        self, backfill: Backfill, *, after: tuple[UUID, str, str] | None, limit: int
    ) -> list[Move]:
        """Behind `after`: a case, a measure and a stratum."""
        columns = backfill_moves.c
        query = select(backfill_moves).where(*_of(columns, backfill))
        place = func.row(columns.case_id, columns.measure_id, columns.stratum)
        if after is not None:
            query = query.where(place > func.row(*after))
        rows = self._connection.execute(
            query.order_by(columns.case_id, columns.measure_id, columns.stratum).limit(limit)
        )
        return [
            Move(**{field.name: getattr(row, field.name) for field in fields(Move)}) for row in rows
        ]

    def _set(self, backfill: Backfill, **values: object) -> None:
        self._connection.execute(
            update(backfills)
            .where(_COLUMNS.practice_id == backfill.practice_id, _COLUMNS.id == backfill.id)
            .values(**values)
        )


def _of(
    columns: ReadOnlyColumnCollection[str, Any], backfill: Backfill
) -> tuple[ColumnElement[bool], ...]:
    return columns.practice_id == backfill.practice_id, columns.backfill_id == backfill.id


def _backfill(row: Row[Any]) -> Backfill:
    values = {name: getattr(row, name) for name in _FIELDS}
    values["from_versions"] = tuple(row.from_versions)
    values["status"] = BackfillStatus(row.status)
    return Backfill(**values)
