"""A vendor's files: how many go through, what is found by software version, how soon it is mended.

A vendor sees those that its own keys and users sent for practices that let it see submissions.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from app.access.rights import Right, practices_of, require
from app.dashboard.figures.views import Asked, AskedView, csv_answer
from app.dashboard.frame.dependencies import MemberWork, SignedInPage
from app.dashboard.frame.page_routes import PageRoute
from app.dashboard.frame.pages import Member
from app.dashboard.frame.staff_desk import StaffPage
from app.dashboard.vendor.figures import vendor_figures, vendor_tiles
from app.domain.errors.access import OrganizationUnknown
from app.domain.grants import OrganizationKind
from app.domain.identifiers import PracticeId
from app.domain.sent_files import SentFile
from app.storage.unit_of_work import OpenWork, UnitOfWork
from app.web.dependencies import Now

router = APIRouter(include_in_schema=False, route_class=PageRoute)

_MOST_FILES: Final = 2_500
"""A quarter of a vendor with two hundred practices that send every week."""
_MOST_VENDORS: Final = 500
_CSV_HEAD: Final = (*("software", "code", "severity", "title", "findings", "files", "practices"),)


class Span(IntEnum):
    """How many days are looked back on."""

    MONTH = 30
    QUARTER = 90
    HALF_YEAR = 180


@dataclass(frozen=True, kw_only=True)
class SentByVendor:
    """`is_cut`: older files of the span are left out."""

    name: str
    files: list[SentFile]

    @property
    def is_cut(self) -> bool:
        return len(self.files) >= _MOST_FILES


@dataclass(frozen=True, kw_only=True)
class Looking:
    """Somebody who looks at what a vendor sent; `within` None: of every practice."""

    member: Member
    open_work: OpenWork
    within: frozenset[PracticeId] | None
    span: Span
    asked: Asked
    now: datetime

    @property
    def since(self) -> datetime:
        return self.now - timedelta(days=self.span)

    def own(self) -> SentByVendor:
        caller = self.member.signed_in.principal
        with self.open_work() as work:
            organization_id = work.senders.organization_of(caller.id)
            if organization_id is None:
                return self._sent(caller.label or "", frozenset({caller.id}), work)
            return self._of_organization(organization_id, work)

    def of(self, organization_id: UUID) -> SentByVendor:
        """Raises: OrganizationUnknown."""
        with self.open_work() as work:
            return self._of_organization(organization_id, work)

    def answer(self, sent: SentByVendor) -> Response:
        view = self.asked.view(days=self.span.value)
        figures = vendor_figures(sent.files)
        if view.figure is not None:
            return csv_answer(view, figures)
        return self.member.page(
            "vendor/vendor.html",
            view=view,
            sent=sent,
            span=self.span,
            spans=tuple(Span),
            most=_MOST_FILES,
            tiles_of_all=vendor_tiles(sent.files),
            figures=figures,
        )

    def _of_organization(self, organization_id: UUID, work: UnitOfWork) -> SentByVendor:
        known = work.grants.organization(organization_id)
        if known is None or known.kind is not OrganizationKind.VENDOR:
            raise OrganizationUnknown("No vendor of this id is registered.")
        return self._sent(known.name, work.senders.senders_of(organization_id), work)

    def _sent(self, name: str, senders: frozenset[UUID], work: UnitOfWork) -> SentByVendor:
        files = work.senders.sent_by(
            senders, within=self.within, since=self.since, limit=_MOST_FILES
        )
        return SentByVendor(name=name, files=files)


def _vendor(
    member: SignedInPage,
    open_work: MemberWork,
    now: Now,
    asked: AskedView,
    days: Span = Span.QUARTER,
) -> Looking:
    caller = member.signed_in.principal
    require(caller, Right.SEE_SENT_FILES)
    within = practices_of(caller, Right.SEE_SUBMISSIONS)
    return Looking(
        member=member, open_work=open_work, within=within, span=days, asked=asked, now=now
    )


def _staff(
    member: StaffPage,
    open_work: MemberWork,
    now: Now,
    asked: AskedView,
    days: Span = Span.QUARTER,
) -> Looking:
    return Looking(member=member, open_work=open_work, within=None, span=days, asked=asked, now=now)


AtOwn = Annotated[Looking, Depends(_vendor)]
AtVendors = Annotated[Looking, Depends(_staff)]


@router.get("/vendor")
def own_page(looking: AtOwn) -> Response:
    return looking.answer(looking.own())


@router.get("/vendors")
def vendors_page(member: StaffPage, open_work: MemberWork) -> Response:
    with open_work() as work:
        vendors = work.grants.organizations(
            kind=OrganizationKind.VENDOR, after=None, limit=_MOST_VENDORS
        )
    return member.page(
        "vendor/vendors.html", vendors=sorted(vendors, key=lambda each: each.name.casefold())
    )


@router.get("/vendors/{organization_id}")
def vendor_page(looking: AtVendors, organization_id: UUID) -> Response:
    return looking.answer(looking.of(organization_id))
