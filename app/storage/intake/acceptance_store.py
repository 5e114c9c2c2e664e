"""Accepted findings. A row is never deleted: it holds who accepted, and who withdrew and when."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    func,
    insert,
    select,
    true,
    update,
)

from app.domain.acceptances import Acceptance, AcceptanceState, Author, Withdrawal
from app.domain.findings import FindingCode
from app.domain.identifiers import PracticeId
from app.storage.fixed_statements import FixedStatement
from app.storage.locks import ACCEPTANCES_OF_A_PRACTICE
from app.storage.tables.submissions import accepted_findings

_IN_FORCE: Final = FixedStatement(
    select(accepted_findings)
    .where(
        accepted_findings.c.practice_id == bindparam("practice"),
        accepted_findings.c.sandbox == bindparam("on_sandbox"),
        accepted_findings.c.withdrawn_at.is_(None),
        accepted_findings.c.expires_on >= bindparam("day"),
    )
    .order_by(accepted_findings.c.id.desc())
)


class AcceptanceStore:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lock(self, practice: PracticeId) -> None:
        """Let one transaction at a time change what `practice` accepts."""
        hashed = func.hashtextextended(practice, ACCEPTANCES_OF_A_PRACTICE)
        self._connection.execute(select(func.pg_advisory_xact_lock(hashed)))

    def add(self, acceptance: Acceptance) -> None:
        self._connection.execute(
            insert(accepted_findings).values(
                practice_id=acceptance.practice_id,
                id=acceptance.id,
                sandbox=acceptance.sandbox,
                code=acceptance.code.value,
                path=acceptance.path,
                reason=acceptance.reason,
                expires_on=acceptance.expires_on,
                accepted_at=acceptance.accepted_at,
                accepted_by=acceptance.by.key_id,
                accepted_by_role=acceptance.by.role,
                accepted_by_label=acceptance.by.label,
            )
        )

    def withdraw(self, acceptance: Acceptance, withdrawal: Withdrawal) -> None:
        self._connection.execute(
            update(accepted_findings)
            .where(
                accepted_findings.c.practice_id == acceptance.practice_id,
                accepted_findings.c.id == acceptance.id,
            )
            .values(
                withdrawn_at=withdrawal.at,
                withdrawn_by=withdrawal.by.key_id,
                withdrawn_by_role=withdrawal.by.role,
                withdrawn_by_label=withdrawal.by.label,
                withdrawal_reason=withdrawal.reason,
            )
        )

    def get(self, practice: PracticeId, acceptance_id: UUID) -> Acceptance | None:
        return self.with_ids(practice, [acceptance_id]).get(acceptance_id)

    def with_ids(self, practice: PracticeId, ids: Iterable[UUID]) -> dict[UUID, Acceptance]:
        rows = self._connection.execute(
            select(accepted_findings).where(
                accepted_findings.c.practice_id == practice, accepted_findings.c.id.in_(ids)
            )
        )
        return {row.id: _acceptance(row) for row in rows}

    def in_force(self, practice: PracticeId, *, sandbox: bool, day: date) -> list[Acceptance]:
        """Newest first."""
        rows = _IN_FORCE.ask(self._connection, practice=practice, on_sandbox=sandbox, day=day)
        return [_acceptance(row) for row in rows]

    def in_force_at(
        self,
        practice: PracticeId,
        *,
        code: FindingCode,
        path: str | None,
        sandbox: bool,
        day: date,
    ) -> list[Acceptance]:
        """Those of `code` for just `path`; None: those for anywhere."""
        rows = self._connection.execute(
            select(accepted_findings).where(
                *_of_side(practice, sandbox),
                accepted_findings.c.code == code.value,
                accepted_findings.c.path.is_not_distinct_from(path),
                _is_in(AcceptanceState.IN_FORCE, day),
            )
        )
        return [_acceptance(row) for row in rows]

    def count_in_force(self, practice: PracticeId, *, sandbox: bool, day: date) -> int:
        return self._connection.execute(
            select(func.count())
            .select_from(accepted_findings)
            .where(*_of_side(practice, sandbox), _is_in(AcceptanceState.IN_FORCE, day))
        ).scalar_one()

    def of_practice(
        self,
        practice: PracticeId,
        *,
        sandbox: bool,
        state: AcceptanceState | None,
        day: date,
        before: UUID | None = None,
        limit: int | None = None,
    ) -> list[Acceptance]:
        """Newest first: ids are UUIDv7 and grow with time. `state` is that on `day`; None: any."""
        query = select(accepted_findings).where(*_of_side(practice, sandbox), _is_in(state, day))
        if before is not None:
            query = query.where(accepted_findings.c.id < before)
        rows = self._connection.execute(query.order_by(accepted_findings.c.id.desc()).limit(limit))
        return [_acceptance(row) for row in rows]


def _of_side(practice: PracticeId, sandbox: bool) -> tuple[ColumnElement[bool], ...]:
    return accepted_findings.c.practice_id == practice, accepted_findings.c.sandbox == sandbox


def _is_in(state: AcceptanceState | None, day: date) -> ColumnElement[bool]:
    stands = accepted_findings.c.withdrawn_at.is_(None)
    match state:
        case None:
            return true()
        case AcceptanceState.IN_FORCE:
            return and_(stands, accepted_findings.c.expires_on >= day)
        case AcceptanceState.EXPIRED:
            return and_(stands, accepted_findings.c.expires_on < day)
        case AcceptanceState.WITHDRAWN:
            return accepted_findings.c.withdrawn_at.is_not(None)


def _acceptance(row: Any) -> Acceptance:  # noqa: ANN401 - of SQLAlchemy or of psycopg
    return Acceptance(
        id=row.id,
        practice_id=PracticeId(row.practice_id),
        sandbox=row.sandbox,
        code=FindingCode(row.code),
        path=row.path,
        reason=row.reason,
        expires_on=row.expires_on,
        accepted_at=row.accepted_at,
        by=Author(key_id=row.accepted_by, role=row.accepted_by_role, label=row.accepted_by_label),
        withdrawal=_withdrawal(row),
    )


def _withdrawal(row: Any) -> Withdrawal | None:  # noqa: ANN401 - as above
    if row.withdrawn_at is None:
        return None
    by = Author(key_id=row.withdrawn_by, role=row.withdrawn_by_role, label=row.withdrawn_by_label)
    return Withdrawal(at=row.withdrawn_at, by=by, reason=row.withdrawal_reason)
