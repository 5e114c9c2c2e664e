"""The pages of one practice: who is at them, and what a refusal looks like there."""

from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final

from fastapi import Depends, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

from app.access.asked import PathPractice
from app.access.exporting import ExportedList, record_export
from app.access.rights import Right, may, require_figures, require_practice
from app.dashboard.dependencies import MemberWork, SignedInPage
from app.dashboard.figure_views import View, asked_figure, csv_answer
from app.dashboard.figures import Figure
from app.dashboard.navigation import doors_of_practice
from app.dashboard.pages import Member, Visitor, go_to
from app.domain.errors import NotPermitted, RegistryError
from app.domain.identifiers import PracticeId
from app.domain.principals import Principal
from app.domain.roster import PracticeDetails
from app.roster.entry_service import Entries
from app.roster.practice_service import read_practice
from app.storage.unit_of_work import OpenWork
from app.web.dependencies import Today
from app.web.problems import status_of

Handler = Callable[[Request], Coroutine[Any, Any, Response]]

_INVALID: Final = 422


class PageRoute(APIRoute):
    """For `route_class` of a router of pages: what is refused is told on a page."""

    def get_route_handler(self) -> Handler:
        handler = super().get_route_handler()

        async def page_or_refusal(request: Request) -> Response:
            try:
                return await handler(request)
            except RegistryError as error:
                return _refusal(request, error.title, str(error), status_of(error))
            except RequestValidationError:
                return _refusal(request, "There is no such page", "", _INVALID)

        return page_or_refusal


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Somebody in front of the pages of a practice: who may see its roster, or one of its
    clinicians in front of their own figures.
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
            doors=doors_of_practice(self.id) if self.may(Right.SEE_ROSTER) else [],
            may_change=self.may(Right.CHANGE_ROSTER),
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


def _desk(member: SignedInPage, practice: PathPractice, open_work: MemberWork, day: Today) -> Desk:
    require_practice(member.signed_in.principal, Right.SEE_ROSTER, practice)
    known = read_practice(practice, open_work=open_work)
    return Desk(member=member, practice=known, day=day, open_work=open_work)


def _own_desk(
    member: SignedInPage, practice: PathPractice, open_work: MemberWork, day: Today
) -> Desk:
    caller = member.signed_in.principal
    if require_figures(caller, practice, None) is None:
        raise NotPermitted("This page is for clinicians, about their own figures.")
    known = read_practice(practice, open_work=open_work)
    return Desk(member=member, practice=known, day=day, open_work=open_work)


def _figures_desk(
    member: SignedInPage, practice: PathPractice, open_work: MemberWork, day: Today
) -> Desk:
    require_figures(member.signed_in.principal, practice, None)
    known = read_practice(practice, open_work=open_work)
    return Desk(member=member, practice=known, day=day, open_work=open_work)


def _year(day: Today, year: Annotated[int | None, Query(ge=2000, le=2100)] = None) -> int:
    return day.year if year is None else year


AtDesk = Annotated[Desk, Depends(_desk)]
AtOwnDesk = Annotated[Desk, Depends(_own_desk)]
"""A clinician's, whose NPI is that of the caller."""
AtFiguresDesk = Annotated[Desk, Depends(_figures_desk)]
"""Of whoever may see figures of the practice, a clinician their own."""
AskedYear = Annotated[int, Depends(_year)]


def _refusal(request: Request, title: str, detail: str, status: int) -> Response:
    return Visitor(request).page("refused.html", status_code=status, heading=title, detail=detail)
