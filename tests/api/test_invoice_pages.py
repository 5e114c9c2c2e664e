"""Billing on pages: the practice sees where the year leads to, staff invoice and enter payments."""

from datetime import date

import pytest
from anyio.from_thread import BlockingPortal

from app.domain.principals import Role
from tests.billing import (
    OF_PRACTICE,
    case_of,
    employ,
    enter_prices,
    invoice,
    order,
    pay,
)
from tests.case_files import a_case_file
from tests.forms import ROOT, rows_of, said_beside, send
from tests.people import Browser, browser_of, location_of, text_of
from tests.registry import OTHER_PRACTICE, Registry
from tests.workers import confirm_all

PAGE = f"{ROOT}/invoices"
YEAR = f"{PAGE}?year=2024"
BILLING = "/billing?year=2024"
RUN = "/billing/reconciliation?year=2024"
BY_MAIL = "Who was told by mail"


@pytest.fixture
def two(registry: Registry) -> Registry:
    """Two clinicians, one of them an ASA member, and prices for 2024."""
    employ(registry, 2, members=1)
    enter_prices(registry)
    return registry


@pytest.fixture
def kim(registry: Registry, portal: BlockingPortal) -> Browser:
    """Who does the billing of the practice."""
    return browser_of(registry, portal, Role.PRACTICE)


@pytest.fixture
def lee(registry: Registry, portal: BlockingPortal) -> Browser:
    """Of the finance staff of the registry."""
    return browser_of(registry, portal, Role.INTERNAL)


def send_cases(registry: Registry, number: int) -> None:
    records = [case_of(f"A-{each}", "2024-03-01") for each in range(number)]
    registry.vendor().send(a_case_file(*records))


def test_an_order_is_invoiced_announced_and_paid_in_parts(
    two: Registry, kim: Browser, lee: Browser
) -> None:
    placed = order(two.practice(), cases=10)
    assert "Issue the invoice" not in kim.get(PAGE).text
    issue = f"{PAGE}/orders/{placed['id']}/invoice?year=2024"
    issued = lee.fill_in(lee.get(PAGE), issue)
    here = location_of(issued).removesuffix("?done=issued")
    assert here == f"{PAGE}/2024-000001"
    confirm_all(two, smtp=None)
    page = kim.get(here)
    assert rows_of(page, "What it is for")[-1] == ["Total in USD", "", "", "3.25"]
    assert "Enter a payment" not in page.text
    for kind, begins in (("pdf", b"%PDF-"), ("csv", b"number,kind"), (None, b'{"practice_id"')):
        file = kim.get(f"/v1{here}", params={} if kind is None else {"format": kind})
        assert file.content.startswith(begins)

    payment = f"{here}/payment"
    typed = {"cents": "3.26", "paid_on": "2024-05-31", "reference": "check 1017"}
    refused = send(lee, lee.get(here), payment, typed)
    assert (refused.status_code, said_beside(refused)) == (
        422,
        {"cents": "325 is owed, and no more is taken."},
    )
    refused = send(lee, refused, payment, {"cents": "1 dollar"})
    assert said_beside(refused) == {"cents": "An amount is written like 1234.56."}
    first = send(lee, refused, payment, {"cents": "1.25"})
    assert location_of(send(lee, refused, payment, {"cents": "1.25"})) == location_of(first)
    assert rows_of(kim.get(here), "Payments") == [["2024-05-31", "1.25 USD", "check 1017"]]
    [row] = rows_of(kim.get(PAGE), "Invoices")
    assert row[4:8] == ["3.25 USD", "1.25", "2.00", "partly paid"]
    send(lee, lee.get(here), payment, {"cents": "2", "paid_on": "2024-06-01"})
    [row] = rows_of(kim.get(PAGE), "Invoices")
    assert row[4:8] == ["3.25 USD", "3.25", "0.00", "paid"]
    assert rows_of(kim.get(PAGE), "Orders")[0][4] == "paid"
    assert "Enter a payment" not in lee.get(here).text
    for forbidden in (payment, f"{here}/credit", issue, f"{PAGE}/reconciliation?year=2024"):
        form = {**typed, "confirmed": "true", **_token(kim)}
        assert kim.post(forbidden, form).status_code == 403, forbidden


def _token(browser: Browser) -> dict[str, str]:
    page = browser.get("/home").text
    return {"form_token": page.split('name="csrf-token" content="')[1].split('"')[0]}


def test_where_the_year_leads_to_is_said_in_words_and_then_reconciled(
    two: Registry, kim: Browser, lee: Browser
) -> None:
    pay(two, invoice(two, order(two.practice(), cases=10)))
    send_cases(two, 10)
    page = kim.get(PAGE)
    assert (
        "At this pace you will reach 24 cases in 2024, going by 5 months that are over:"
        " 14 beyond the order, 4.55 USD to be invoiced." in text_of(page)
    )
    assert rows_of(page, "Where this pace leads to") == [
        ["Cases, ASA members", "5", "12", "7"],
        ["Cases, non-members", "5", "12", "7"],
    ]
    assert rows_of(page, "Ordered and submitted")[0] == ["Cases, ASA members", "5", "5", "0"]
    assert "2024 is reconciled from 2025-01-01 on." in text_of(lee.get(YEAR))
    send_cases(two, 12)

    two.on_day(date(2025, 1, 20))
    run = f"{PAGE}/reconciliation?year=2024"
    untold = lee.fill_in(lee.get(YEAR), run)
    assert untold.status_code == 422
    assert "Tick the box when you have looked at the figures." in text_of(untold)
    page = lee.follow(send(lee, untold, run, {"confirmed": "true"}))
    assert "The year is reconciled for good." in text_of(page)
    assert "Invoiced beyond the order: 0.65 USD" in text_of(page)
    told = [row[2] for row in rows_of(kim.get(f"{ROOT}/registration?year=2024"), BY_MAIL)]
    assert told == ["order", "invoice 2024-000001", "invoice 2025-000001"]
    final = rows_of(kim.get(YEAR), "Invoices")[-1]
    assert final[1:5] == ["final", "2025-01-20", "2025-03-15", "0.65 USD"]


def test_staff_run_the_year_of_all_practices_and_see_who_owes(
    two: Registry, kim: Browser, lee: Browser
) -> None:
    two.register(OTHER_PRACTICE, "897654322")
    other = case_of("A-1", "2024-03-01", staff=(("897654322", "1234567893"),))
    two.vendor(OTHER_PRACTICE).send(
        a_case_file(other, practice_id=OTHER_PRACTICE), practice_id=OTHER_PRACTICE
    )
    invoice(two, order(two.practice(), cases=2))
    send_cases(two, 4)
    assert kim.get(BILLING).status_code == 403
    two.on_day(date(2025, 3, 16))
    assert "Tick the box first" in text_of(lee.fill_in(lee.get(BILLING), RUN))
    done = send(lee, lee.get(BILLING), RUN, {"confirmed": "true"})
    assert rows_of(done, "Practices") == [
        ["12345", "reconciled", "2025-000001"],
        [OTHER_PRACTICE, "not reconcilable", ""],
    ]
    page = lee.get(BILLING)
    assert "1.30 USD owed. 2 open" in text_of(page)
    assert [row[4].split()[-1] for row in rows_of(page, "Invoices")] == ["overdue", "2025-04-15"]
    assert "There are none." in text_of(lee.get(f"{BILLING}&state=paid"))


def test_a_credit_takes_an_invoice_back(two: Registry, lee: Browser) -> None:
    issued = invoice(two, order(two.practice(), cases=2))
    here = f"{PAGE}/{issued['number']}"
    short = send(lee, lee.get(here), f"{here}/credit", {"reason": "wrong"})
    assert said_beside(short) == {"reason": "Must have 10 characters or more."}
    page = lee.follow(send(lee, short, f"{here}/credit", {"reason": "Ordered by mistake."}))
    assert "This credit takes the invoice back." in text_of(page)
    assert "It takes invoice 2024-000001 back. Ordered by mistake." in text_of(page)
    [credited, credit] = rows_of(lee.get(YEAR), "Invoices")
    assert (credited[7], credit[4]) == ("credited", "-0.65 USD")
    assert two.practice().read(f"{OF_PRACTICE}/orders")["items"][0]["state"] == "cancelled"
