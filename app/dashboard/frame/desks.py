"""The pages of one practice, and who is at them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import Depends, Query, Response

from app.access.asked import PathPractice
from app.access.exporting import ExportedList, record_export
from app.access.rights import (
    Right,
    may,
    require_figures,
    require_practice,
    sees_every_practice,
)
from app.dashboard.figures.figure import Figure
from app.dashboard.figures.views import View, asked_figure, csv_answer
from app.dashboard.frame.dependencies import MemberWork, SignedInPage
from app.dashboard.frame.navigation import doors_of_practice
from app.dashboard.frame.pages import Member, go_to
from app.domain.errors.access import NotPermitted
from app.domain.identifiers import PracticeId
from app.domain.principals import Principal
from app.domain.roster import PracticeDetails
from app.reporting.registration_service import Registrar
from app.roster.entry_service import Entries
from app.roster.practice_service import read_practice
from app.storage.unit_of_work import OpenWork
from app.web.dependencies import Today


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Somebody of a practice or of the registry in front of the pages of the practice, or one of
    its clinicians in front of their own.
    """

    member: Member
    practice: PracticeDetails
    day: date
    open_work: OpenWork

    @property
    def id(self) -> PracticeId:
        return self.practice.id

    @property
    def caller(self) -> Principal:
        return self.member.signed_in.principal

    @property
    def is_staff(self) -> bool:
        return sees_every_practice(self.caller)

    def registrar(self, late_reason: str | None = None) -> Registrar:
        return Registrar(actor=self.caller.actor, is_staff=self.is_staff, late_reason=late_reason)

    @property
    def entries(self) -> Entries:
        return Entries(
            practice=self.id, actor=self.caller.actor, day=self.day, open_work=self.open_work
        )

    def require(self, right: Right) -> None:
        """Raises: NotPermitted."""
        require_practice(self.caller, right, self.id)

    def may(self, right: Right) -> bool:
        return may(self.caller, right, self.id)

    def path(self, below: str = "") -> str:
        return f"/practices/{self.id}{below}"

    def page(self, template: str, *, status_code: int = 200, **values: object) -> Response:
        return self.member.page(
            template,
            status_code=status_code,
            practice=self.practice,
            root=self.path(),
            day=self.day,
            doors=doors_of_practice(self.caller, self.id),
            may_change=self.may(Right.CHANGE_ROSTER),
            is_staff=self.is_staff,
            **values,
        )

    def csv(self, view: View, figures: Iterable[Figure]) -> Response:
        """The figure of a page that is asked for. Raises: InvalidRequest."""
        figure = asked_figure(view, figures)
        if figure.of_people:
            record_export(
                ExportedList.CLINICIANS, self.id, self.caller.actor, open_work=self.open_work
            )
        return csv_answer(view, [figure])

    def go(self, below: str, **query: object) -> Response:
        return go_to(self.path(below), **{name: str(value) for name, value in query.items()})


def _any_desk(
    member: SignedInPage, practice: PathPractice, open_work: MemberWork, day: Today
) -> Desk:
    """Raises: NotPermitted for who may see no page of the practice at all."""
    caller = member.signed_in.principal
    if not doors_of_practice(caller, practice):
        require_practice(caller, Right.SEE_ROSTER, practice)
    known = read_practice(practice, open_work=open_work)
    return Desk(member=member, practice=known, day=day, open_work=open_work)


def _desk(desk: Annotated[Desk, Depends(_any_desk)]) -> Desk:
    desk.require(Right.SEE_ROSTER)
    return desk


def _own_desk(desk: Annotated[Desk, Depends(_any_desk)]) -> Desk:
    if require_figures(desk.caller, desk.id, None) is None:
        raise NotPermitted("This page is for clinicians, about their own figures.")
    return desk


def _figures_desk(desk: Annotated[Desk, Depends(_any_desk)]) -> Desk:
    require_figures(desk.caller, desk.id, None)
    return desk


def _year(day: Today, year: Annotated[int | None, Query(ge=2000, le=2100)] = None) -> int:
    return day.year if year is None else year


AtAnyDesk = Annotated[Desk, Depends(_any_desk)]
"""Before a page that asks for a right of its own."""
AtDesk = Annotated[Desk, Depends(_desk)]
AtOwnDesk = Annotated[Desk, Depends(_own_desk)]
"""A clinician's, whose NPI is that of the caller."""
AtFiguresDesk = Annotated[Desk, Depends(_figures_desk)]
"""Of whoever may see figures of the practice, a clinician their own."""
AskedYear = Annotated[int, Depends(_year)]
