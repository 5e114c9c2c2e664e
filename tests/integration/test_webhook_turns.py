"""Webhooks take turns, so that one that is owed much, or that never answers, holds up few."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from app.notices.notice_jobs import line_up
from app.notices.service import Notices
from tests.case_files import a_case_file, a_record
from tests.notices import ON, deliveries, do_jobs, hasty, hook, later
from tests.receivers import Receiver, running_receiver, trusted
from tests.registry import Caller, Registry

_FETCH = "SELECT args FROM procrastinate_fetch_job_v2(ARRAY['notices'], NULL) WHERE id IS NOT NULL"


@pytest.fixture(autouse=True)
def _trust(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", trusted(tmp_path))


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with running_receiver() as running:
        yield running


@pytest.fixture
def vendor(registry: Registry) -> Caller:
    return registry.with_settings(registry.vendor(), **ON)


@pytest.fixture
def notices(vendor: Caller) -> Notices:
    found: Notices = vendor.app.state.notices
    return found


def ping(vendor: Caller, webhook: Any, *, times: int = 1) -> list[str]:
    """The ids of the events, in their order."""
    here = f"/v1/webhooks/{webhook['id']}/ping"
    return [vendor.ask("POST", here).json()["id"] for _ in range(times)]


def states(vendor: Caller, webhook: Any) -> list[str]:
    """Of its deliveries, the oldest first."""
    return [each["state"] for each in reversed(deliveries(vendor, webhook))]


def jobs(registry: Registry) -> int:
    ((number,),) = registry.ask_database(
        "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'"
    )
    return int(number)


def fetched(registry: Registry) -> Any:
    """The webhook of the job that a worker would be given now; None when there is none."""
    with registry.engine.connect() as connection:  # it is given back: nothing is committed
        row = connection.exec_driver_sql(_FETCH).first()
    return None if row is None else row[0]["webhook_id"]


def test_all_that_is_due_to_a_webhook_is_one_job_and_comes_in_its_order(
    registry: Registry, vendor: Caller, notices: Notices, receiver: Receiver
) -> None:
    webhook = hook(vendor, receiver.url)
    events = ping(vendor, webhook, times=5)
    assert jobs(registry) == 1
    assert do_jobs(registry, notices) == 1
    assert [request.headers["webhook-id"] for request in receiver.requests] == events
    assert jobs(registry) == 0


def test_a_turn_ends_after_a_while_and_the_next_one_goes_on(
    registry: Registry, vendor: Caller, notices: Notices, receiver: Receiver
) -> None:
    webhook, other = hook(vendor, receiver.url), hook(vendor, receiver.url)
    ping(vendor, webhook, times=2)
    ping(vendor, other)
    with registry.engine.begin() as connection:
        connection.exec_driver_sql(
            "DELETE FROM procrastinate_jobs WHERE id = (SELECT min(id) FROM procrastinate_jobs)"
        )
    replace(notices.turns, longest_seconds=0).take(UUID(webhook["id"]))
    assert states(vendor, webhook) == ["delivered", "pending"]
    assert fetched(registry) == other["id"]  # which was behind it before
    do_jobs(registry, notices)
    assert states(vendor, webhook) == ["delivered", "delivered"]


def test_one_that_never_answers_is_tried_once_a_turn_and_stands_behind_the_others(
    registry: Registry, vendor: Caller, notices: Notices, receiver: Receiver
) -> None:
    hangs, answers = hook(vendor, receiver.url), hook(vendor, receiver.url)
    ping(vendor, hangs, times=3)
    receiver.waits_seconds = 1
    do_jobs(registry, hasty(notices))
    assert states(vendor, hangs) == ["waiting", "pending", "pending"]
    assert len(receiver.requests) == 1
    ping(vendor, hangs)
    assert jobs(registry) == 1
    assert fetched(registry) is None  # a new event does not bring its turn forward
    ping(vendor, answers)
    with registry.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE procrastinate_jobs SET scheduled_at = NULL")
    assert fetched(registry) == answers["id"]
    receiver.waits_seconds = 0
    do_jobs(registry, later(notices, timedelta(minutes=1)))
    assert states(vendor, hangs) == ["delivered"] * 4


def test_an_event_does_not_wait_for_the_later_try_of_another(
    registry: Registry, vendor: Caller, notices: Notices, receiver: Receiver
) -> None:
    receiver.answers = [503]
    webhook = hook(vendor, receiver.url)
    ping(vendor, webhook)
    for _ in range(5):  # a turn after a failed try only looks what else is due, and when
        do_jobs(registry, notices)
    assert fetched(registry) is None
    receiver.answers = [204]
    ping(vendor, webhook)
    assert (jobs(registry), fetched(registry)) == (1, webhook["id"])
    do_jobs(registry, notices)
    assert states(vendor, webhook) == ["waiting", "delivered"]


def test_a_turn_that_waits_is_not_begun_before_what_counts_on_it_is_committed(
    registry: Registry, vendor: Caller, receiver: Receiver
) -> None:
    webhook = hook(vendor, receiver.url)
    ping(vendor, webhook)
    with registry.open_work() as work:
        line_up(UUID(webhook["id"]), work)
        assert fetched(registry) is None
        work.commit()
    assert (jobs(registry), fetched(registry)) == (1, webhook["id"])


def test_a_webhook_that_too_much_waits_for_is_switched_off_and_its_owner_sees_why(
    registry: Registry, vendor: Caller, notices: Notices, receiver: Receiver
) -> None:
    webhook = hook(vendor, receiver.url)
    impatient = replace(notices, most_open=2)
    vendor.app.state.intake = replace(vendor.app.state.intake, notices=impatient)
    here = f"/v1/webhooks/{webhook['id']}"
    for number in range(4):
        assert vendor.read(here)["enabled"] is (number < 3)
        vendor.send(a_case_file(a_record(f"A-{number}")))
    shown = vendor.read(here)
    assert (shown["enabled"], shown["switched_off"]) == (False, "fell_behind")
    do_jobs(registry, notices)
    assert states(vendor, webhook) == ["dead"] * 3
    assert {each["failure"] for each in deliveries(vendor, webhook)} == {"switched_off"}
    assert receiver.requests == []
    assert vendor.ask("PATCH", here, json={"enabled": True}).json()["switched_off"] is None


def test_a_webhook_is_removed_while_it_answers_that_it_is_gone(
    registry: Registry, vendor: Caller, notices: Notices, receiver: Receiver
) -> None:
    """Removing it and switching it off wait for one another, and not each for the other."""
    receiver.answers, receiver.waits_seconds = [410], 0.5
    webhook = hook(vendor, receiver.url)
    ping(vendor, webhook)
    with ThreadPoolExecutor() as threads:
        delivering = threads.submit(do_jobs, registry, notices)
        while not receiver.requests:
            time.sleep(0.01)
        assert vendor.delete(f"/v1/webhooks/{webhook['id']}").status_code == 204
        assert delivering.result() == 1
    assert vendor.read("/v1/webhooks")["items"] == []


def test_a_change_does_not_switch_on_what_is_switched_off_meanwhile(
    registry: Registry, vendor: Caller
) -> None:
    webhook = hook(vendor, "https://ehr.example/hooks/nacor")
    here = f"/v1/webhooks/{webhook['id']}"
    with ThreadPoolExecutor() as threads:
        with registry.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE webhooks SET switched_off = 'gone'")
            changing = threads.submit(vendor.ask, "PATCH", here, json={"description": "Receipts"})
            time.sleep(0.3)
            assert not changing.done()
        assert changing.result().status_code == 200
    shown = vendor.read(here)
    assert (shown["description"], shown["switched_off"]) == ("Receipts", "gone")
