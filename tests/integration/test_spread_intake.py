"""A large file that several processes prepare becomes the same cases, counts and findings."""

import multiprocessing
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from app.checking.pool import CheckingPool
from app.intake import processing
from app.intake.not_finished import NotFinished
from tests.case_files import NPI, OTHER_TIN, TIN, a_case_file, a_record, records
from tests.registry import OTHER_PRACTICE, PRACTICE, Caller, Registry, library

ABOUT_THREE_RECORDS = 4_000
MANY = [a_record(f"A-{number}") for number in range(40)]
MIXED = (
    *MANY[:9],
    a_record("B-1", sex="female"),
    *MANY[9:20],
    records("A-3"),
    a_record("B-2", staff=[(OTHER_TIN, NPI)]),
    *MANY[20:],
)


@pytest.fixture
def vendor(registry: Registry) -> Caller:
    return registry.vendor()


@pytest.fixture(scope="module")
def pool() -> Iterator[CheckingPool]:
    with CheckingPool(
        2, library().standards, start_method="spawn", run_bytes=ABOUT_THREE_RECORDS
    ) as opened:
        yield opened


def prepared_in(pool: CheckingPool, registry: Registry) -> None:
    registry.app.state.intake = replace(registry.intake, pool=pool, pool_worth_bytes=0)


def taken_in(registry: Registry, practice_id: str, on_error: str) -> dict[str, Any]:
    """All that can be seen of the mixed file, but for what is another's in another practice."""
    vendor = registry.vendor(practice_id)
    receipt = vendor.send(
        a_case_file(*MIXED, practice_id=practice_id), practice_id=practice_id, on_error=on_error
    )
    report = vendor.read(receipt["links"]["report"])
    seen = vendor.read(receipt["links"]["records"], limit=100)["items"]
    return {
        "receipt": {name: receipt[name] for name in ("status", "records", "findings")},
        "report": {**report, "practice_id": None, "sha256": None},
        "records": [{**each, "case_id": None} for each in seen],
        "cases": registry.practice(practice_id).count(practice_id=practice_id),
    }


@pytest.mark.parametrize("on_error", ["record", "file"])
def test_it_makes_no_difference_who_prepares_the_records(
    registry: Registry, pool: CheckingPool, on_error: str
) -> None:
    registry.register(OTHER_PRACTICE, TIN)
    here = taken_in(registry, PRACTICE, on_error)
    prepared_in(pool, registry)
    assert taken_in(registry, OTHER_PRACTICE, on_error) == here
    assert here["records"] != []


def test_a_file_that_says_the_same_changes_nothing(
    registry: Registry, pool: CheckingPool, vendor: Caller
) -> None:
    vendor.send(a_case_file(*MANY))
    prepared_in(pool, registry)
    again = vendor.send(a_case_file("<!-- once more -->", *MANY))
    assert again["records"]["unchanged"] == 40


def test_processes_that_are_killed_are_done_without_and_replaced(
    registry: Registry, vendor: Caller
) -> None:
    with CheckingPool(
        2, library().standards, start_method="spawn", run_bytes=ABOUT_THREE_RECORDS
    ) as pool:
        prepared_in(pool, registry)
        assert vendor.send(a_case_file(*MANY[:10]))["records"]["created"] == 10
        for process in multiprocessing.active_children():
            process.kill()
        assert vendor.send(a_case_file(*MANY[:20]))["records"]["created"] == 10
        assert vendor.send(a_case_file(*MANY))["records"]["created"] == 20
        assert multiprocessing.active_children() != []


def test_a_service_that_shuts_down_meanwhile_fails_no_file(
    registry: Registry, vendor: Caller
) -> None:
    pool = CheckingPool(1, library().standards, start_method="spawn", run_bytes=ABOUT_THREE_RECORDS)
    prepared_in(pool, registry)
    closing = threading.Timer(0.5, pool.close)
    closing.start()
    receipt = vendor.send(a_case_file(*(a_record(f"C-{number}") for number in range(1_500))))
    closing.join()
    assert (receipt["status"], receipt["records"]["created"]) == ("accepted", 1_500)


def test_a_fault_of_ours_in_another_process_is_told_by_its_place(
    registry: Registry, pool: CheckingPool, vendor: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared_in(pool, registry)
    monkeypatch.setattr(processing, "prepare_run", len)  # which takes no such arguments
    receipt = vendor.submit(a_case_file(*MANY)).json()
    submission = UUID(receipt["id"])
    with pytest.raises(NotFinished):
        registry.app.state.intake.process(submission)
    ended = registry.app.state.intake.process(submission)  # the third and last attempt
    assert ended.status == "failed"
    assert str(ended.failure_cause).startswith("TypeError at process.py:")
