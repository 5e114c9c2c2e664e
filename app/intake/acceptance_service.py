"""The review of warnings: a practice accepts a finding for a time, and may think better of it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

import uuid_utils.compat as uuids

from app.access.repeating import Repeatable
from app.checking.acceptance import MOST_IN_FORCE, is_acceptable, last_day
from app.checking.standards import Standards
from app.domain.acceptances import Acceptance, AcceptanceState, Author, Withdrawal
from app.domain.audit import AuditAction
from app.domain.errors.intake import AcceptanceUnknown, FindingNotAcceptable, TooManyAcceptances
from app.domain.errors.requests import InvalidRequest
from app.domain.finding_catalogue import finding_catalogue
from app.domain.findings import FindingCode
from app.domain.identifiers import PracticeId
from app.domain.principals import Principal
from app.intake.acceptance_places import check_place
from app.storage.unit_of_work import OpenWork, UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAcceptance:
    """What is asked for. `expires_on` None: as long as is usual."""

    practice_id: PracticeId
    code: FindingCode
    path: str | None
    reason: str
    expires_on: date | None
    idempotency_key: str | None

    def request(self, caller: Principal) -> Repeatable:
        said = (self.code.value, self.path, self.reason, self.expires_on)
        return Repeatable.of(
            caller,
            self.idempotency_key,
            asked=f"accept finding {said}",
            practice=self.practice_id,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """`is_replay` when the same was accepted before: this is that acceptance."""

    acceptance: Acceptance
    is_replay: bool


def accept_finding(
    new: NewAcceptance,
    caller: Principal,
    *,
    day: date,
    standards: Standards,
    open_work: OpenWork,
) -> Accepted:
    """Accept findings of a code from now on.

    Raises: FindingNotAcceptable; InvalidRequest for an end or a place that is none;
    IdempotencyConflict when the key came with another request; TooManyAcceptances.
    """
    _require_acceptable(new.code, standards)
    _require_place(new.path, standards)
    acceptance, request = _made_from(new, caller, day), new.request(caller)
    with open_work() as work:
        earlier = _earlier(request, acceptance, day, work)
        if earlier is None:
            _require_room(acceptance, day, work)
            work.acceptances.add(acceptance)
            work.audit.record(
                caller.actor,
                AuditAction.FINDING_ACCEPTED,
                practice=acceptance.practice_id,
                about=("acceptance", acceptance.id),
                reason=acceptance.reason,
                code=acceptance.code,
            )
        request.keep((earlier or acceptance).id, work)
        work.commit()
    return Accepted(acceptance=earlier or acceptance, is_replay=earlier is not None)


def withdraw_acceptance(
    acceptance_id: UUID,
    practice: PracticeId,
    caller: Principal,
    *,
    reason: str | None,
    open_work: OpenWork,
) -> Acceptance:
    """Let it cover no further file. One that was withdrawn before stays as it was.

    Raises: AcceptanceUnknown, also for one of the other side of the sandbox.
    """
    with open_work() as work:
        work.acceptances.lock(practice)
        acceptance = _visible(work.acceptances.get(practice, acceptance_id), caller)
        if acceptance.withdrawal is None:
            withdrawal = Withdrawal(at=datetime.now(UTC), by=_author(caller), reason=reason)
            work.acceptances.withdraw(acceptance, withdrawal)
            work.audit.record(
                caller.actor,
                AuditAction.ACCEPTANCE_WITHDRAWN,
                practice=practice,
                about=("acceptance", acceptance.id),
                reason=reason,
            )
            acceptance = _visible(work.acceptances.get(practice, acceptance_id), caller)
            work.commit()
    return acceptance


def list_acceptances(
    practice: PracticeId,
    caller: Principal,
    *,
    state: AcceptanceState | None,
    day: date,
    before: UUID | None,
    limit: int,
    open_work: OpenWork,
) -> list[Acceptance]:
    with open_work() as work:
        return work.acceptances.of_practice(
            practice, sandbox=caller.sandbox, state=state, day=day, before=before, limit=limit
        )


def _require_acceptable(code: FindingCode, standards: Standards) -> None:
    grades = {rule.code: rule.severity for rule in standards.rules.rules}
    if not is_acceptable(finding_catalogue()[code].severities, grades.get(code)):
        raise FindingNotAcceptable(
            f"{code} is an error here: what has one is not stored, so it is to be mended."
        )


def _require_place(path: str | None, standards: Standards) -> None:
    if path is None:
        return
    try:
        check_place(path, standards.schemas)
    except ValueError as error:
        raise InvalidRequest(f"path: {error}") from None


def _require_room(acceptance: Acceptance, day: date, work: UnitOfWork) -> None:
    in_force = work.acceptances.count_in_force(
        acceptance.practice_id, sandbox=acceptance.sandbox, day=day
    )
    if in_force >= MOST_IN_FORCE:
        raise TooManyAcceptances(MOST_IN_FORCE)


def _made_from(new: NewAcceptance, caller: Principal, day: date) -> Acceptance:
    try:
        expires_on = last_day(new.expires_on, day=day)
    except ValueError as error:
        raise InvalidRequest(f"expires_on: {error}.") from None
    return Acceptance(
        id=uuids.uuid7(),
        practice_id=new.practice_id,
        sandbox=caller.sandbox,
        code=new.code,
        path=new.path,
        reason=new.reason,
        expires_on=expires_on,
        accepted_at=datetime.now(UTC),
        by=_author(caller),
    )


def _earlier(
    request: Repeatable, new: Acceptance, day: date, work: UnitOfWork
) -> Acceptance | None:
    """What the same request made before: by its key, or else as it is still in force."""
    request.lock(work)
    used = request.used(work)
    if used is not None:
        return work.acceptances.get(new.practice_id, used.made_id)
    work.acceptances.lock(new.practice_id)
    in_force = work.acceptances.in_force_at(
        new.practice_id, code=new.code, path=new.path, sandbox=new.sandbox, day=day
    )
    return next((each for each in in_force if each.says_the_same_as(new)), None)


def _visible(acceptance: Acceptance | None, caller: Principal) -> Acceptance:
    if acceptance is None or acceptance.sandbox != caller.sandbox:
        raise AcceptanceUnknown("The practice has no accepted finding of this id.")
    return acceptance


def _author(caller: Principal) -> Author:
    return Author(key_id=caller.id, role=caller.role.value, label=caller.label)
