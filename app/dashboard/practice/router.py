"""The first page of a practice: who it is, and what waits for somebody there."""

from collections import Counter
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Response

from app.billing.service import count_of_year
from app.dashboard.frame.desks import AskedYear, AtDesk, Desk
from app.dashboard.frame.page_routes import PageRoute
from app.domain.errors.reporting import RegistrationUnknown
from app.domain.identifiers import Tin
from app.domain.reconciliation import RowKind
from app.domain.reporting import ConsentState, Registration
from app.domain.roster import AgreementKind, PracticeTin, is_small_practice
from app.reporting.consent_service import list_clinicians
from app.reporting.registration_service import read_registration
from app.roster.practice_service import agreements_missing
from app.roster.provider_list_service import read_list_state
from app.roster.reconciliation_service import Reported, report_of
from app.roster.reconciliation_wire import RowState, state_of

router = APIRouter(
    include_in_schema=False, prefix="/practices/{practice_id}", route_class=PageRoute
)

_UNDECIDED: Final = (RowState.OPEN, RowState.UNCONFIRMED)


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """`held` are cases by the TIN that they wait for; the others count rows of the report."""

    held: dict[Tin, int]
    unconfirmed: int
    other: int

    @classmethod
    def of(cls, report: list[Reported]) -> "Waiting":
        undecided = [each for each in report if state_of(each) in _UNDECIDED]
        states = Counter(state_of(each) for each in undecided)
        tins = sum(each.row.key.kind is RowKind.UNKNOWN_TIN for each in undecided)
        return cls(
            held={each.row.key.tin: each.row.held for each in report if each.row.held},
            unconfirmed=states[RowState.UNCONFIRMED],
            other=states[RowState.OPEN] - tins,
        )

    @property
    def for_nobody(self) -> bool:
        return not (self.held or self.unconfirmed or self.other)


@dataclass(frozen=True, kw_only=True)
class Reporting:
    """How the practice reports in a year; consents are needed of individuals alone."""

    registration: Registration | None
    clinicians: int
    signed: int


@router.get("")
def practice_page(desk: AtDesk, year: AskedYear) -> Response:
    told = desk.practice.clinicians
    return desk.page(
        "practice/practice.html",
        year=year,
        is_small=None if told is None else is_small_practice(told),
        tins=desk.entries.page(PracticeTin, after=None, limit=None),
        cases=count_of_year(desk.id, year, open_work=desk.open_work),
        waiting=Waiting.of(report_of(desk.id, year, open_work=desk.open_work)),
        provider_list=read_list_state(year, day=desk.day, open_work=desk.open_work),
        reporting=_reporting(desk, year),
        missing_agreements=_missing_agreements(desk),
    )


def _reporting(desk: Desk, year: int) -> Reporting:
    try:
        registration = read_registration(desk.id, year, open_work=desk.open_work)
    except RegistrationUnknown:
        registration = None
    clinicians = list_clinicians(desk.id, year, open_work=desk.open_work)
    signed = sum(each.state is ConsentState.SIGNED for each in clinicians)
    return Reporting(registration=registration, clinicians=len(clinicians), signed=signed)


def _missing_agreements(desk: Desk) -> list[AgreementKind]:
    missing = agreements_missing([desk.id], day=desk.day, open_work=desk.open_work)
    return list(missing[desk.id])
