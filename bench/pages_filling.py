"""What pages show besides cases, brought through the doors that people bring it through."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final
from uuid import UUID

import psycopg

from app.access.grant_service import list_organizations, register_organization
from app.access.key_service import create_key
from app.access.operators import operator
from app.demo.client import DemoClient
from app.demo.ordering import (
    CASE_PRICES,
    bring_prices,
    has_ordered,
    pay,
    place_order,
)
from app.demo.people import admin_key
from app.demo.reporting import register_for_reporting
from app.domain.feedback import Quarter
from app.domain.grants import GrantedRight, OrganizationKind
from app.domain.identifiers import PracticeId
from app.domain.principals import Role
from app.domain.roster import AgreementKind, Clinician, PracticeTin
from app.feedback.quarterly import QuarterlyReports
from app.reporting.consent_service import NewConsent, record_consents
from app.reporting.registration_service import Registrar
from app.storage.access.key_store import NewKey
from bench.database import BenchDatabase
from bench.pages_service import PagesService
from bench.pages_subjects import YEAR

VENDOR: Final = "Bench EHR"
IN_THE_YEAR: Final = date(YEAR, 6, 3)
QUARTER: Final = Quarter(YEAR, 1)
_CASES_ORDERED: Final = 10_000
_ONE_IN_UNPAID: Final = 10
_ONE_IN_UNSIGNED: Final = 3
_VERSIONS: Final = 3
_SEND: Final = """
    UPDATE submissions SET api_key_id = %s,
           software = 'BenchEHR/4.' || abs(hashtext(practice_id)) %% %s
"""
"""Every file was sent by the vendor; each practice has one version of its software."""

Say = Callable[[str], None]


def fill_pages(
    service: PagesService, database: BenchDatabase, practices: Sequence[PracticeId], say: Say
) -> UUID:
    """Bring it unless an earlier run has; return the id of the vendor. The largest comes first."""
    service.on(IN_THE_YEAR)
    open_work = service.open_work
    known = list_organizations(OrganizationKind.VENDOR, after=None, limit=1, open_work=open_work)
    if known:
        return known[0].id
    registry = DemoClient(service.client, admin_key(open_work=open_work))
    say("orders, invoices, registrations")
    bring_prices(YEAR, CASE_PRICES, registry)
    for number, practice in enumerate(practices):
        _order(practice, registry, pays=number % _ONE_IN_UNPAID > 0)
    say("consents, agreements, a virtual group")
    _sign(practices[0], service)
    _agree(practices[0], registry, service)
    say("feedback reports of the largest practice")
    _report(practices[0], service)
    say("a vendor, whose files they were")  # the last: by it a later run knows that all is there
    return _bring_vendor(practices, registry, service, database)


def _order(practice: PracticeId, registry: DemoClient, *, pays: bool) -> None:
    if has_ordered(practice, registry):
        return
    invoice = place_order(practice, YEAR, {"cases": _CASES_ORDERED}, registry)
    if pays:
        pay(practice, invoice, registry)
    register_for_reporting(practice, (YEAR,), registry, signed_on=IN_THE_YEAR)


def _sign(practice: PracticeId, service: PagesService) -> None:
    """Two of three clinicians have signed."""
    with service.open_work() as work:
        if work.reporting.consents(practice, performance_year=YEAR, after=None, limit=1):
            return
        clinicians = work.roster.all(Clinician, practice)
    consents = [
        NewConsent(
            practice_id=practice,
            performance_year=YEAR,
            clinician_id=each.id,
            signer=each.name or "",
            signed_on=IN_THE_YEAR,
            evidence="made up",
        )
        for number, each in enumerate(clinicians)
        if number % _ONE_IN_UNSIGNED
    ]
    by = Registrar(actor=operator(), is_staff=True)
    record_consents(consents, by, day=IN_THE_YEAR, open_work=service.open_work)


def _agree(practice: PracticeId, registry: DemoClient, service: PagesService) -> None:
    root = f"/v1/practices/{practice}"
    if registry.get(f"{root}/agreements")["items"]:
        return
    for kind in AgreementKind:
        registry.post(
            f"{root}/agreements",
            {"kind": kind, "valid_from": f"{YEAR}-01-01", "reference": "made up"},
        )
    with service.open_work() as work:
        tins = [each.tin for each in work.roster.all(PracticeTin, practice)]
    group = {"performance_year": YEAR, "name": "Bench", "tins": tins}
    registry.post(f"{root}/virtual-groups", group)


def _report(practice: PracticeId, service: PagesService) -> None:
    """Those of a quarter, as a worker makes them: of every TIN and clinician."""
    quarterly = QuarterlyReports(
        open_work=service.open_work,
        catalogue=service.intake.library.measures,
        is_on=True,
        days=1,
        reminds=False,
        day=service.intake.day,
    )
    quarterly.make(QUARTER, operator(), only=practice)


def _bring_vendor(
    practices: Sequence[PracticeId],
    registry: DemoClient,
    service: PagesService,
    database: BenchDatabase,
) -> UUID:
    vendor = register_organization(
        VENDOR, OrganizationKind.VENDOR, operator(), open_work=service.open_work
    )
    rights = [right.value for right in GrantedRight]
    for practice in practices:
        asked = {"organization_id": str(vendor.id), "rights": rights}
        registry.post(f"/v1/practices/{practice}/grants", asked)
    new = NewKey(role=Role.VENDOR, practice_ids=(), sandbox=False, organization_id=vendor.id)
    key = create_key(new, operator(), open_work=service.open_work)
    with psycopg.connect(database.conninfo("postgres"), autocommit=True) as connection:
        connection.execute(_SEND, (key.record.id, _VERSIONS))
        connection.execute("VACUUM ANALYZE")
    return vendor.id
