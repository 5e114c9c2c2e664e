"""Agreements: what a practice has signed with the registry before it sends data."""

from typing import Any

import pytest

from tests.case_files import a_case_file
from tests.problems import problem
from tests.registry import PRACTICE, Caller, Registry
from tests.rosters import ROSTER, Staff

AGREEMENTS = f"{ROSTER}/agreements"
BOTH = ("business_associate", "participation")


def agree(registry: Registry, kind: str, valid_from: str, valid_until: str | None = None) -> Any:
    return Staff(caller=registry.internal()).add(
        "agreements",
        kind=kind,
        valid_from=valid_from,
        valid_until=valid_until,
        reference="contract 2024-17",
    )


@pytest.fixture
def strict(registry: Registry) -> Caller:
    """A vendor of a registry that takes in nothing without agreements; it is 2024-06-01."""
    return registry.with_settings(registry.vendor(), require_agreements=True)


DAYS = [
    # from, until, taken in on 2024-06-01
    ("2024-06-01", None, True),
    ("2024-01-01", "2024-06-01", True),
    ("2024-06-02", None, False),
    ("2023-01-01", "2024-05-31", False),
]


@pytest.mark.parametrize(("valid_from", "valid_until", "taken_in"), DAYS)
def test_data_is_taken_in_while_both_agreements_are_in_force(
    registry: Registry, strict: Caller, valid_from: str, valid_until: str | None, taken_in: bool
) -> None:
    for kind in BOTH:
        agree(registry, kind, valid_from, valid_until)
    answer = strict.submit(a_case_file())
    if taken_in:
        assert answer.status_code == 201, answer.text
    else:
        assert problem(answer, 409) == "agreements-missing"
        assert answer.json()["missing"] == list(BOTH)
        assert strict.read("/v1/submissions", practice_id=PRACTICE)["items"] == []


def test_one_agreement_is_not_enough(registry: Registry, strict: Caller) -> None:
    agree(registry, "participation", "2024-01-01")
    answer = strict.submit(a_case_file())
    assert problem(answer, 409) == "agreements-missing"
    assert answer.json()["missing"] == ["business_associate"]


def test_it_is_refused_before_the_body_is_read(strict: Caller) -> None:
    """A body that could not be read would be refused otherwise."""
    answer = strict.submit(b"x", headers={"Content-Type": "text/plain"})
    assert problem(answer, 409) == "agreements-missing"


def test_the_sandbox_needs_no_agreement(registry: Registry) -> None:
    sandbox = registry.with_settings(registry.vendor(sandbox=True), require_agreements=True)
    assert sandbox.submit(a_case_file()).status_code == 201


def test_a_registry_may_do_without_agreements(registry: Registry) -> None:
    assert registry.vendor().submit(a_case_file()).status_code == 201


def test_a_practice_shows_what_is_missing_today(registry: Registry) -> None:
    practice = registry.practice()
    assert practice.read(ROSTER)["missing_agreements"] == list(BOTH)
    agree(registry, "business_associate", "2024-01-01")
    assert practice.read(ROSTER)["missing_agreements"] == ["participation"]
    [listed] = practice.read("/v1/practices")["items"]
    assert listed["missing_agreements"] == ["participation"]


def test_a_practice_reads_its_agreements_and_the_registry_keeps_them(registry: Registry) -> None:
    practice, staff = registry.practice(), Staff(caller=registry.internal())
    made = agree(registry, "participation", "2024-01-01")
    asked = {"kind": "participation", "valid_from": "2025-01-01", "reference": "contract 2025-1"}
    assert problem(practice.ask("POST", AGREEMENTS, json=asked), 403) == "not-permitted"
    assert problem(staff.try_to_add("agreements", **asked), 409) == "roster-conflict"
    ended = staff.change("agreements", made, valid_until="2024-12-31")
    staff.add("agreements", **asked)
    assert practice.read(AGREEMENTS)["items"][0] == ended
    backwards = staff.try_to_change("agreements", ended, valid_until="2023-12-31")
    assert problem(backwards, 422) == "invalid-request"
    found = practice.read("/v1/audit", practice_id=PRACTICE, limit=3)["items"]
    assert [(entry["action"], entry["about"]) for entry in found] == [
        ("roster.entry_added", "agreement"),
        ("roster.entry_changed", "agreement"),
        ("roster.entry_added", "agreement"),
    ]
