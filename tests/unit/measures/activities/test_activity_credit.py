"""Improvement activities: what is needed, what counts, and when."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import uuid4

import pytest

from app.domain.attestations import Attestation
from app.domain.identifiers import Npi, PracticeId, Tin
from app.measures.activities.crediting import (
    CreditRules,
    Standing,
    clinicians_needed,
    credit_of,
)
from app.measures.activities.inventory import load_inventory
from app.measures.activities.planning import impossible_clinicians, impossible_days
from tests.scored import rules_of

HIGH, MEDIUM, OTHER_MEDIUM = "IA_BE_6", "IA_PSPA_7", "IA_PSPA_16"


def attested(activity_id, *, year=2024, first="01-01", last="06-30", npi=None, clinicians=10):
    return Attestation(
        practice_id=PracticeId("12345"),
        id=uuid4(),
        performance_year=year,
        activity_id=activity_id,
        tin=Tin("891234567"),
        npi=npi,
        starts_on=date.fromisoformat(f"{year}-{first}"),
        ends_on=None if last is None else date.fromisoformat(f"{year}-{last}"),
        clinicians=clinicians,
        attested_at=datetime(2024, 6, 30, tzinfo=UTC),
        attested_by=uuid4(),
        attested_by_label=None,
    )


def credit(*attestations, year=2024, program="mips", small=False, clinicians=20, day=None):
    rules = CreditRules(
        rules=rules_of(year).improvement_activities,
        inventory=load_inventory(),
        program=program,
        performance_year=year,
        day=day or date(year, 12, 31),
        counts_more=small,
        clinicians=clinicians,
    )
    return credit_of(attestations, rules)


NEEDS = [
    # year, program, small practice, activities, percent, why
    (2024, "mips", False, [], 0, "nothing attested"),
    (2024, "mips", False, [MEDIUM], 25, "10 of 40"),
    (2024, "mips", False, [HIGH], 50, "20 of 40"),
    (2024, "mips", False, [HIGH, "IA_CC_19"], 100, "two high ones"),
    (2024, "mips", False, [HIGH, MEDIUM, OTHER_MEDIUM], 100, "one high and two medium ones"),
    (2024, "mips", True, [HIGH], 100, "a high one counts 40 in a small practice"),
    (2024, "mips", True, [MEDIUM], 50, "a medium one counts 20"),
    (2024, "mips", False, ["IA_PCMH"], 100, "the medical home is full credit"),
    (2024, "G0059", False, [MEDIUM], 50, "an MVP needs two medium ones"),
    (2024, "G0059", False, [MEDIUM, OTHER_MEDIUM], 100, "or these two"),
    (2024, "G0059", False, [HIGH], 100, "or one high one"),
    (2024, "G0059", True, [MEDIUM], 50, "the same for small practices"),
    (2025, "mips", False, [MEDIUM], 50, "one of two, whatever the weight was"),
    (2025, "mips", False, [HIGH, MEDIUM], 100, "two of two"),
    (2025, "mips", True, [MEDIUM], 100, "a small practice needs one"),
    (2025, "G0059", False, [MEDIUM], 100, "an MVP needs one"),
    (2025, "G0059", False, ["IA_CC_2"], 100, "in the list of 2025"),
    (2026, "G0059", False, ["IA_CC_2"], 0, "no longer in that of 2026"),
    (2026, "G0059", False, ["IA_AHE_1"], 0, "never in it"),
]


@pytest.mark.parametrize(("year", "program", "small", "activities", "percent", "why"), NEEDS)
def test_what_activities_give(year, program, small, activities, percent, why):
    done = [attested(each, year=year) for each in activities]
    assert credit(*done, year=year, program=program, small=small).percent == percent


STANDINGS = [
    # first day, last day, day of asking, days so far, standing, why
    ("01-01", "03-30", "12-31", 90, Standing.COUNTS, "90 days of a leap year, both ends in"),
    ("01-01", None, "03-29", 89, Standing.TOO_FEW_DAYS, "it goes on, one day is lacking"),
    ("01-01", None, "03-30", 90, Standing.COUNTS, "it goes on and counts from today"),
    ("10-03", None, "12-31", 90, Standing.COUNTS, "the last day to begin is October 3"),
    ("10-04", None, "12-31", 89, Standing.TOO_FEW_DAYS, "a day later is too late"),
    ("06-01", "12-01", "05-31", 0, Standing.TOO_FEW_DAYS, "it has not begun"),
]


@pytest.mark.parametrize(("first", "last", "day", "days", "standing", "why"), STANDINGS)
def test_an_activity_counts_after_ninety_days_of_its_year(first, last, day, days, standing, why):
    done = attested(HIGH, first=first, last=last)
    (found,) = credit(done, day=date.fromisoformat(f"2024-{day}")).activities
    assert (found.days_so_far, found.standing) == (days, standing)
    assert found.credit == (20 if standing is Standing.COUNTS else 0)


def test_days_after_the_year_do_not_help():
    done = attested(HIGH, first="10-04", last=None)
    (found,) = credit(done, day=date(2025, 2, 1)).activities
    assert (found.days_so_far, found.standing) == (89, Standing.TOO_FEW_DAYS)


GROUPS = [
    # clinicians of the group, who did it, standing
    (20, 10, Standing.COUNTS),
    (20, 9, Standing.TOO_FEW_CLINICIANS),
    (21, 10, Standing.TOO_FEW_CLINICIANS),
    (21, 11, Standing.COUNTS),
    (1, 1, Standing.COUNTS),
    (None, 10, Standing.CLINICIANS_NOT_KNOWN),
]


@pytest.mark.parametrize(("clinicians", "did_it", "standing"), GROUPS)
def test_half_of_a_group_must_do_it(clinicians, did_it, standing):
    (found,) = credit(attested(HIGH, clinicians=did_it), clinicians=clinicians).activities
    assert found.standing is standing


def test_in_2019_one_clinician_of_a_group_was_enough():
    (found,) = credit(attested(HIGH, year=2019, clinicians=1), year=2019).activities
    assert (found.clinicians_needed, found.standing) == (1, Standing.COUNTS)


def test_a_clinician_alone_needs_nobody():
    own = attested(HIGH, npi=Npi("1234567893"), clinicians=None)
    (found,) = credit(own, clinicians=None).activities
    assert (found.clinicians_needed, found.standing) == (None, Standing.COUNTS)


def test_half_is_rounded_up():
    assert [clinicians_needed(n, Decimal(50)) for n in (1, 2, 3, 4, 5)] == [1, 1, 2, 2, 3]


def test_the_steps_sum_to_the_credit():
    found = credit(attested(HIGH), attested(MEDIUM), attested("IA_AHE_1", clinicians=1))
    *each, percent = found.steps
    assert sum(step.result for step in each) == found.earned == 30
    assert percent.result == found.percent == 75


IMPOSSIBLE = [
    # first day, last day, what is wrong
    ("2024-01-01", "2024-03-29", "at least 90 days"),
    ("2023-12-31", "2024-05-01", "starts_on: it is not in the performance year"),
    ("2024-03-01", "2025-01-01", "ends_on: it is not in the performance year"),
    ("2024-03-01", "2024-02-01", "before starts_on"),
    ("2024-07-01", None, "starts_on: it lies ahead"),
    ("2024-01-01", "2024-07-01", "ends_on: it lies ahead"),
]


@pytest.mark.parametrize(("first", "last", "wrong"), IMPOSSIBLE)
def test_days_that_cannot_be(first, last, wrong):
    rules = rules_of(2024).improvement_activities
    asked = replace(
        attested(HIGH),
        starts_on=date.fromisoformat(first),
        ends_on=None if last is None else date.fromisoformat(last),
    )
    found = impossible_days(asked, rules, day=date(2024, 6, 1))
    assert found is not None
    assert wrong in found


def test_ninety_days_that_have_passed_can_be_attested():
    rules = rules_of(2024).improvement_activities
    done = attested(HIGH, first="01-01", last="03-30")
    assert impossible_days(done, rules, day=date(2024, 3, 30)) is None


def test_the_number_of_clinicians_is_held_against_the_roster():
    assert impossible_clinicians(attested(HIGH, clinicians=20), 20) is None
    assert "the roster has 20" in (impossible_clinicians(attested(HIGH, clinicians=21), 20) or "")
    assert impossible_clinicians(attested(HIGH, clinicians=21), None) is None
    assert impossible_clinicians(attested(HIGH, clinicians=None), 20) is not None
    own = attested(HIGH, npi=Npi("1234567893"), clinicians=1)
    assert impossible_clinicians(own, 20) is not None
