"""How long the cases of a practice are kept, its legal holds, and purges that staff begin."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Final, cast
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from app.access.rights import Right
from app.dashboard.frame.dependencies import LongForm, MemberWork, SignedInLongForm
from app.dashboard.frame.desks import AtAnyDesk, Desk
from app.dashboard.frame.page_routes import PageRoute
from app.dashboard.frame.shown_forms import Faults, ShownForm, nested, placed, read_as
from app.domain.errors import RegistryError
from app.domain.errors.intake import ConfirmationDiffers
from app.domain.errors.keeping import LegalHoldInForce
from app.domain.errors.requests import InvalidRequest
from app.retention.holding import Retention, RetentionWithin
from app.retention.purging import Purges
from app.retention.telling import retention_told
from app.retention.wire import PreviewOut, PurgeRequest, ReasonRequest
from app.web.problems import status_of

router = APIRouter(
    include_in_schema=False, prefix="/practices/{practice_id}/retention", route_class=PageRoute
)

_INVALID: Final = 422
_HOLDS_SHOWN: Final = 50
_OF_PURGE: Final = ("older_than", "cases", "reason", "early")
_REFUSED: Final = (InvalidRequest, LegalHoldInForce, ConfirmationDiffers)


@dataclass(frozen=True, kw_only=True)
class RetentionPages:
    """The page of one practice; what staff do on it stands in the audit trail."""

    desk: Desk
    retention: Retention
    purges: Purges

    def require_setting(self) -> None:
        """Raises: NotPermitted."""
        self.desk.require(Right.SET_RETENTION)

    def page(
        self,
        *,
        form: LongForm | None = None,
        faults: Faults | None = None,
        refusal: RegistryError | None = None,
        older_than: date | None = None,
    ) -> Response:
        told, left = ({}, None) if refusal is None else placed(refusal, _OF_PURGE)
        status = _INVALID if faults else 200
        desk = self.desk
        may_set = desk.may(Right.SET_RETENTION)
        preview = self._preview(older_than) if may_set else None
        return desk.page(
            "practice/retention.html",
            status_code=status if refusal is None else status_of(refusal),
            retention=retention_told(desk.id, self.retention, day=desk.day),
            holds=self.retention.holds(desk.id, before=None, limit=_HOLDS_SHOWN),
            may_set=may_set,
            preview=preview,
            form=ShownForm(typed=form or LongForm(pairs=()), faults={**told, **(faults or {})}),
            refusal=left,
            done=desk.member.request.query_params.get("done"),
        )

    def _preview(self, older_than: date | None) -> PreviewOut:
        before = older_than or self.purges.first_day_kept(self.desk.id)
        return PreviewOut.of(before, self.purges.preview(self.desk.id, before))


def _pages(desk: AtAnyDesk, open_work: MemberWork) -> RetentionPages:
    desk.require(Right.SEE_RETENTION)
    state = desk.member.request.app.state
    within = cast(RetentionWithin, state.retention_within)
    purges = replace(cast(Purges, state.purges), day=lambda: desk.day)
    return RetentionPages(desk=desk, retention=within(open_work), purges=purges)


AtRetention = Annotated[RetentionPages, Depends(_pages)]


@router.get("")
def retention_page(pages: AtRetention, older_than: date | None = None) -> Response:
    """`older_than`: what a purge up to that day would remove; for staff."""
    return pages.page(older_than=older_than)


@router.post("/purges")
def begin_purge(pages: AtRetention, form: SignedInLongForm) -> Response:
    """The number of cases that was shown comes along: with another one nothing is purged."""
    pages.require_setting()
    asked, faults = read_as(PurgeRequest, nested(form, _OF_PURGE))
    if asked is None:
        return pages.page(form=form, faults=faults, older_than=_day_in(form))
    try:
        pages.purges.begin(
            pages.desk.id,
            asked.older_than,
            pages.desk.caller.actor,
            cases=asked.cases,
            reason=asked.reason,
            early=asked.early,
            by_worker=True,
        )
    except _REFUSED as error:
        return pages.page(form=form, refusal=error, older_than=asked.older_than)
    return pages.desk.go("/retention", done="purge")


@router.post("/holds")
def place_hold(pages: AtRetention, form: SignedInLongForm) -> Response:
    pages.require_setting()
    asked, faults = _reason(form, "hold_reason")
    if asked is None:
        return pages.page(form=form, faults=faults)
    pages.retention.place_hold(pages.desk.id, pages.desk.caller.actor, reason=asked.reason)
    return pages.desk.go("/retention", done="hold")


@router.post("/holds/{hold_id}/lift")
def lift_hold(pages: AtRetention, hold_id: UUID, form: SignedInLongForm) -> Response:
    pages.require_setting()
    asked, faults = _reason(form, "lift_reason")
    if asked is None:
        return pages.page(form=form, faults=faults)
    pages.retention.lift_hold(pages.desk.id, hold_id, pages.desk.caller.actor, reason=asked.reason)
    return pages.desk.go("/retention", done="lifted")


def _day_in(form: LongForm) -> date | None:
    """Whose number was shown, so that it is shown again."""
    try:
        return date.fromisoformat(form.get("older_than"))
    except ValueError:
        return None


def _reason(form: LongForm, name: str) -> tuple[ReasonRequest | None, Mapping[str, str]]:
    """Each form of the page has a name of its own for its reason."""
    asked, faults = read_as(ReasonRequest, {"reason": form.get(name)})
    return asked, {name: faults["reason"]} if faults else {}
