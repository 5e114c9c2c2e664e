"""Registrations for reporting: of one practice by year, and of all practices for staff."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Query, Response

from app.access.asked import PathPractice
from app.access.dependencies import Caller, Work, require_registered
from app.access.exporting import ExportedList, record_export
from app.access.rights import Right, practices_of, require, require_practice, sees_every_practice
from app.domain.identifiers import PracticeId
from app.reporting.consent_service import list_clinicians
from app.reporting.consent_wire import ClinicianConsentOut
from app.reporting.csv_lists import csv_of
from app.reporting.registration_service import (
    Registrar,
    list_practices,
    list_registrations,
    read_registration,
    register,
)
from app.reporting.registration_wire import (
    PracticeRegistrationOut,
    RegistrationList,
    RegistrationOut,
    RegistrationRequest,
)
from app.roster.versions import FirstOrSeenVersion, tell_version
from app.web.dependencies import Today
from app.web.json_bodies import described_body, json_body
from app.web.openapi import problem_response
from app.web.paging import (
    Page,
    Paged,
)

router = APIRouter(tags=["reporting"])

_OF_PRACTICE: Final = "/v1/practices/{practice_id}/registrations"
_ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    201: {"model": RegistrationOut, "description": "The practice is registered now."},
    409: problem_response("The deadline has passed."),
    412: problem_response("Somebody has changed it since it was read."),
    428: problem_response("It is registered already, and there is no If-Match."),
}
_CSV_TOO: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {"text/csv": {"schema": {"type": "string"}}}}
}

PathYear = Annotated[int, Path(ge=2000, le=2100, description="The performance year.")]


class ListFormat(StrEnum):
    CSV = "csv"


AskedFormat = Annotated[
    ListFormat | None,
    Query(alias="format", description="All of it as a file; `limit` is left aside then."),
]


@router.get(_OF_PRACTICE)
def list_own_registrations(
    practice: PathPractice, caller: Caller, open_work: Work
) -> RegistrationList:
    """Every year that the practice is or was registered for, the newest first."""
    require_practice(caller, Right.SEE_ROSTER, practice)
    require_registered(open_work, practice)
    found = list_registrations(practice, open_work=open_work)
    return RegistrationList(items=[RegistrationOut.of(each) for each in found])


@router.get(f"{_OF_PRACTICE}/{{performance_year}}")
def read_one_registration(
    practice: PathPractice,
    performance_year: PathYear,
    response: Response,
    caller: Caller,
    open_work: Work,
) -> RegistrationOut:
    """How the practice is registered for a year. Its ETag is what a change must name in If-Match.

    What it was before stands in the `roster-changes` of the practice.
    """
    require_practice(caller, Right.SEE_ROSTER, practice)
    require_registered(open_work, practice)
    registration = read_registration(practice, performance_year, open_work=open_work)
    tell_version(response, registration.version)
    return RegistrationOut.of(registration)


@router.put(
    f"{_OF_PRACTICE}/{{performance_year}}",
    responses=_ANSWERS,
    openapi_extra=described_body(RegistrationRequest),
)
def register_practice_for_reporting(
    practice: PathPractice,
    performance_year: PathYear,
    response: Response,
    caller: Caller,
    open_work: Work,
    day: Today,
    seen: FirstOrSeenVersion,
    asked: Annotated[RegistrationRequest, Depends(json_body(RegistrationRequest))],
) -> RegistrationOut:
    """Register the practice for a performance year, or change its registration, whole.

    The first registration has no If-Match. Of a group it is the consent to send its results to
    CMS. After the deadline of the year only the staff of the registry register, and say why.
    """
    require_practice(caller, Right.REGISTER_FOR_REPORTING, practice)
    registration = register(
        practice,
        performance_year,
        Registrar(
            actor=caller.actor,
            is_staff=sees_every_practice(caller),
            late_reason=asked.late_reason,
        ),
        seen=seen,
        make=lambda version: asked.as_registration(
            practice, performance_year, version, at=datetime.now(UTC)
        ),
        day=day,
        open_work=open_work,
    )
    if registration.version == 1:
        response.status_code = 201
    tell_version(response, registration.version)
    return RegistrationOut.of(registration)


@router.get(
    f"{_OF_PRACTICE}/{{performance_year}}/clinicians",
    response_model=Page[ClinicianConsentOut],
    responses=_CSV_TOO,
)
def list_clinicians_of_year(
    practice: PathPractice,
    performance_year: PathYear,
    caller: Caller,
    open_work: Work,
    paged: Paged,
    format_: AskedFormat = None,
) -> Page[ClinicianConsentOut] | Response:
    """Who works for the practice in the year, by the roster, and whether they have signed."""
    require_practice(caller, Right.SEE_ROSTER, practice)
    require_registered(open_work, practice)
    if format_ is not None:
        record_export(
            ExportedList.CONSENTS,
            practice,
            caller.actor,
            year=performance_year,
            open_work=open_work,
        )
        everybody = list_clinicians(practice, performance_year, open_work=open_work)
        rows = map(ClinicianConsentOut.of, everybody)
        return _file(csv_of(ClinicianConsentOut, rows), f"consents-{practice}-{performance_year}")
    found = list_clinicians(
        practice,
        performance_year,
        after=paged.uuid("after"),
        limit=paged.with_next,
        open_work=open_work,
    )
    return paged.page(
        found,
        show=ClinicianConsentOut.of,
        key_of=lambda clinician: {"after": clinician.clinician_id},
    )


@router.get("/v1/registrations", response_model=Page[PracticeRegistrationOut], responses=_CSV_TOO)
def list_registrations_of_year(
    performance_year: Annotated[int, Query(ge=2000, le=2100, description="The year of reporting.")],
    caller: Caller,
    open_work: Work,
    paged: Paged,
    format_: AskedFormat = None,
) -> Page[PracticeRegistrationOut] | Response:
    """Who is registered for a year and who is not, and how many consents are missing.

    The practices are those that the key reaches, in the order of their ids.
    """
    require(caller, Right.SEE_ROSTER)
    within = None if sees_every_practice(caller) else practices_of(caller, Right.SEE_ROSTER)
    if format_ is not None:
        record_export(
            ExportedList.REGISTRATIONS,
            None,
            caller.actor,
            year=performance_year,
            open_work=open_work,
        )
        everybody = list_practices(performance_year, within=within, open_work=open_work)
        rows = map(PracticeRegistrationOut.of, everybody)
        return _file(csv_of(PracticeRegistrationOut, rows), f"registrations-{performance_year}")
    after = paged.text("after")
    found = list_practices(
        performance_year,
        within=within,
        after=None if after is None else PracticeId(after),
        limit=paged.with_next,
        open_work=open_work,
    )
    return paged.page(
        found,
        show=PracticeRegistrationOut.of,
        key_of=lambda practice: {"after": practice.practice_id},
    )


def _file(content: bytes, name: str) -> Response:
    return Response(
        content,
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )
