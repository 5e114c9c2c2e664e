"""The consents of a practice for a year as a page: who has signed, recorded for many at once."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.access.rights import Right
from app.dashboard.frame.dependencies import LongForm, SignedInLongForm
from app.dashboard.frame.desks import AskedYear, AtDesk, Desk
from app.dashboard.frame.page_routes import PageRoute
from app.dashboard.frame.shown_forms import Faults, ShownForm, nested, placed, read_as
from app.domain.errors import RegistryError
from app.domain.errors.reporting import ConsentInForce, RegistrationClosed
from app.domain.errors.requests import InvalidRequest
from app.domain.reporting import ClinicianConsent, Consent, ConsentState, Withdrawal
from app.reporting.consent_service import (
    list_clinicians,
    list_consents,
    read_consent,
    record_consents,
    withdraw_consent,
)
from app.reporting.consent_wire import ConsentRequest, WithdrawalRequest
from app.reporting.reporting_years import deadlines_of, keep_until
from app.web.problems import status_of

router = APIRouter(
    include_in_schema=False, prefix="/practices/{practice_id}/consents", route_class=PageRoute
)

_ON_A_PAGE: Final = 100
_INVALID: Final = 422
_TYPED: Final = ("signed_on", "evidence", "late_reason")
_NAMES: Final = ("clinician_id", *_TYPED)
_OF_WITHDRAWAL: Final = ("withdrawn_on", "reason")
_REFUSED: Final = (InvalidRequest, ConsentInForce, RegistrationClosed)


@dataclass(frozen=True, kw_only=True)
class ConsentRow:
    """A clinician of the year, and their newest consent."""

    clinician: ClinicianConsent
    consent: Consent | None

    @property
    def kept_until(self) -> date | None:
        return None if self.consent is None else keep_until(self.consent)


@router.get("")
def consents_page(
    desk: AtDesk,
    year: AskedYear,
    state: ConsentState | None = None,
    start: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Response:
    return _page(desk, year, only=state, start=start)


@router.post("")
def record_signed(desk: AtDesk, year: AskedYear, form: SignedInLongForm) -> Response:
    """For everybody who is ticked, all or none: they signed on the same day."""
    desk.require(Right.REGISTER_FOR_REPORTING)
    asked, faults = _read(desk, year, form)
    if faults:
        return _page(desk, year, form=form, faults=faults)
    try:
        recorded = record_consents(
            [each.as_new(desk.id) for each in asked],
            desk.registrar(asked[0].late_reason),
            day=desk.day,
            open_work=desk.open_work,
        )
    except _REFUSED as error:
        return _page(desk, year, form=form, refusal=error)
    return desk.go("/consents", year=year, recorded=len(recorded))


@router.get("/{consent_id}/withdraw")
def withdrawal_page(desk: AtDesk, consent_id: UUID) -> Response:
    desk.require(Right.REGISTER_FOR_REPORTING)
    return _withdrawal(desk, consent_id, LongForm(pairs=()))


@router.post("/{consent_id}/withdraw")
def withdraw(desk: AtDesk, consent_id: UUID, form: SignedInLongForm) -> Response:
    desk.require(Right.REGISTER_FOR_REPORTING)
    asked, faults = read_as(WithdrawalRequest, nested(form, _OF_WITHDRAWAL))
    if asked is None:
        return _withdrawal(desk, consent_id, form, faults=faults)
    try:
        consent = withdraw_consent(
            desk.id,
            consent_id,
            Withdrawal(on=asked.withdrawn_on, reason=asked.reason),
            desk.registrar(),
            day=desk.day,
            open_work=desk.open_work,
        )
    except InvalidRequest as error:
        return _withdrawal(desk, consent_id, form, refusal=error)
    return desk.go("/consents", year=consent.performance_year, withdrawn=1)


def _read(desk: Desk, year: int, form: LongForm) -> tuple[list[ConsentRequest], Faults]:
    """The signer is the clinician, by the name on the provider list."""
    names = {str(row.clinician.clinician_id): row.clinician.name for row in _rows(desk, year)}
    ticked = form.all("clinician_id")
    if not ticked or not names.keys() >= set(ticked):
        return [], {"clinician_id": "tick who has signed"}
    if not all(names[each] for each in ticked):
        return [], {"clinician_id": "somebody has no name on the provider list yet: enter it first"}
    told = {**nested(form, _TYPED), "performance_year": year}
    read = [
        read_as(ConsentRequest, {**told, "clinician_id": each, "signer": names[each]})
        for each in ticked
    ]
    asked = [request for request, _ in read if request is not None]
    return asked, read[0][1]


def _rows(desk: Desk, year: int) -> list[ConsentRow]:
    consents = {
        each.id: each
        for each in list_consents(
            desk.id, performance_year=year, after=None, limit=None, open_work=desk.open_work
        )
    }
    return [
        ConsentRow(
            clinician=each,
            consent=None if each.consent_id is None else consents.get(each.consent_id),
        )
        for each in list_clinicians(desk.id, year, open_work=desk.open_work)
    ]


def _page(
    desk: Desk,
    year: int,
    *,
    only: ConsentState | None = None,
    start: int = 0,
    form: LongForm | None = None,
    faults: Faults | None = None,
    refusal: RegistryError | None = None,
) -> Response:
    told, left = ({}, None) if refusal is None else placed(refusal, _NAMES)
    every = _rows(desk, year)
    rows = [row for row in every if only in (None, row.clinician.state)]
    until = deadlines_of(year).consent_until
    status = _INVALID if faults else 200
    query = desk.member.request.query_params
    return desk.page(
        "reporting/consents.html",
        status_code=status if refusal is None else status_of(refusal),
        year=year,
        until=until,
        is_closed=until is not None and desk.day > until,
        counts={
            state: sum(row.clinician.state is state for row in every) for state in ConsentState
        },
        only=only,
        rows=rows[start : start + _ON_A_PAGE],
        start=start,
        total=len(rows),
        following=start + _ON_A_PAGE if start + _ON_A_PAGE < len(rows) else None,
        form=ShownForm(typed=form or LongForm(pairs=()), faults={**told, **(faults or {})}),
        refusal=left,
        may_record=desk.may(Right.REGISTER_FOR_REPORTING),
        recorded=query.get("recorded", ""),
        withdrawn=query.get("withdrawn"),
    )


def _withdrawal(
    desk: Desk,
    consent_id: UUID,
    form: LongForm,
    *,
    faults: Faults | None = None,
    refusal: RegistryError | None = None,
) -> Response:
    told, left = ({}, None) if refusal is None else placed(refusal, _OF_WITHDRAWAL)
    status = _INVALID if faults else 200
    return desk.page(
        "reporting/consent_withdrawal.html",
        status_code=status if refusal is None else status_of(refusal),
        consent=read_consent(desk.id, consent_id, open_work=desk.open_work),
        form=ShownForm(typed=form, faults={**told, **(faults or {})}),
        refusal=left,
    )
