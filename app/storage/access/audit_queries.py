"""The audit trail as it is read: asked for in pages, and chain by chain to be proved."""

from collections.abc import Generator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, literal, select, tuple_

from app.domain.audit import Actor, AuditEntry, AuditEvent, ChainHead
from app.domain.audit_chain import FIRST_HASH
from app.domain.identifiers import PracticeId
from app.storage.access.audit_store import NO_PRACTICE, chain_of
from app.storage.tables.audit import audit_entries as entries
from app.storage.tables.audit import audit_heads as heads

_AT_ONCE: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditQuestion:
    """Which entries are asked for. Days are those of UTC, both included.

    `practice` None: of every chain, that of no practice too. `sandbox_only`: what sandbox keys did.
    """

    practice: PracticeId | None = None
    action: str | None = None
    first_day: date | None = None
    last_day: date | None = None
    sandbox_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditPlace:
    """Where a page ends: the time, chain and number of its last entry."""

    at: datetime
    practice_id: str
    number: int

    @classmethod
    def of(cls, entry: AuditEntry) -> "AuditPlace":
        chain = entry.event.practice_id or NO_PRACTICE
        return cls(at=entry.at, practice_id=chain, number=entry.number)


class AuditQueries:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def listed(
        self, question: AuditQuestion, *, before: AuditPlace | None, limit: int
    ) -> list[AuditEntry]:
        """Newest first."""
        place = (entries.c.at, entries.c.practice_id, entries.c.number)
        query = _asked(question)
        if before is not None:
            last = (literal(before.at), literal(before.practice_id), literal(before.number))
            query = query.where(tuple_(*place) < tuple_(*last))
        query = query.order_by(*(column.desc() for column in place)).limit(limit)
        return [_entry(row) for row in self._connection.execute(query)]

    def chains(self) -> list[PracticeId | None]:
        """Every chain that has a head or an entry, that of no practice first."""
        of_heads = select(heads.c.practice_id)
        found = of_heads.union(select(entries.c.practice_id)).order_by("practice_id")
        return [chain_of(name) for name in self._connection.scalars(found)]

    def head(self, practice: PracticeId | None) -> ChainHead:
        row = self._connection.execute(
            select(heads).where(heads.c.practice_id == (practice or NO_PRACTICE))
        ).first()
        if row is None:
            return ChainHead(practice_id=practice, number=0, hash=FIRST_HASH)
        return ChainHead(practice_id=practice, number=row.number, hash=bytes(row.hash))

    def chain(self, practice: PracticeId | None) -> Generator[AuditEntry, None, None]:
        """Yield the links of a chain in their order; some at a time are in memory.

        To be closed when it is not read to its end.
        """
        query = (
            select(entries)
            .where(entries.c.practice_id == (practice or NO_PRACTICE))
            .order_by(entries.c.number)
        )
        streaming = self._connection.execution_options(yield_per=_AT_ONCE)
        with streaming.execute(query) as rows:
            for row in rows:
                yield _entry(row)


def _asked(question: AuditQuestion) -> Select[Any]:
    query = select(entries)
    if question.practice is not None:
        query = query.where(entries.c.practice_id == question.practice)
    if question.action is not None:
        query = query.where(entries.c.action == question.action)
    if question.first_day is not None:
        query = query.where(entries.c.at >= _midnight(question.first_day))
    if question.last_day is not None and question.last_day < date.max:
        query = query.where(entries.c.at < _midnight(question.last_day + timedelta(days=1)))
    if question.sandbox_only:
        query = query.where(entries.c.sandbox)
    return query


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time()).replace(tzinfo=UTC)


def _entry(row: Row[Any]) -> AuditEntry:
    actor = Actor(
        kind=row.actor,
        key_id=row.key_id,
        user_id=row.user_id,
        role=row.role,
        label=row.label,
        address=row.address,
        request_id=row.request_id,
        sandbox=row.sandbox,
    )
    event = AuditEvent(
        actor=actor,
        action=row.action,
        practice_id=chain_of(row.practice_id),
        about=row.about,
        about_id=row.about_id,
        reason=row.reason,
        details=row.details,
    )
    return AuditEntry(number=row.number, at=row.at, event=event, hash=bytes(row.hash))
