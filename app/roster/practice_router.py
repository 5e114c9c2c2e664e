"""Practices: listed, registered, read, changed; and what was changed in their rosters."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Response

from app.access.asked import PathPractice
from app.access.dependencies import Caller, Work, require_registered
from app.access.kept_answers import KeepsAnswers
from app.access.rights import Right, practices_of, require, require_practice, sees_every_practice
from app.domain.identifiers import PracticeId
from app.domain.roster import AgreementKind, PracticeDetails, is_small_practice
from app.roster.practice_service import (
    agreements_missing,
    change_practice,
    list_practices,
    new_practice,
    read_practice,
)
from app.roster.practice_wire import NewPracticeRequest, PracticeOut, PracticeRequest, details_asked
from app.roster.versions import SeenVersion, tell_version
from app.roster.wire import RosterChangeOut
from app.storage.unit_of_work import OpenWork
from app.web.dependencies import Today
from app.web.json_bodies import described_body, json_body
from app.web.paging import (
    Page,
    Paged,
)

router = APIRouter(prefix="/v1/practices", tags=["practices"], route_class=KeepsAnswers)


@router.get("")
def list_all_practices(
    caller: Caller,
    open_work: Work,
    day: Today,
    paged: Paged,
) -> Page[PracticeOut]:
    """Those that the key reaches, in the order of their ids."""
    require(caller, Right.SEE_ROSTER)
    after = paged.text("after")
    found = list_practices(
        None if sees_every_practice(caller) else practices_of(caller, Right.SEE_ROSTER),
        after=None if after is None else PracticeId(after),
        limit=paged.with_next,
        open_work=open_work,
    )
    missing = agreements_missing([each.id for each in found], day=day, open_work=open_work)
    return paged.page(
        found,
        show=lambda practice: _shown(practice, missing[practice.id]),
        key_of=lambda practice: {"after": practice.id},
    )


@router.post("", status_code=201, openapi_extra=described_body(NewPracticeRequest))
def register_new_practice(
    response: Response,
    caller: Caller,
    open_work: Work,
    day: Today,
    asked: Annotated[NewPracticeRequest, Depends(json_body(NewPracticeRequest))],
) -> PracticeOut:
    """Register a practice by the id that AQI gave it."""
    require(caller, Right.REGISTER_PRACTICES)
    details = details_asked(PracticeId(asked.id), asked)
    made = new_practice(details, caller.actor, open_work=open_work)
    response.headers["Location"] = f"/v1/practices/{made.id}"
    return _told(made, response, day, open_work)


@router.get("/{practice_id}")
def read_one_practice(
    practice: PathPractice, response: Response, caller: Caller, open_work: Work, day: Today
) -> PracticeOut:
    """One practice. Its ETag is what a change must name in If-Match."""
    require_practice(caller, Right.SEE_ROSTER, practice)
    details = read_practice(practice, open_work=open_work)
    return _told(details, response, day, open_work)


@router.put("/{practice_id}", openapi_extra=described_body(PracticeRequest))
def change_one_practice(
    practice: PathPractice,
    response: Response,
    caller: Caller,
    open_work: Work,
    day: Today,
    seen: SeenVersion,
    asked: Annotated[PracticeRequest, Depends(json_body(PracticeRequest))],
) -> PracticeOut:
    """It becomes what the body says, whole. What is left out has its default."""
    require_practice(caller, Right.CHANGE_ROSTER, practice)
    changed = change_practice(
        details_asked(practice, asked), caller.actor, seen=seen, open_work=open_work
    )
    return _told(changed, response, day, open_work)


@router.get("/{practice_id}/roster-changes")
def list_roster_changes(
    practice: PathPractice,
    caller: Caller,
    open_work: Work,
    paged: Paged,
) -> Page[RosterChangeOut]:
    """Who changed what in the roster of the practice, the newest first."""
    require_practice(caller, Right.SEE_ROSTER, practice)
    require_registered(open_work, practice)
    with open_work() as work:
        found = work.roster_history.page(
            practice, before=paged.uuid("before"), limit=paged.with_next
        )
    return paged.page(found, show=RosterChangeOut.of, key_of=lambda change: {"before": change.id})


def _told(
    details: PracticeDetails, response: Response, day: date, open_work: OpenWork
) -> PracticeOut:
    tell_version(response, details.version)
    missing = agreements_missing([details.id], day=day, open_work=open_work)
    return _shown(details, missing[details.id])


def _shown(details: PracticeDetails, missing: tuple[AgreementKind, ...]) -> PracticeOut:
    number = details.clinicians
    return PracticeOut(
        id=details.id,
        version=details.version,
        name=details.name,
        addresses=list(details.addresses),
        contacts=list(details.contacts),
        clinicians=number,
        is_small=None if number is None else is_small_practice(number),
        missing_agreements=list(missing),
    )
