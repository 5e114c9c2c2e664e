"""How many records a file may hold, and how long a body may take to come."""

from collections.abc import AsyncIterator
from typing import Any

import anyio
import pytest

from tests.case_files import a_case_file, records
from tests.registry import ADDRESS, PRACTICE, XML, Registry
from tests.waiting import PATIENCE_SECONDS

THREE = a_case_file(records("A-1", "A-2", "A-3"))
FOUR = a_case_file(records("A-1", "A-2", "A-3", "A-4"))


@pytest.mark.parametrize("on_error", ["record", "file"])
def test_a_file_of_more_records_than_the_limit_is_refused_whole_and_says_so(
    registry: Registry, on_error: str
) -> None:
    practice = registry.with_settings(registry.practice(), submission_max_records=3)
    refused = practice.send(FOUR, on_error=on_error)
    assert (refused["status"], refused["records"]["created"]) == ("rejected", 0)
    [finding] = practice.read(refused["links"]["report"])["findings"]
    assert finding["code"] == "AR014"
    assert finding["path"] == "/AnesthesiaRecords/AnesthesiaRecord[4]"
    assert "at most 3 records" in finding["message"]
    assert practice.count() == 0
    assert practice.send(THREE, on_error=on_error)["status"] == "accepted"
    assert practice.count() == 3


def test_behind_the_limit_nothing_is_read(registry: Registry) -> None:
    vendor = registry.with_settings(registry.vendor(), submission_max_records=2)
    ends_oddly = a_case_file(records("A-1", "A-2", "A-3", "A-4", "A-5"))[:-40]
    refused = vendor.send(ends_oddly)
    assert refused["records"]["total"] == 3
    assert [each["code"] for each in vendor.read(refused["links"]["report"])["findings"]] == [
        "AR014"
    ]


def test_a_validation_has_no_limit_of_records(registry: Registry) -> None:
    vendor = registry.with_settings(registry.vendor(), submission_max_records=3)
    assert vendor.validate(FOUR)["valid"]


async def _stops_in_the_middle(content: bytes) -> AsyncIterator[bytes]:
    yield content[:100]
    await anyio.sleep(60)


async def _drips(content: bytes) -> AsyncIterator[bytes]:
    for at in range(0, len(content), 50):
        yield content[at : at + 50]
        await anyio.sleep(0.01)


@pytest.mark.parametrize(
    ("settings", "send"),
    [
        ({"body_silence_seconds": 0.05}, _stops_in_the_middle),
        ({"body_max_seconds": 0.05}, _drips),
    ],
    ids=["a sender that stopped", "a sender that is too slow in all"],
)
@pytest.mark.parametrize("path", [f"/v1/submissions?practice_id={PRACTICE}", "/v1/validate"])
def test_a_body_that_does_not_come_is_not_waited_for(
    registry: Registry, settings: dict[str, Any], send: Any, path: str
) -> None:
    vendor = registry.with_settings(registry.vendor(), **settings)
    answer = vendor.ask("POST", path, content=send(THREE), headers=XML)
    assert answer.status_code == 408
    assert answer.json()["type"] == f"{ADDRESS}/docs/problems/body-too-slow"
    assert answer.headers["Connection"] == "close"
    assert vendor.pages("/v1/submissions", practice_id=PRACTICE) == [[]]
    assert vendor.send(THREE)["status"] == "accepted"


def test_json_that_does_not_come_is_not_waited_for_either(registry: Registry) -> None:
    practice = registry.with_settings(registry.practice(), body_silence_seconds=0.05)
    stopped = practice.ask(
        "POST",
        f"/v1/practices/{PRACTICE}/tins",
        content=_stops_in_the_middle(b'{"tin": ' + b" " * 100),
        headers={"Content-Type": "application/json"},
    )
    assert stopped.status_code == 408


def test_a_slow_body_that_keeps_the_pace_is_taken(registry: Registry) -> None:
    vendor = registry.with_settings(registry.vendor(), body_silence_seconds=PATIENCE_SECONDS)
    path = f"/v1/submissions?practice_id={PRACTICE}"
    answer = vendor.ask("POST", path, content=_drips(THREE), headers=XML)
    assert answer.status_code == 201
