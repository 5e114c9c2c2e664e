"""The consent of a clinician as a page: they sign it and take it back themselves."""

from fastapi import APIRouter, Response

from app.access.rights import Right
from app.dashboard.frame.dependencies import SignedInForm
from app.dashboard.frame.desks import AskedYear, AtAnyDesk, Desk
from app.dashboard.frame.page_routes import PageRoute
from app.domain.errors import RegistryError
from app.domain.errors.reporting import ConsentInForce, RegistrationClosed
from app.domain.errors.requests import InvalidRequest
from app.reporting.consent_wire import OwnConsentOut
from app.reporting.own_consents import read_own_consent, sign_own_consent, withdraw_own_consent
from app.reporting.reporting_years import keep_until
from app.web.problems import status_of

router = APIRouter(
    include_in_schema=False, prefix="/practices/{practice_id}/my-consent", route_class=PageRoute
)


@router.get("")
def own_consent_page(desk: AtAnyDesk, year: AskedYear) -> Response:
    desk.require(Right.SIGN_OWN_CONSENT)
    return _page(desk, year)


@router.post("")
def sign(desk: AtAnyDesk, year: AskedYear, fields: SignedInForm) -> Response:
    desk.require(Right.SIGN_OWN_CONSENT)
    try:
        if fields.get("agrees") != "true":
            raise InvalidRequest("Tick the box if you agree.")
        sign_own_consent(
            desk.id,
            desk.caller.npi,
            year,
            desk.registrar(),
            day=desk.day,
            open_work=desk.open_work,
        )
    except (InvalidRequest, ConsentInForce, RegistrationClosed) as error:
        return _page(desk, year, refusal=error)
    return desk.go("/my-consent", year=year, done="signed")


@router.post("/withdraw")
def withdraw(desk: AtAnyDesk, year: AskedYear, _: SignedInForm) -> Response:
    desk.require(Right.SIGN_OWN_CONSENT)
    withdraw_own_consent(
        desk.id,
        desk.caller.npi,
        year,
        desk.registrar(),
        day=desk.day,
        open_work=desk.open_work,
    )
    return desk.go("/my-consent", year=year, done="withdrawn")


def _page(desk: Desk, year: int, *, refusal: RegistryError | None = None) -> Response:
    own = read_own_consent(desk.id, desk.caller.npi, year, open_work=desk.open_work)
    return desk.page(
        "reporting/own_consent.html",
        status_code=200 if refusal is None else status_of(refusal),
        year=year,
        own=OwnConsentOut.of(own, year),
        kept_until=None if own.consent is None else keep_until(own.consent),
        refusal=refusal,
        done=desk.member.request.query_params.get("done"),
    )
