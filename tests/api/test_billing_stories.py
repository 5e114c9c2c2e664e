"""The worked examples of the registry's payment policies, and what lies at their edges."""

from datetime import date

import pytest

from app.domain.identifiers import npi_check_digit
from tests.billing import (
    FEE_CENTS,
    MEMBER_CENTS,
    OF_PRACTICE,
    OTHER_CENTS,
    a_price,
    adjustments,
    case_of,
    employ,
    enter_prices,
    freeze_on,
    frozen_ids,
    invoice,
    invoices_of,
    order,
    pay,
    period,
    proof_of,
    reconcile,
    send_case,
    try_to_credit,
    try_to_reconcile,
    year_of,
)
from tests.case_files import TIN, a_case_file
from tests.problems import problem
from tests.registry import OTHER_PRACTICE, Registry

JANUARY_20 = date(2025, 1, 20)
NURSE = "independent_nurse_anesthetist"


@pytest.fixture
def ten(registry: Registry) -> Registry:
    """Ten clinicians, six of them ASA members, and prices for 2024."""
    employ(registry, 10, members=6)
    enter_prices(registry)
    return registry


def send_cases(registry: Registry, number: int, *, day: str = "2024-03-01") -> None:
    records = [case_of(f"A-{each}", day) for each in range(number)]
    registry.vendor().send(a_case_file(*records))


def sent_nurses(registry: Registry, number: int) -> None:
    """A case of 2019 for each of so many nurses, who work without a physician."""
    for each in range(number):
        first_nine = f"{200_000_000 + each}"
        npi = first_nine + npi_check_digit(first_nine)
        record = case_of(f"N-{each}", "2019-05-01", staff=((TIN, npi),))
        alone = record.replace("Anesthesiologist<", "Certified Registered Nurse Anesthetist<")
        registry.vendor().send(a_case_file(alone))


@pytest.mark.parametrize(
    ("bought", "sent"), [(50, 60), pytest.param(5_000, 6_000, marks=pytest.mark.soak)]
)
def test_5000_cases_are_ordered_and_6000_submitted(ten: Registry, bought: int, sent: int) -> None:
    """A hundredth of them in every run of the tests."""
    practice = ten.practice()
    ordered = order(practice, cases=bought)
    assert [each["quantity"] for each in ordered["quantities"]] == [
        bought * 6 // 10,
        bought * 4 // 10,
    ]
    initial = invoice(ten, ordered)
    for_cases = bought * (6 * MEMBER_CENTS + 4 * OTHER_CENTS) // 10
    assert initial["total_cents"] == for_cases + FEE_CENTS
    assert (initial["issued_on"], initial["due_on"]) == ("2024-06-01", "2024-07-01")
    pay(ten, initial)

    send_cases(ten, sent)
    ten.on_day(JANUARY_20)
    year, more = reconcile(ten), sent - bought
    assert (year["ordered"], year["submitted"], year["additional"]) == (bought, sent, more)
    final = practice.read(f"{OF_PRACTICE}/invoices/{year['final_invoice']}")
    assert [line["quantity"] for line in final["lines"]] == [more * 6 // 10, more * 4 // 10]
    assert final["total_cents"] == more * (6 * MEMBER_CENTS + 4 * OTHER_CENTS) // 10
    assert final["total_cents"] == year["additional_cents"]
    assert (final["kind"], final["due_on"]) == ("final", "2025-03-15")
    assert period(practice, "2024-final")["frozen"]["cases"] == sent

    ten.on_day(date(2025, 3, 15))
    assert not year_of(practice)["may_be_withheld"]
    ten.on_day(date(2025, 3, 16))
    assert year_of(practice)["may_be_withheld"], "the final invoice is overdue"
    pay(ten, final, paid_on="2025-03-16")
    assert not year_of(practice)["may_be_withheld"]


def test_10_nurses_are_bought_and_12_submitted(registry: Registry) -> None:
    sent_nurses(registry, 12)
    price = a_price("quality_reporting", NURSE, "non_member", 30_000)
    enter_prices(registry, 2019, prices=[price], administrative_fee=None)
    registry.on_day(date(2019, 6, 1))
    ten_nurses = [{"unit": NURSE, "membership": "non_member", "quantity": 10}]
    ordered = order(registry.practice(), performance_year=2019, clinicians=ten_nurses)
    bought = invoice(registry, ordered)
    assert bought["total_cents"] == 10 * 30_000, "no administrative fee before 2024"
    registry.on_day(date(2020, 2, 17))
    year = reconcile(registry, 2019)
    assert [(each["unit"], each["additional"]) for each in year["items"]] == [(NURSE, 2)]
    [_, final] = invoices_of(registry.practice())
    assert (final["total_cents"], final["due_on"]) == (2 * 30_000, "2020-03-16")
    registry.on_day(date(2020, 3, 17))
    assert year_of(registry.practice(), 2019)["may_be_withheld"]


@pytest.mark.parametrize(("submitted", "additional"), [(0, 0), (4, 0), (5, 0), (6, 1)])
def test_only_what_is_above_the_order_is_invoiced(
    ten: Registry, submitted: int, additional: int
) -> None:
    """A practice that leaves in the middle of the year gets nothing back."""
    pay(ten, invoice(ten, order(ten.practice(), cases=5)))
    if submitted:
        send_cases(ten, submitted)
    ten.on_day(JANUARY_20)
    year = reconcile(ten)
    assert (year["submitted"], year["additional"]) == (submitted, additional)
    assert (year["final_invoice"] is None) == (additional == 0)
    assert len(invoices_of(ten.practice())) == 1 + bool(additional)


@pytest.mark.parametrize(("clinicians", "fees"), [(9, 0), (10, 1)])
def test_the_fee_is_waived_below_ten_clinicians(
    registry: Registry, clinicians: int, fees: int
) -> None:
    employ(registry, clinicians, members=clinicians)
    enter_prices(registry)
    issued = invoice(registry, order(registry.practice(), cases=4))
    assert issued["total_cents"] == 4 * MEMBER_CENTS + fees * FEE_CENTS


def test_basic_is_included_with_the_dues_of_members(registry: Registry) -> None:
    employ(registry, 2, members=2)
    enter_prices(registry)
    ordered = order(registry.practice(), product="nacor_basic", cases=100)
    issued = invoice(registry, ordered)
    assert (issued["total_cents"], issued["is_settled"]) == (0, True)
    paid = registry.practice().read(f"{OF_PRACTICE}/orders/{ordered['id']}")
    assert paid["state"] == "paid"


def test_a_case_moves_to_another_year_after_the_freeze(ten: Registry) -> None:
    pay(ten, invoice(ten, order(ten.practice(), cases=1)))
    send_cases(ten, 2)
    ten.on_day(date(2025, 1, 2))
    freeze_on(ten, date(2025, 1, 2))
    send_case(ten, "A-1", "2023-12-31")
    practice = ten.practice()
    assert adjustments(practice, "2024") == [(-1, "moved")]
    year = reconcile(ten)
    assert (year["submitted"], year["additional"]) == (1, 0), "it is billed as it stands then"
    assert period(practice, "2024")["frozen"]["cases"] == 2
    final = period(practice, "2024-final")["frozen"]
    assert final["proof"] == proof_of(frozen_ids(practice, "2024-final"))


def test_what_comes_after_the_last_reconciliation_is_an_adjustment(ten: Registry) -> None:
    pay(ten, invoice(ten, order(ten.practice(), cases=1)))
    send_cases(ten, 2)
    ten.on_day(JANUARY_20)
    first = reconcile(ten)
    send_case(ten, "B-1", "2024-12-01")
    assert reconcile(ten) == first, "once and for all"
    assert adjustments(ten.practice(), "2024-final") == [(1, "added")]


def test_the_preview_tells_where_the_year_leads_to(ten: Registry) -> None:
    order(ten.practice(), cases=10)
    send_cases(ten, 7)
    send_case(ten, "B-1", "2024-06-01")
    year = year_of(ten.practice())
    assert (year["pace"]["months"], year["pace"]["cases"]) == (5, 17), "7 in five months"
    assert (year["submitted"], year["additional"], year["additional_cents"]) == (8, 0, 0)
    assert year["reconciled_at"] is None
    send_cases(ten, 12)
    year = year_of(ten.practice())
    by_item = {each["membership"]: each["additional"] for each in year["items"]}
    assert by_item == {"member": 2, "non_member": 1}
    assert year["additional_cents"] == 2 * MEMBER_CENTS + OTHER_CENTS


def test_a_year_is_reconciled_when_it_is_over_and_ordered_and_invoiced(ten: Registry) -> None:
    send_cases(ten, 1)
    assert problem(try_to_reconcile(ten), 409) == "not-reconcilable"
    ten.on_day(JANUARY_20)
    nothing_ordered = try_to_reconcile(ten)
    assert nothing_ordered.json()["detail"] == "Nothing is ordered for this year."
    ten.on_day(date(2024, 9, 1))
    ordered = order(ten.practice(), cases=1)
    ten.on_day(JANUARY_20)
    assert "waits for its invoice" in try_to_reconcile(ten).json()["detail"]
    invoice(ten, ordered)
    assert reconcile(ten)["final_invoice"] is None


def test_a_run_over_all_practices_tells_who_could_not_be_reconciled(ten: Registry) -> None:
    ten.register(OTHER_PRACTICE, "897654322")
    other = case_of("A-1", "2024-03-01", staff=(("897654322", "1234567893"),))
    ten.vendor(OTHER_PRACTICE).send(
        a_case_file(other, practice_id=OTHER_PRACTICE), practice_id=OTHER_PRACTICE
    )
    invoice(ten, order(ten.practice(), cases=1))
    ten.on_day(JANUARY_20)
    run = ten.internal().ask("POST", "/v1/billing/2024/reconciliation").json()["items"]
    assert [(each["practice_id"], each["is_reconciled"], each["problem"]) for each in run] == [
        ("12345", True, None),
        (OTHER_PRACTICE, False, "not-reconcilable"),
    ]
    again = ten.internal().ask("POST", "/v1/billing/2024/reconciliation").json()["items"]
    assert again == run


def test_a_final_invoice_that_is_credited_withholds_nothing(ten: Registry) -> None:
    pay(ten, invoice(ten, order(ten.practice(), cases=1)))
    send_cases(ten, 2)
    ten.on_day(JANUARY_20)
    reconcile(ten)
    [_, final] = invoices_of(ten.practice())
    assert try_to_credit(ten, final).status_code == 201
    ten.on_day(date(2025, 6, 1))
    assert not year_of(ten.practice())["may_be_withheld"]
