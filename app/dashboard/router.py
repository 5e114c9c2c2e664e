"""All pages of people who sign in, and how they are answered who may not see one."""

from typing import Final

from fastapi import APIRouter, FastAPI, Request, Response

from app.access.local_paths import HOME
from app.dashboard.billing import invoice_router
from app.dashboard.billing import router as billing_router
from app.dashboard.boards import (
    cases_behind_router,
    feedback_request_router,
    feedback_router,
    reasons_router,
)
from app.dashboard.boards import clinician_router as clinician_board_router
from app.dashboard.boards import facility_router as facility_board_router
from app.dashboard.boards import practice_router as practice_board_router
from app.dashboard.frame.dependencies import FormRefused, NotSignedIn
from app.dashboard.frame.page_routes import install_missing_page
from app.dashboard.frame.pages import Visitor, go_to
from app.dashboard.people import (
    account_router,
    home_router,
    provider_router,
    sign_in_router,
    users_router,
)
from app.dashboard.practice import details_router, retention_router
from app.dashboard.practice import router as practice_router
from app.dashboard.quality import router as quality_router
from app.dashboard.registry import groups_router, operations_router
from app.dashboard.registry import router as registry_router
from app.dashboard.reporting import (
    cms_router,
    consent_router,
    own_consent_router,
    registration_router,
)
from app.dashboard.roster import provider_list_router, reconciliation_router
from app.dashboard.roster import router as roster_router
from app.dashboard.sending import router as sending_router
from app.dashboard.sending import submission_router
from app.dashboard.vendor import router as vendor_router

_READS: Final = ("GET", "HEAD")
ROUTERS: Final = (
    sign_in_router,
    provider_router,
    account_router,
    users_router,
    home_router,
    practice_router,
    practice_board_router,
    clinician_board_router,
    facility_board_router,
    cases_behind_router,
    registration_router,
    consent_router,
    own_consent_router,
    cms_router,
    invoice_router,
    details_router,
    retention_router,
    sending_router,
    submission_router,
    quality_router,
    vendor_router,
    operations_router,
    groups_router,
    registry_router,
    reconciliation_router,
    provider_list_router,
    roster_router,
    reasons_router,
    billing_router,
    feedback_router,
    feedback_request_router,
)

router = APIRouter()
for each in ROUTERS:
    router.include_router(each.router)


def install_dashboard(app: FastAPI) -> None:
    app.add_exception_handler(NotSignedIn, _to_sign_in)
    app.add_exception_handler(FormRefused, _form_refused)
    install_missing_page(app)


async def _to_sign_in(request: Request, _: Exception) -> Response:
    """And back to what was asked for; a form cannot be sent again, so from there to the start."""
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return go_to("/sign-in", next=asked if request.method in _READS else HOME)


async def _form_refused(request: Request, _: Exception) -> Response:
    return Visitor(request).page("frame/form_refused.html", status_code=403)
