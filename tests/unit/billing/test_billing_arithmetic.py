"""The arithmetic of billing: exact, whatever the numbers."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.billing.head_count import head_count
from app.billing.member_share import (
    MEMBER_CASE,
    NON_MEMBER_CASE,
    added_up,
    further_cases,
    split_cases,
    total,
)
from app.billing.pricing import credit_lines
from app.billing.program_years import billing_model, owes_administrative_fee
from app.billing.reconciling import additional, pace_of, reconciled
from app.domain.billing import InvoiceLine, Item, MemberShare, Membership, SeenClinician, Unit
from app.domain.frozen_counts import months_of, parse_billing_period
from app.domain.money import money

CASES = st.integers(min_value=0, max_value=10_000_000)
SHARES = st.integers(min_value=1, max_value=5_000).flatmap(
    lambda clinicians: st.builds(
        MemberShare, members=st.integers(0, clinicians), clinicians=st.just(clinicians)
    )
)
CRNA = "Certified Registered Nurse Anesthetist"


@given(cases=CASES, share=SHARES)
def test_every_case_has_one_rate(cases: int, share: MemberShare) -> None:
    parts = split_cases(cases, share)
    assert total(parts) == cases
    assert min(parts.values()) >= 0
    assert abs(parts[MEMBER_CASE] * share.clinicians - cases * share.members) * 2 <= (
        share.clinicians
    ), "to the nearest case"


@given(
    orders=st.lists(st.integers(0, 100_000), min_size=1, max_size=6), further=CASES, share=SHARES
)
def test_ordering_bit_by_bit_comes_to_the_same(
    orders: list[int], further: int, share: MemberShare
) -> None:
    """And no part of what is invoiced in the end is below zero."""
    parts, before = [], 0
    for cases in orders:
        parts.append(further_cases(before, cases, share))
        before += cases
    ordered, submitted = added_up(parts), split_cases(before + further, share)
    assert all(number >= 0 for part in parts for number in part.values())
    items = reconciled(ordered, submitted)
    assert total(additional(items)) == further
    assert added_up([ordered, additional(items)]) == added_up([submitted])


@given(ordered=CASES, submitted=CASES, share=SHARES)
def test_fewer_is_no_refund(ordered: int, submitted: int, share: MemberShare) -> None:
    items = reconciled(split_cases(ordered, share), split_cases(submitted, share))
    assert total(additional(items)) == max(0, submitted - ordered)


@given(st.integers(-(10**12), 10**12))
def test_money_is_written_to_the_cent(cents: int) -> None:
    assert int(money(cents).replace(",", "").replace(".", "")) == cents


@given(quantity=st.integers(0, 10**8), cents=st.integers(0, 10**8))
def test_a_credit_takes_all_of_a_line_back(quantity: int, cents: int) -> None:
    line = InvoiceLine(description="cases", quantity=quantity, unit_cents=cents)
    [credit] = credit_lines((line,))
    assert line.amount + credit.amount == 0


def test_three_clinicians_split_a_hundred_cases() -> None:
    third = MemberShare(members=1, clinicians=3)
    assert split_cases(100, third) == {MEMBER_CASE: 33, NON_MEMBER_CASE: 67}
    half = MemberShare(members=1, clinicians=2)
    assert split_cases(1, half) == {MEMBER_CASE: 1, NON_MEMBER_CASE: 0}


@pytest.mark.parametrize(
    ("year", "clinicians", "owes"),
    [(2024, 9, False), (2024, 10, True), (2025, 10, True), (2023, 100, False)],
)
def test_who_owes_the_administrative_fee(year: int, clinicians: int, owes: bool) -> None:
    assert owes_administrative_fee(year, clinicians=clinicians) is owes


def test_the_model_changes_with_2024() -> None:
    assert [billing_model(year).value for year in (2000, 2023, 2024, 2100)] == [
        *("clinicians", "clinicians", "cases", "cases")
    ]


def seen(*credentials: str, with_physician: bool = False, is_member: bool = False) -> SeenClinician:
    return SeenClinician(
        credentials=frozenset(credentials), with_physician=with_physician, is_member=is_member
    )


def test_who_counts_as_what() -> None:
    counted = head_count(
        [
            seen("Anesthesiologist", with_physician=True, is_member=True),
            seen("Dentist Anesthesiologist", is_member=True),
            seen(CRNA),
            seen(CRNA, with_physician=True),
            seen("Certified Anesthesiologist Assistant", with_physician=True),
            seen("Resident (Anesthesia)", with_physician=True),
            seen("Surgeon"),
        ]
    )
    assert counted == {
        Item(Unit.PHYSICIAN, Membership.MEMBER): 2,
        Item(Unit.INDEPENDENT, Membership.NON_MEMBER): 1,
        Item(Unit.CARE_TEAM, Membership.NON_MEMBER): 2,
    }


def test_fewer_of_one_type_make_up_for_no_other() -> None:
    member, other = (
        Item(Unit.PHYSICIAN, Membership.MEMBER),
        Item(Unit.PHYSICIAN, Membership.NON_MEMBER),
    )
    assert additional(reconciled({member: 10}, {member: 9, other: 1})) == {other: 1}


def test_the_pace_goes_by_months_that_are_over() -> None:
    by_month = {month.name: 10 for month in months_of(2024)}
    assert pace_of(by_month, date(2024, 1, 31)) is None
    february = pace_of({**by_month, "2024-02": 11}, date(2024, 3, 1))
    assert february is not None
    assert (february.months, february.cases) == (2, 126)
    over = pace_of(by_month, date(2025, 1, 1))
    assert over is not None
    assert (over.months, over.cases) == (12, 120)


@pytest.mark.parametrize("text", ["2024-Q1", "2024-03-final", "2024-13", "final", "2024--final"])
def test_what_is_no_billing_period(text: str) -> None:
    with pytest.raises(ValueError, match="a billing period is written as"):
        parse_billing_period(text)
