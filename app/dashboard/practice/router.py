"""The first page of a practice: who it is, and what waits for somebody there."""

from collections import Counter
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Response

from app.dashboard.frame.desks import AskedYear, AtDesk, Desk
from app.dashboard.frame.page_routes import PageRoute
from app.domain.identifiers import Tin
from app.domain.reconciliation import RowKind
from app.domain.reporting import PracticeRegistration
from app.domain.roster import AgreementKind, is_small_practice
from app.roster.practice_service import agreements_missing
from app.roster.provider_list_service import read_list_state
from app.roster.reconciliation_service import Reported, outline_of
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


@router.get("")
def practice_page(desk: AtDesk, year: AskedYear) -> Response:
    told = desk.practice.clinicians
    outline = outline_of(desk.id, year, open_work=desk.open_work)
    return desk.page(
        "practice/practice.html",
        year=year,
        is_small=None if told is None else is_small_practice(told),
        tins=outline.tins,
        cases=outline.cases,
        waiting=Waiting.of(outline.rows),
        provider_list=read_list_state(year, day=desk.day, open_work=desk.open_work),
        registration=_registration(desk, year),
        missing_agreements=_missing_agreements(desk),
    )


def _registration(desk: Desk, year: int) -> PracticeRegistration:
    with desk.open_work() as work:
        [registration] = work.reporting_lists.practices(year, within=frozenset({desk.id}))
    return registration


def _missing_agreements(desk: Desk) -> list[AgreementKind]:
    missing = agreements_missing([desk.id], day=desk.day, open_work=desk.open_work)
    return list(missing[desk.id])
