"""Policies of retention and legal holds, as staff set, place and lift them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import uuid_utils.compat as uuids

from app.domain.audit import Actor, AuditAction
from app.domain.errors.keeping import LegalHoldUnknown
from app.domain.errors.roster import PracticeUnknown
from app.domain.identifiers import PracticeId
from app.domain.retention import LegalHold, RetentionPolicy
from app.retention.periods import require_long_enough
from app.storage.unit_of_work import OpenWork, UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """`years`: how long a case is kept at least, whatever practice it is of."""

    open_work: OpenWork
    years: int

    def policy(self, practice: PracticeId) -> RetentionPolicy:
        """Raises: PracticeUnknown."""
        with self.open_work() as work:
            _require_known(practice, work)
            return self.policy_in(work, practice)

    def policy_in(self, work: UnitOfWork, practice: PracticeId) -> RetentionPolicy:
        """One that was set before the registry kept cases for longer is lengthened."""
        known = work.retention.policy(practice)
        if known is None:
            return RetentionPolicy(practice_id=practice, years=self.years)
        return RetentionPolicy(
            practice_id=practice,
            years=max(known.years, self.years),
            purges_by_itself=known.purges_by_itself,
        )

    def set_policy(self, policy: RetentionPolicy, actor: Actor, *, reason: str) -> None:
        """Raises: PracticeUnknown, InvalidRequest."""
        require_long_enough(policy.years, at_least=self.years)
        with self.open_work() as work:
            _require_known(policy.practice_id, work)
            work.retention.lock(policy.practice_id)
            work.retention.save_policy(policy)
            work.audit.record(
                actor,
                AuditAction.RETENTION_CHANGED,
                practice=policy.practice_id,
                reason=reason,
                years=policy.years,
                purges_by_itself=policy.purges_by_itself,
            )
            work.commit()

    def holds(
        self, practice: PracticeId, *, before: UUID | None = None, limit: int | None = None
    ) -> list[LegalHold]:
        """The newest first, lifted ones too."""
        with self.open_work() as work:
            return work.retention.holds(practice, before=before, limit=limit)

    def place_hold(self, practice: PracticeId, actor: Actor, *, reason: str) -> LegalHold:
        """From its return on nothing of the practice is purged; a batch under way ends before.

        Raises: PracticeUnknown.
        """
        with self.open_work() as work:
            _require_known(practice, work)
            work.retention.lock(practice)
            hold = LegalHold(
                practice_id=practice,
                id=uuids.uuid7(),
                reason=reason,
                placed_at=datetime.now(UTC),
                placed_by=_name_of(actor),
            )
            work.retention.place_hold(hold)
            _record(AuditAction.LEGAL_HOLD_PLACED, hold, actor, reason, work)
            work.commit()
        return hold

    def lift_hold(
        self, practice: PracticeId, hold_id: UUID, actor: Actor, *, reason: str
    ) -> LegalHold:
        """One that was lifted before stays as it was. Raises: LegalHoldUnknown."""
        with self.open_work() as work:
            work.retention.lock(practice)
            hold = _found(practice, hold_id, work)
            if hold.lifted_at is None:
                by = _name_of(actor)
                work.retention.lift_hold(hold, at=datetime.now(UTC), by=by, reason=reason)
                _record(AuditAction.LEGAL_HOLD_LIFTED, hold, actor, reason, work)
                hold = _found(practice, hold_id, work)
                work.commit()
        return hold


RetentionWithin = Callable[[OpenWork], Retention]
"""Of a deployment, for whoever opens work: a request does within the bounds of its caller."""


def _require_known(practice: PracticeId, work: UnitOfWork) -> None:
    if not work.practices.exists(practice):
        raise PracticeUnknown("No practice of this id is registered.")


def _found(practice: PracticeId, hold_id: UUID, work: UnitOfWork) -> LegalHold:
    hold = work.retention.hold(practice, hold_id)
    if hold is None:
        raise LegalHoldUnknown("The practice has no legal hold of this id.")
    return hold


def _record(
    done: AuditAction, hold: LegalHold, actor: Actor, reason: str, work: UnitOfWork
) -> None:
    about = ("legal_hold", hold.id)
    work.audit.record(actor, done, practice=hold.practice_id, about=about, reason=reason)


def _name_of(actor: Actor) -> str | None:
    return actor.label or (None if actor.key_id is None else f"key {actor.key_id}")
