"""The provider list as a file: tried out, taken over and downloaded on a page."""

from base64 import urlsafe_b64decode, urlsafe_b64encode

from fastapi import APIRouter, Response

from app.access.rights import Right
from app.dashboard.frame.dependencies import FormRefused, SignedInLongForm, SignedInUpload
from app.dashboard.frame.desks import AtDesk, Desk
from app.dashboard.frame.page_routes import PageRoute
from app.domain.errors.roster import ProviderListLocked, ProviderListRejected
from app.roster.list_lines import COLUMNS
from app.roster.list_planning import ListPlan
from app.roster.list_router import ImportOut
from app.roster.list_service import import_provider_list
from app.web.problems import status_of

router = APIRouter(
    include_in_schema=False,
    prefix="/practices/{practice_id}/provider-list",
    route_class=PageRoute,
)


@router.get("")
def upload_page(desk: AtDesk) -> Response:
    return _page(desk)


@router.post("")
def try_out(desk: AtDesk, content: SignedInUpload) -> Response:
    """The file goes to the browser and comes back when it is to be taken over."""
    desk.require(Right.CHANGE_ROSTER)
    try:
        plan = _imported(desk, content, dry_run=True)
    except (ProviderListRejected, ProviderListLocked) as error:
        return _page(desk, refusal=error)
    return desk.page(
        "roster/provider_list_preview.html",
        plan=ImportOut.of(plan, dry_run=True),
        kept=urlsafe_b64encode(content).decode("ascii"),
    )


@router.post("/apply")
def take_over(desk: AtDesk, form: SignedInLongForm) -> Response:
    desk.require(Right.CHANGE_ROSTER)
    try:
        content = urlsafe_b64decode(form.get("list"))
    except ValueError:
        raise FormRefused from None
    try:
        _imported(desk, content, dry_run=False)
    except (ProviderListRejected, ProviderListLocked) as error:
        return _page(desk, refusal=error)
    return desk.go("/roster/clinicians", done="imported")


def _imported(desk: Desk, content: bytes, *, dry_run: bool) -> ListPlan:
    """Raises: ProviderListRejected, ProviderListLocked."""
    return import_provider_list(
        content,
        desk.id,
        desk.caller.actor,
        dry_run=dry_run,
        day=desk.day,
        open_work=desk.open_work,
    )


def _page(
    desk: Desk, *, refusal: ProviderListRejected | ProviderListLocked | None = None
) -> Response:
    findings = refusal.findings if isinstance(refusal, ProviderListRejected) else []
    return desk.page(
        "roster/provider_list.html",
        status_code=200 if refusal is None else status_of(refusal),
        columns=COLUMNS,
        findings=findings,
        refusal=None if findings else refusal,
    )
