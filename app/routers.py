"""Every router of the service, in the order in which their paths are tried."""

from typing import Final

from fastapi import APIRouter
from starlette.routing import BaseRoute

from app.access.audit_router import router as audit_router
from app.access.grant_router import organization_router
from app.access.grant_router import router as grant_router
from app.access.key_router import router as key_router
from app.access.user_router import router as user_router
from app.billing.count_router import router as frozen_count_router
from app.billing.invoice_router import router as invoice_router
from app.billing.order_router import router as order_router
from app.billing.price_router import router as price_router
from app.billing.router import router as billing_router
from app.billing.year_router import router as program_year_router
from app.dashboard.router import router as dashboard_router
from app.exports.cms.router import router as cms_router
from app.exports.router import router as export_router
from app.feedback.router import router as feedback_router
from app.health_router import router as health_router
from app.intake.acceptance_router import router as acceptance_router
from app.intake.asc_router import router as asc_case_router
from app.intake.backfill_router import router as backfill_router
from app.intake.case_measures_router import router as case_measures_router
from app.intake.case_router import router as case_router
from app.intake.receipt_router import router as receipt_router
from app.intake.replacement_router import router as replacement_router
from app.intake.router import router as intake_router
from app.measures.activities.router import inventory_router
from app.measures.activities.router import router as activities_router
from app.measures.asc.router import router as asc_router
from app.measures.peers.router import router as peer_router
from app.measures.router import router as measures_router
from app.measures.scoring_router import router as scoring_router
from app.notices.mail_domain_router import router as mail_domain_router
from app.notices.webhook_router import router as webhook_router
from app.portal.router import router as portal_router
from app.reporting.consent_router import router as consent_router
from app.reporting.own_consent_router import router as own_consent_router
from app.reporting.router import router as reporting_router
from app.retention.purge_router import router as purge_router
from app.retention.router import router as retention_router
from app.roster.entry_router import router as roster_entry_router
from app.roster.group_confirming_router import router as group_confirming_router
from app.roster.list_router import router as provider_file_router
from app.roster.peer_choice_router import router as peer_choice_router
from app.roster.practice_router import router as practice_router
from app.roster.provider_list_router import router as provider_list_router
from app.roster.reconciliation_router import router as reconciliation_router
from app.web.metrics import router as metrics_router
from app.web.openapi import PROBLEM_RESPONSES

_ROUTERS: Final = (
    intake_router,  # first, for case files come most often
    receipt_router,
    dashboard_router,
    portal_router,
    replacement_router,
    case_router,
    asc_case_router,
    case_measures_router,
    backfill_router,
    acceptance_router,
    mail_domain_router,
    webhook_router,
    practice_router,
    peer_choice_router,
    provider_file_router,
    provider_list_router,
    reconciliation_router,
    roster_entry_router,
    group_confirming_router,
    reporting_router,
    consent_router,
    own_consent_router,
    retention_router,
    purge_router,
    export_router,
    cms_router,
    key_router,
    organization_router,
    grant_router,
    user_router,
    audit_router,
    billing_router,
    scoring_router,  # before the measures, whose ids would be taken for its path
    peer_router,  # before what takes "peers" for the id of a measure
    frozen_count_router,
    price_router,
    order_router,
    invoice_router,
    program_year_router,
    measures_router,
    feedback_router,
    asc_router,
    inventory_router,
    activities_router,
    health_router,
    metrics_router,
)

_every = APIRouter(responses=PROBLEM_RESPONSES)
for _each in _ROUTERS:
    _every.include_router(_each)
ROUTES: Final[list[BaseRoute]] = _every.routes
"""All calls and pages, made once a process: they hold nothing of a deployment."""
