"""Counts that are billed are frozen with a proof; what changes later is told case by case."""

from datetime import date
from typing import Any

import pytest

from tests.billing import (
    adjustments,
    billing_path,
    freeze_on,
    frozen_ids,
    period,
    proof_of,
    send_case,
)
from tests.case_files import NPI, OTHER_TIN, TIN, a_case_file
from tests.commands import nacor_on
from tests.problems import problem
from tests.registry import OTHER_PRACTICE, PRACTICE, Registry

APRIL_1 = date(2024, 4, 1)


@pytest.fixture
def march(registry: Registry) -> Registry:
    """Three cases of March 2024, and none before, frozen on the first of April."""
    for number in (1, 2, 3):
        send_case(registry, f"A-{number}", f"2024-03-0{number}")
    freeze_on(registry, APRIL_1)
    return registry


def case_id_of(registry: Registry, record_id: str) -> str:
    items = registry.practice().read("/v1/cases", practice_id=PRACTICE, limit=500)["items"]
    [found] = [case["case_id"] for case in items if case["anesthesia_record_id"] == record_id]
    return str(found)


def test_a_month_is_frozen_when_it_is_over_and_only_once(registry: Registry) -> None:
    send_case(registry, "A-1", "2024-03-31")
    assert freeze_on(registry, date(2024, 3, 31)) == ["2024-01", "2024-02"]
    assert freeze_on(registry, APRIL_1) == ["2024-03"]
    assert freeze_on(registry, APRIL_1) == []
    caller = registry.practice()
    assert period(caller, "2024-03")["frozen"]["cases"] == 1
    assert period(caller, "2024-04") == {"period": "2024-04", "cases": 0, "frozen": None}
    assert freeze_on(registry, date(2025, 1, 1))[0] == "2024"


def test_a_frozen_count_is_proved_by_its_cases(march: Registry) -> None:
    caller = march.practice()
    ids = frozen_ids(caller, "2024-03")
    assert len(ids) == 3
    frozen = period(caller, "2024-03")["frozen"]
    assert (frozen["cases"], frozen["proof"]) == (3, proof_of(ids))
    assert (frozen["added"], frozen["removed"]) == (0, 0)


def test_a_month_without_cases_is_frozen_as_none(march: Registry) -> None:
    frozen = period(march.practice(), "2024-02")["frozen"]
    assert (frozen["cases"], frozen["proof"]) == (0, proof_of([]))
    assert frozen_ids(march.practice(), "2024-02") == []


def test_what_changes_later_is_told_case_by_case(march: Registry) -> None:
    send_case(march, "A-4", "2024-03-04")
    send_case(march, "A-1", "2024-02-01")
    send_case(march, "A-2", "2024-03-02", staff=((OTHER_TIN, NPI),))
    deleted = march.vendor().delete(f"/v1/cases/{case_id_of(march, 'A-3')}", reason="sent in error")
    assert deleted.status_code == 200
    caller = march.practice()
    assert adjustments(caller, "2024-03") == [
        (-1, "deleted"),
        (-1, "held"),
        (-1, "moved"),
        (1, "added"),
    ]
    assert adjustments(caller, "2024-02") == [(1, "added")]
    march_now = period(caller, "2024-03")
    assert march_now["cases"] == 1
    assert (march_now["frozen"]["added"], march_now["frozen"]["removed"]) == (1, 3)
    assert len(frozen_ids(caller, "2024-03")) == 3, "what was frozen stays"


def test_a_correction_moves_a_case_to_another_year_after_the_freeze(registry: Registry) -> None:
    send_case(registry, "A-1", "2024-12-31")
    assert "2024" in freeze_on(registry, date(2025, 1, 1))
    send_case(registry, "A-1", "2023-12-31")
    caller = registry.practice()
    assert adjustments(caller, "2024") == [(-1, "moved")]
    [moved] = caller.read(billing_path("counts/2024/adjustments"))["items"]
    assert moved["date_of_service"] == "2023-12-31"
    assert (period(caller, "2024")["cases"], period(caller, "2023", 2023)["cases"]) == (0, 1)
    freeze_on(registry, date(2025, 1, 1))
    assert period(caller, "2023", 2023)["frozen"]["cases"] == 1


def test_a_change_that_leaves_the_date_is_no_adjustment(march: Registry) -> None:
    send_case(march, "A-1", "2024-03-01", age="47")
    assert adjustments(march.practice(), "2024-03") == []


def test_sandbox_cases_are_never_billed(registry: Registry) -> None:
    registry.vendor(sandbox=True).send(a_case_file())
    freeze_on(registry, APRIL_1)
    assert period(registry.practice(), "2024-03")["frozen"]["cases"] == 0


@pytest.mark.parametrize(
    ("name", "status", "slug"),
    [
        ("2024-04", 404, "count-not-frozen"),
        ("2024-final", 404, "count-not-frozen"),
        ("2024-Q1", 422, "invalid-request"),
        ("2024-03-final", 422, "invalid-request"),
        ("2023-03", 422, "invalid-request"),
    ],
)
def test_what_is_not_frozen_has_no_cases(
    march: Registry, name: str, status: int, slug: str
) -> None:
    for listed in ("cases", "adjustments"):
        answer = march.practice().get(billing_path(f"counts/{name}/{listed}"))
        assert problem(answer, status) == slug


def test_freezing_is_in_the_audit_trail(march: Registry) -> None:
    entry = march.practice().read("/v1/audit", practice_id=PRACTICE, limit=1)["items"][0]
    assert (entry["action"], entry["actor"]["kind"]) == ("counts.frozen", "worker")
    assert entry["details"]["period"] == "2024-03"


def test_verify_proves_what_was_frozen(march: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    nacor = nacor_on(march.engine, monkeypatch)
    send_case(march, "A-1", "2023-03-01")
    proved = nacor("verify", "--totals-only")
    assert (proved.exit_code, "frozen_counts: 0 rows differ" in proved.stdout) == (0, True)
    for tampering in (
        "UPDATE frozen_counts SET cases = 4 WHERE period = '2024-03'",
        "UPDATE frozen_counts SET cases = 3, case_ids = case_ids[1:2] WHERE period = '2024-03'",
    ):
        with march.engine.begin() as connection:
            connection.exec_driver_sql(tampering)
        found = nacor("verify", "--totals-only")
        assert (found.exit_code, "frozen_counts: 1 row differs" in found.stdout) == (1, True)


def test_a_purge_leaves_the_number_and_the_proof(
    march: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NACOR_DATA_DIR", str(march.folder))
    nacor = nacor_on(march.engine, monkeypatch)
    before = period(march.practice(), "2024-03")["frozen"]
    why = ("--reason", "The time is over.", "--confirm", "2", "--early")
    purged = nacor("purge", "--practice", PRACTICE, "--older-than", "2024-03-03", *why)
    assert purged.exit_code == 0, purged.output
    after = period(march.practice(), "2024-03")
    assert after == {"period": "2024-03", "cases": 1, "frozen": {**before, "purged": 2}}
    assert len(frozen_ids(march.practice(), "2024-03")) == 1
    assert adjustments(march.practice(), "2024-03") == []
    assert nacor("verify", "--totals-only").exit_code == 0


def test_the_command_freezes_and_shows_counts(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    nacor = nacor_on(registry.engine, monkeypatch)
    registry.register(OTHER_PRACTICE, TIN)
    send_case(registry, "A-1", "2024-03-01")
    done = nacor("billing", "freeze")
    assert done.exit_code == 0, done.output
    assert "2024-03: 1 case\n" in done.stdout
    assert nacor("billing", "freeze").stdout == "Nothing has ended since.\n"
    shown: Any = nacor("billing", "counts", PRACTICE, "2024").stdout.splitlines()
    assert shown[0] == "period,cases,frozen_cases,purged,added,removed,frozen_at,proof"
    assert shown[3].startswith("2024-03,1,1,0,0,0,")
