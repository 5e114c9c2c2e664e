"""Billing of the practice 12345, as it and the staff of the registry meet it over HTTP."""

import hashlib
from datetime import date
from typing import Any

from httpx import Response

from app.billing.freezing import freeze_all
from app.domain.audit import Actor, ActorKind
from app.domain.identifiers import npi_check_digit
from tests.case_files import NPI, TIN, a_case_file, a_record
from tests.registry import PRACTICE, Caller, Registry
from tests.rosters import Staff

OF_PRACTICE = f"/v1/practices/{PRACTICE}"


def billing_path(what: str, year: int = 2024) -> str:
    return f"{OF_PRACTICE}/billing/{year}/{what}"


def send_case(registry: Registry, record_id: str, day: str, **record: Any) -> None:
    registry.vendor().send(a_case_file(case_of(record_id, day, **record)))


def case_of(record_id: str, day: str, *, staff: Any = ((TIN, NPI),), **record: Any) -> str:
    return a_record(
        record_id, start=f"{day}T07:30:00", end=f"{day}T09:30:00", staff=staff, **record
    )


def freeze_on(registry: Registry, day: date) -> list[str]:
    """What the worker does in the night: return the periods of the practice that it froze."""
    by = Actor(kind=ActorKind.WORKER)
    frozen = freeze_all(by, day=day, open_work=registry.open_work)
    return [each.period for each in frozen if each.practice_id == PRACTICE]


def period(caller: Caller, name: str, year: int = 2024) -> Any:
    """One period of the counts that are billed."""
    periods = caller.read(billing_path("counts", year))["periods"]
    [found] = [each for each in periods if each["period"] == name]
    return found


def frozen_ids(caller: Caller, name: str, year: int = 2024) -> list[str]:
    pages = caller.pages(billing_path(f"counts/{name}/cases", year), limit=2)
    return [case["case_id"] for page in pages for case in page]


def adjustments(caller: Caller, name: str, year: int = 2024) -> list[tuple[int, str]]:
    items = caller.read(billing_path(f"counts/{name}/adjustments", year))["items"]
    return sorted((item["cases"], item["reason"]) for item in items)


def proof_of(case_ids: list[str]) -> str:
    """As `sort | sha256sum` of the ids, one a line."""
    return hashlib.sha256("".join(f"{each}\n" for each in sorted(case_ids)).encode()).hexdigest()


PEOPLE: dict[str, str] = {
    "role": "billing",
    "name": "Robin Example",
    "mail": "robin@lakeside.example",
    "telephone": "",
}
MEMBER_CENTS, OTHER_CENTS, FEE_CENTS = 25, 40, 150_000
"""Made up: no price is published."""


def a_price(product: str, unit: str, membership: str, cents: int) -> dict[str, Any]:
    return {"product": product, "unit": unit, "membership": membership, "cents": cents}


CASE_PRICES = [
    a_price("quality_reporting", "case", "member", MEMBER_CENTS),
    a_price("quality_reporting", "case", "non_member", OTHER_CENTS),
    a_price("nacor_basic", "case", "non_member", OTHER_CENTS),
]


def enter_prices(registry: Registry, year: int = 2024, **differently: Any) -> Any:
    """As staff of the registry do."""
    asked = {
        "currency": "USD",
        "administrative_fee": FEE_CENTS,
        "prices": CASE_PRICES,
        "issuer": "Example Registry\n1 Example Street",
        "payment_instructions": "By check.",
        **differently,
    }
    return done(registry.internal().ask("POST", f"/v1/billing/prices/{year}", json=asked), 201)


def employ(registry: Registry, clinicians: int, *, members: int, year: int = 2024) -> None:
    """So many clinicians work for the practice in the year, the first of them ASA members."""
    staff = Staff(caller=registry.practice())
    for number in range(clinicians):
        first_nine = f"{100_000_000 + number}"
        added = staff.add(
            "clinicians",
            npi=first_nine + npi_check_digit(first_nine),
            name=f"Clinician {number}",
            credentials="Anesthesiologist",
            asa_member_years=[year] if number < members else [],
        )
        staff.employ(added, starts_on=f"{year}-01-01")


def try_to_order(caller: Caller, **differently: Any) -> Response:
    asked = {
        "performance_year": 2024,
        "product": "quality_reporting",
        "kind": "new",
        "ordered_by": PEOPLE,
        "billing_contact": PEOPLE,
        "payment_policies_acknowledged": True,
        **differently,
    }
    return caller.ask("POST", f"{OF_PRACTICE}/orders", json=asked)


def order(caller: Caller, **asked: Any) -> Any:
    return done(try_to_order(caller, **asked), 201)


def invoice(registry: Registry, ordered: Any) -> Any:
    """Staff issue the initial invoice."""
    path = f"{OF_PRACTICE}/orders/{ordered['id']}/invoice"
    return done(registry.internal().ask("POST", path), 201)


def try_to_pay(registry: Registry, invoiced: Any, **differently: Any) -> Response:
    asked = {"paid_on": "2024-02-01", "cents": invoiced["total_cents"], **differently}
    path = f"{OF_PRACTICE}/invoices/{invoiced['number']}/payment"
    return registry.internal().ask("POST", path, json=asked)


def pay(registry: Registry, invoiced: Any, **differently: Any) -> Any:
    return done(try_to_pay(registry, invoiced, **differently), 200)


def try_to_credit(registry: Registry, invoiced: Any) -> Response:
    path = f"{OF_PRACTICE}/invoices/{invoiced['number']}/credit"
    return registry.internal().ask("POST", path, json={"reason": "Issued by mistake."})


def try_to_reconcile(registry: Registry, year: int = 2024) -> Response:
    return registry.internal().ask("POST", billing_path("reconciliation", year))


def reconcile(registry: Registry, year: int = 2024) -> Any:
    return done(try_to_reconcile(registry, year), 200)


def year_of(caller: Caller, year: int = 2024) -> Any:
    return caller.read(f"{OF_PRACTICE}/billing/{year}")


def invoices_of(caller: Caller) -> Any:
    return caller.read(f"{OF_PRACTICE}/invoices")["items"]


def done(answer: Response, status: int) -> Any:
    assert answer.status_code == status, answer.text
    return answer.json()
