"""Improvement activities: known to anyone, attested by a practice and its registry."""

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any, Final
from uuid import UUID

import uuid_utils.compat as uuids
from fastapi import APIRouter, Depends, Query, Response

from app.access.asked import PathPractice
from app.access.dependencies import Caller, Work, require_registered
from app.access.repeating import Repeatable
from app.access.rights import Right, require_practice
from app.measures.activities.inventory import load_inventory
from app.measures.activities.progress import credit_scene, progress_of
from app.measures.activities.service import Attestations, attested_by
from app.measures.activities.wire import (
    ActivitiesProgress,
    ActivityList,
    ActivityNeeds,
    AttestationOut,
    AttestationRequest,
    EntityProgressOut,
)
from app.measures.dependencies import Measures, Year
from app.measures.scoring.inputs import TRADITIONAL_MIPS
from app.measures.scoring_rules import scoring_rules_of
from app.roster.versions import SeenVersion, tell_version
from app.web.dependencies import Today
from app.web.idempotency import IdempotencyKey
from app.web.json_bodies import described_body, json_body
from app.web.openapi import OF_A_VERSION, problem_response
from app.web.paging import Page, Paged

_NOT_ADDED: Final[dict[int | str, dict[str, Any]]] = {
    409: problem_response("It is attested already for the same in this year.")
}
_NOT_CHANGED: Final[dict[int | str, dict[str, Any]]] = {
    **_NOT_ADDED,
    **OF_A_VERSION,
}
_BODY: Final = described_body(AttestationRequest)

inventory_router = APIRouter(prefix="/v1/improvement-activities", tags=["improvement activities"])
router = APIRouter(
    prefix="/v1/practices/{practice_id}/improvement-activities", tags=["improvement activities"]
)

Asked = Annotated[AttestationRequest, Depends(json_body(AttestationRequest))]


def _attestations(
    practice: PathPractice, caller: Caller, open_work: Work, day: Today, catalogue: Measures
) -> Callable[[Right], Attestations]:
    """Return those of the practice for who has the right; asked before a body is read."""

    def allowed(right: Right) -> Attestations:
        require_practice(caller, right, practice)
        require_registered(open_work, practice)
        return Attestations(
            practice=practice, caller=caller, day=day, catalogue=catalogue, open_work=open_work
        )

    return allowed


_Allowed = Annotated[Callable[[Right], Attestations], Depends(_attestations)]


def _readable(allowed: _Allowed) -> Attestations:
    return allowed(Right.SEE_ACTIVITIES)


def _changeable(allowed: _Allowed) -> Attestations:
    return allowed(Right.ATTEST_ACTIVITIES)


Readable = Annotated[Attestations, Depends(_readable)]
Changeable = Annotated[Attestations, Depends(_changeable)]


@inventory_router.get("", summary="List improvement activities")
def list_activities(performance_year: Year, catalogue: Measures) -> ActivityList:
    """The activities that are known here, and what the category asks for in a year."""
    return ActivityList.of(load_inventory(), scoring_rules_of(catalogue, performance_year))


@router.get("", summary="List attested activities")
def list_attestations(
    attestations: Readable,
    performance_year: Year,
    paged: Paged,
) -> Page[AttestationOut]:
    """What the practice attests for a year, in the order in which it did."""
    found = attestations.page(performance_year, after=paged.uuid("after"), limit=paged.with_next)
    return paged.page(found, show=AttestationOut.of, key_of=lambda each: {"after": each.id})


@router.post(
    "",
    status_code=201,
    responses=_NOT_ADDED,
    openapi_extra=_BODY,
    summary="Attest an activity",
)
def attest_activity(
    attestations: Changeable,
    caller: Caller,
    response: Response,
    asked: Asked,
    idempotency_key: IdempotencyKey = None,
) -> AttestationOut:
    """Say that a group, a clinician or a subgroup does or did an activity, and when.

    It counts after 90 days on end within the year; of a group, when half of its clinicians did it
    in the same 90 days, by the roster of the year.
    """
    practice = attestations.practice
    request = Repeatable.of(
        caller, idempotency_key, asked=f"attest for {practice} {asked.model_dump_json()}"
    )
    new = attested_by(caller, dict(asked), attestation_id=uuids.uuid7(), practice=practice)
    added, is_replay = attestations.add(new, request)
    if is_replay:
        response.headers["Idempotent-Replay"] = "true"
        response.status_code = 200
    response.headers["Location"] = f"/v1/practices/{practice}/improvement-activities/{added.id}"
    return _shown(added, response)


# Before `/{attestation_id}`, which would take "progress" for an id.
@router.get("/progress", summary="Read the progress of a year")
def read_progress(
    attestations: Readable,
    performance_year: Year,
    program: Annotated[str, Query(description="`mips`, or the id of an MVP such as `G0059`.")] = (
        TRADITIONAL_MIPS
    ),
    non_patient_facing: bool = False,
) -> ActivitiesProgress:
    """What is needed, what is attested, and how many days each activity has gone on so far."""
    practice = attestations.practice
    rules = scoring_rules_of(attestations.catalogue, performance_year, program)
    with attestations.open_work() as work:
        scene = credit_scene(
            practice,
            rules,
            work,
            program=program,
            day=attestations.day,
            non_patient_facing=non_patient_facing,
        )
        found = progress_of(practice, scene, work)
    of_activities = rules.improvement_activities
    return ActivitiesProgress(
        practice_id=practice,
        performance_year=performance_year,
        program=program,
        needs=ActivityNeeds.of(of_activities),
        entities=tuple(EntityProgressOut.of(each, of_activities) for each in found),
    )


@router.get("/{attestation_id}", summary="Read an attested activity")
def read_attestation(
    attestation_id: UUID, attestations: Readable, response: Response
) -> AttestationOut:
    """Its ETag is what a change must name in If-Match."""
    return _shown(attestations.get(attestation_id), response)


@router.put(
    "/{attestation_id}",
    responses=_NOT_CHANGED,
    openapi_extra=_BODY,
    summary="Change an attested activity",
)
def change_attestation(
    attestation_id: UUID,
    attestations: Changeable,
    caller: Caller,
    response: Response,
    seen: SeenVersion,
    asked: Asked,
) -> AttestationOut:
    """It becomes what the body says, whole, attested by whoever changes it."""
    practice = attestations.practice
    after = attested_by(caller, dict(asked), attestation_id=attestation_id, practice=practice)
    changed = attestations.change(
        attestation_id, seen=seen, change=lambda before: replace(after, version=before.version)
    )
    return _shown(changed, response)


@router.delete(
    "/{attestation_id}",
    status_code=204,
    responses=_NOT_CHANGED,
    summary="Take an attestation back",
)
def remove_attestation(attestation_id: UUID, attestations: Changeable, seen: SeenVersion) -> None:
    """For what was attested by mistake; the audit trail keeps that it was there."""
    attestations.remove(attestation_id, seen=seen)


def _shown(attestation: object, response: Response) -> AttestationOut:
    shown = AttestationOut.model_validate(attestation)
    tell_version(response, shown.version)
    return shown
