"""What is known of a practice itself: registered, read, changed by who has seen the newest."""

from collections.abc import Collection
from dataclasses import asdict, replace
from datetime import date
from typing import Any, Final

from app.domain.audit import Actor, AuditAction
from app.domain.errors.requests import ChangedMeanwhile
from app.domain.errors.roster import PracticeUnknown, RosterConflict
from app.domain.identifiers import PracticeId
from app.domain.roster import AgreementKind, PracticeDetails, missing_agreements
from app.domain.roster_changes import ChangeAction
from app.roster.changing import RosterWork
from app.storage.unit_of_work import OpenWork, UnitOfWork

_KIND: Final = "practice"


def list_practices(
    within: frozenset[PracticeId] | None,
    *,
    after: PracticeId | None,
    limit: int,
    open_work: OpenWork,
) -> list[PracticeDetails]:
    with open_work() as work:
        return work.roster.details_page(within, after=after, limit=limit)


def read_practice(practice: PracticeId, *, open_work: OpenWork) -> PracticeDetails:
    """Raises: PracticeUnknown."""
    with open_work() as work:
        return _known(practice, work)


def agreements_missing(
    practices: Collection[PracticeId], *, day: date, open_work: OpenWork
) -> dict[PracticeId, tuple[AgreementKind, ...]]:
    """By practice, the kinds of agreements of which none is in force on `day`."""
    with open_work() as work:
        known = work.roster.agreements_of(practices)
    return {
        practice: missing_agreements((each for each in known if each.practice_id == practice), day)
        for practice in practices
    }


def new_practice(details: PracticeDetails, actor: Actor, *, open_work: OpenWork) -> PracticeDetails:
    """Raises: RosterConflict."""
    with open_work() as work:
        work.roster.lock(details.id)
        if work.practices.exists(details.id):
            raise RosterConflict("A practice of this id is registered already.")
        work.practices.save(details.id, name=details.name)
        work.roster.save_details(details)
        _tell(work, actor, AuditAction.PRACTICE_REGISTERED, before=None, after=details)
        work.commit()
    return details


def change_practice(
    wanted: PracticeDetails, actor: Actor, *, seen: int, open_work: OpenWork
) -> PracticeDetails:
    """Raises: PracticeUnknown, ChangedMeanwhile."""
    with open_work() as work:
        work.roster.lock(wanted.id)
        before = _known(wanted.id, work)
        if before.version != seen:
            raise ChangedMeanwhile("Somebody has changed it since you read it. Read it again.")
        after = replace(wanted, version=before.version + 1)
        work.roster.save_details(after)
        _tell(work, actor, AuditAction.PRACTICE_CHANGED, before=before, after=after)
        work.commit()
    return after


def _tell(
    work: UnitOfWork,
    actor: Actor,
    done: AuditAction,
    *,
    before: PracticeDetails | None,
    after: PracticeDetails,
) -> None:
    action = ChangeAction.ADDED if before is None else ChangeAction.CHANGED
    RosterWork(work=work, practice=after.id, actor=actor).tell_of(
        _KIND, action, before=_as_json(before), after=_as_json(after)
    )
    work.audit.record(actor, done, practice=after.id, about=(_KIND, after.id))


def _as_json(details: PracticeDetails | None) -> dict[str, Any] | None:
    return None if details is None else asdict(details)


def _known(practice: PracticeId, work: UnitOfWork) -> PracticeDetails:
    details = work.roster.details(practice)
    if details is None:
        raise PracticeUnknown("No practice of this id is registered.")
    return details
