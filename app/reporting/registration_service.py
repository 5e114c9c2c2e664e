"""How a practice is registered for reporting in a year: read, registered, changed."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

from pydantic_core import to_jsonable_python

from app.domain.audit import Actor, AuditAction
from app.domain.confirmations import Occasion
from app.domain.errors.reporting import RegistrationUnknown
from app.domain.errors.requests import ChangedMeanwhile, InvalidRequest, PreconditionMissing
from app.domain.errors.roster import PracticeUnknown
from app.domain.identifiers import PracticeId
from app.domain.reporting import PracticeRegistration, Registration
from app.domain.roster import Subgroup, VirtualGroup
from app.domain.roster_changes import ChangeAction, RosterChange
from app.reporting.confirming import confirm, contacts_of
from app.reporting.deadlines import require_in_time
from app.reporting.registration_rules import faults_of
from app.reporting.reporting_years import deadlines_of, shipped_mvps
from app.roster.changing import RosterWork
from app.storage.unit_of_work import OpenWork, UnitOfWork

REGISTRATION_KIND: Final = "registration"
"""What changes of registrations are called in the history of a roster."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registrar:
    """Who registers. `late_reason`: why after the deadline, which only staff may do."""

    actor: Actor
    is_staff: bool
    late_reason: str | None = None


def read_registration(
    practice: PracticeId, performance_year: int, *, open_work: OpenWork
) -> Registration:
    """Raises: RegistrationUnknown."""
    with open_work() as work:
        registration = work.reporting.registration(practice, performance_year)
    if registration is None:
        raise RegistrationUnknown(f"The practice is not registered for {performance_year}.")
    return registration


def registration_history(
    practice: PracticeId, performance_year: int, *, open_work: OpenWork
) -> list[RosterChange]:
    """How the registration of a year became as it is, the newest change first."""
    with open_work() as work:
        changes = work.roster_history.of_kind(practice, REGISTRATION_KIND)
    return [
        each
        for each in changes
        if each.after is not None and each.after["performance_year"] == performance_year
    ]


def list_registrations(practice: PracticeId, *, open_work: OpenWork) -> list[Registration]:
    """The newest year first."""
    with open_work() as work:
        return work.reporting.registrations(practice)


def list_practices(
    performance_year: int,
    *,
    within: frozenset[PracticeId] | None,
    after: PracticeId | None = None,
    limit: int | None = None,
    open_work: OpenWork,
) -> list[PracticeRegistration]:
    """Practices in the order of their ids, registered or not; of `within` unless it is None."""
    with open_work() as work:
        return work.reporting_lists.practices(
            performance_year, within=within, after=after, limit=limit
        )


def register(
    practice: PracticeId,
    performance_year: int,
    by: Registrar,
    *,
    seen: int | None,
    make: Callable[[int], Registration],
    day: date,
    open_work: OpenWork,
) -> Registration:
    """Register a practice, or change its registration; `make` gives it for a version.

    `seen` is the version that who asks has seen, None for a first registration.
    Raises: PracticeUnknown, PreconditionMissing, ChangedMeanwhile, RegistrationClosed,
    InvalidRequest.
    """
    with open_work() as work:
        after = register_within(
            practice, performance_year, by, seen=seen, make=make, day=day, work=work
        )
        occasion = Occasion(performance_year=performance_year, registration=after.version)
        confirm(practice, occasion, contacts_of(practice, work), work)
        work.commit()
    return after


def register_within(
    practice: PracticeId,
    performance_year: int,
    by: Registrar,
    *,
    seen: int | None,
    make: Callable[[int], Registration],
    day: date,
    work: UnitOfWork,
) -> Registration:
    """As `register`, in the transaction of `work` and without a letter."""
    if not work.practices.exists(practice):
        raise PracticeUnknown("No practice of this id is registered.")
    work.roster.lock(practice)
    before = work.reporting.registration(practice, performance_year)
    after = make(_next_version(before, seen))
    require_in_time(
        "Registration",
        deadlines_of(performance_year).register_until,
        day=day,
        is_staff=by.is_staff,
        late_reason=by.late_reason,
    )
    _require_fitting(after, day, work)
    work.reporting.save(after)
    _tell(before, after, by, work)
    return after


def _next_version(before: Registration | None, seen: int | None) -> int:
    if before is None and seen is None:
        return 1
    if seen is None:
        raise PreconditionMissing("It is registered already: send If-Match with the ETag as read.")
    if before is None or before.version != seen:
        raise ChangedMeanwhile("Somebody has changed it since you read it. Read it again.")
    return seen + 1


def _require_fitting(registration: Registration, day: date, work: UnitOfWork) -> None:
    practice = registration.practice_id
    faults = faults_of(
        registration,
        day=day,
        mvps=shipped_mvps(),
        subgroups=work.roster.all(Subgroup, practice),
        virtual_groups=work.roster.all(VirtualGroup, practice),
    )
    if faults:
        raise InvalidRequest("; ".join(faults) + ".")


def _tell(
    before: Registration | None, after: Registration, by: Registrar, work: UnitOfWork
) -> None:
    is_new = before is None
    RosterWork(work=work, practice=after.practice_id, actor=by.actor).tell_of(
        REGISTRATION_KIND,
        ChangeAction.ADDED if is_new else ChangeAction.CHANGED,
        before=_as_json(before),
        after=_as_json(after),
    )
    work.audit.record(
        by.actor,
        AuditAction.REGISTRATION_MADE if is_new else AuditAction.REGISTRATION_CHANGED,
        practice=after.practice_id,
        reason=by.late_reason,
        performance_year=after.performance_year,
        option=after.option,
    )


def _as_json(registration: Registration | None) -> dict[str, Any] | None:
    if registration is None:
        return None
    told: dict[str, Any] = to_jsonable_python(asdict(registration))
    return told
