"""Sets the stage: practices, rosters, a vendor, case files, comparisons, reports, people."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import httpx
from fastapi import FastAPI

from app.demo.client import DemoClient
from app.demo.feedback import make_feedback_reports
from app.demo.ordering import (
    CASE_PRICES,
    bring_prices,
    has_ordered,
    pay,
    place_order,
)
from app.demo.people import admin_key, bring_vendor, let_people_in, practices_key, vendor_key
from app.demo.plan import LAKESIDE, PRACTICES, case_file_plan, shown_years
from app.demo.reporting import make_documents_for_cms, register_for_reporting
from app.demo.rosters import bring_roster, register
from app.demo.sending import Moved, send_case_file
from app.measures.catalogue.catalogue import load_catalogue
from app.measures.peers.refreshing import PeerRefreshing
from app.storage.unit_of_work import OpenWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """`password` is that of all people, `key` reads all practices, `year` is the one to look at."""

    password: str
    key: str
    year: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """The service with its background jobs, which `client` reaches; its database is at head."""

    app: FastAPI
    client: httpx.Client
    open_work: OpenWork


Followed = Callable[[str, int], tuple[Moved, Callable[[dict[str, Any]], object]]]
"""Given what a case file is and its records: whom to tell of its way, and whom of its receipt."""


def set_stage(stage: Stage, *, cases: int, today: date, followed: Followed) -> Staged:
    """Bring everything of the demonstration that is not there yet."""
    open_work = stage.open_work
    years = shown_years(today)
    registry = DemoClient(stage.client, admin_key(open_work=open_work))
    for practice in PRACTICES:
        register(practice, open_work=open_work)
        bring_roster(practice, years, registry)
    _bring_orders(years[1], cases, registry)
    for practice in PRACTICES:
        if practice.orders:
            register_for_reporting(practice.id, years, registry, signed_on=today)
    vendor = bring_vendor(registry)
    sender = DemoClient(stage.client, vendor_key(vendor, open_work=open_work))
    for practice in PRACTICES:
        for year in years:
            plan = case_file_plan(practice, year, cases, today)
            moved, ended = followed(f"{practice.name} {year}", plan.cases)
            ended(send_case_file(plan, sender, moved))
    catalogue = load_catalogue()
    PeerRefreshing(open_work=open_work, catalogue=catalogue).refresh_changed()
    make_feedback_reports(today=today, catalogue=catalogue, open_work=open_work)
    make_documents_for_cms(LAKESIDE.id, years[0], registry)
    return Staged(
        password=let_people_in(stage.app.state.users, stage.app.state.local_accounts, vendor),
        key=practices_key(open_work=open_work),
        year=years[1],
    )


def _bring_orders(year: int, cases: int, registry: DemoClient) -> None:
    bring_prices(year, CASE_PRICES, registry)
    for practice in PRACTICES:
        if not practice.orders or has_ordered(practice.id, registry):
            continue
        invoice = place_order(practice.id, year, {"cases": cases}, registry)
        if practice.pays:
            pay(practice.id, invoice, registry)
