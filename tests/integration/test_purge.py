"""Old cases go for good, with all that came with them; receipts, counts and the trail stay."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.access.operators import operator
from app.domain.identifiers import parse_practice_id
from app.retention.purging import Purges
from app.retention.signed_papers import SignedPapers
from tests.case_files import a_case_file, a_record
from tests.commands import Nacor, nacor_on
from tests.problems import problem
from tests.registry import PRACTICE, Caller, Registry
from tests.reporting import CONSENTS, register, registration_path, sign
from tests.rosters import ROSTER, Staff
from tests.workers import purges_of, work_off

RETENTION = f"/v1/practices/{PRACTICE}/retention"
HOLDS = f"/v1/practices/{PRACTICE}/legal-holds"
PURGES = f"/v1/practices/{PRACTICE}/purges"
CHOSEN = parse_practice_id(PRACTICE)
APRIL = date(2024, 4, 1)
IN_2031 = date(2031, 1, 1)


@pytest.fixture
def nacor(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> Nacor:
    monkeypatch.setenv("NACOR_DATA_DIR", str(registry.folder))
    return nacor_on(registry.engine, monkeypatch)


@pytest.fixture
def practice(registry: Registry) -> Caller:
    return registry.practice()


def of_march(*names: str, weight: str = "70") -> bytes:
    return a_case_file(*(a_record(name, weight_kg=weight) for name in names))


def of_may(*names: str) -> bytes:
    day = {"start": "2024-05-02T07:30:00", "end": "2024-05-02T09:30:00"}
    return a_case_file(*(a_record(name, **day) for name in names))


def told(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


def purge(nacor: Nacor, older_than: str, *more: str) -> Any:
    asked = ("--older-than", older_than, "--reason", "The time is over.")
    return nacor("purge", "--practice", PRACTICE, *asked, *more)


def trail(caller: Caller, action: str) -> Sequence[dict[str, Any]]:
    entries = caller.read("/v1/audit", practice_id=PRACTICE, action=action)["items"]
    return [entry["details"] for entry in entries]


def rows_naming(registry: Registry, *values: str) -> dict[str, int]:
    """How many rows of each table hold one of `values`, wherever in the row."""
    tables = registry.ask_database(
        """SELECT table_name FROM information_schema.tables
           WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
             AND table_name NOT LIKE 'audit%'"""
    )
    found = {}
    for (table,) in tables:
        question = f"SELECT count(*) FROM {table} t WHERE to_jsonb(t)::text ~ :any"
        [(number,)] = registry.ask_database(question, any="|".join(values))
        if number:
            found[table] = number
    return found


def test_what_is_purged_is_gone_and_its_receipt_stays(
    registry: Registry, practice: Caller, nacor: Nacor
) -> None:
    old = practice.send(of_march("OLD-1", "OLD-2"))
    practice.send(of_march("OLD-2", weight="80"))
    kept = practice.send(of_may("NEW-1"))
    [gone, _] = practice.read(old["links"]["records"])["items"]

    assert "submission_records" in rows_naming(registry, "OLD-1")

    [preview] = told(purge(nacor, "2024-04-01", "--dry-run").stdout)
    assert preview == {
        **{"older_than": "2024-04-01", "cases": 2, "counted": 2, "versions": 1},
        "submissions": 2,
    }
    assert practice.count() == 3, "a dry run purges nothing"
    done = purge(nacor, "2024-04-01", "--confirm", "2", "--early")
    assert done.exit_code == 0, done.output
    [purged] = told(done.stdout)
    assert purged.items() >= preview.items(), "it did what was previewed"

    assert practice.count() == 1
    assert rows_naming(registry, "OLD-1", "OLD-2", gone["case_id"]) == {}
    assert problem(practice.get(f"/v1/cases/{gone['case_id']}"), 404) == "case-unknown"
    receipt = practice.read(old["links"]["self"])
    assert receipt["purged_at"] is not None
    assert {**receipt, "purged_at": None} == {**old, "purged_at": None}
    for what, slug in (("records", "submission-purged"), ("report", "submission-purged")):
        assert problem(practice.get(old["links"][what]), 410) == slug
    assert problem(practice.get(old["links"]["file"]), 410) == "file-not-kept"
    assert not registry.intake.blobs.has(old["sha256"])
    assert practice.get(kept["links"]["file"]).status_code == 200

    [(counted,)] = registry.ask_database(
        "SELECT sum(march) FROM purged_case_counts WHERE tin = '' AND npi = ''"
    )
    assert counted == 2, "how many were counted, and perhaps billed, stays told"
    figures = {"cases": "2", "counted": "2", "versions": "1", "submissions": "2"}
    [ended] = trail(practice, "purge.ended")
    assert ended == {"older_than": "2024-04-01", "stopped": "False", **figures}
    assert practice.read(RETENTION)["purges"] == [purged]


def test_a_purged_case_that_is_sent_again_is_a_new_one(practice: Caller, nacor: Nacor) -> None:
    first = practice.send(of_march("OLD-1"))
    purge(nacor, "2024-04-01", "--confirm", "1", "--early")
    again = practice.submit(of_march("OLD-1"))
    assert again.status_code == 201, "the same bytes are no repetition of what is gone"
    assert again.json()["id"] != first["id"]
    assert again.json()["records"]["created"] == 1
    assert practice.count() == 1


def test_a_file_stays_as_long_as_one_of_its_cases(practice: Caller, nacor: Nacor) -> None:
    both = a_case_file(
        a_record("OLD-1"), a_record("NEW-1", start="2024-05-02T07:30:00", end="2024-05-02T09:00:00")
    )
    receipt = practice.send(both)
    [purged] = told(purge(nacor, "2024-04-01", "--confirm", "1", "--early").stdout)
    assert (purged["cases"], purged["submissions"]) == (1, 0)
    assert practice.get(receipt["links"]["file"]).content == both
    [purged] = told(purge(nacor, "2024-06-01", "--confirm", "1", "--early").stdout)
    assert (purged["cases"], purged["submissions"]) == (1, 1)
    assert problem(practice.get(receipt["links"]["file"]), 410) == "file-not-kept"


def test_nothing_is_purged_without_the_right_number_or_within_the_time(
    practice: Caller, nacor: Nacor
) -> None:
    practice.send(of_march("OLD-1"))
    unasked = purge(nacor, "2024-04-01", "--early")
    assert unasked.exit_code == 1
    assert "--confirm 1" in unasked.stderr
    wrong = purge(nacor, "2024-04-01", "--early", "--confirm", "7")
    assert (wrong.exit_code, "1 cases would be purged, not 7" in wrong.stderr) == (2, True)
    too_soon = purge(nacor, "2024-04-01", "--confirm", "1")
    assert (too_soon.exit_code, "the retention policy keeps" in too_soon.stderr) == (2, True)
    assert practice.count() == 1
    assert trail(practice, "purge.started") == []


def test_a_purge_that_was_killed_goes_on(
    registry: Registry, practice: Caller, nacor: Nacor
) -> None:
    practice.send(of_march("OLD-1", "OLD-2", "OLD-3"))
    purges = purges_of(registry)
    killed = _begun(purges, cases=3)
    assert purges.purge_some(killed, operator())
    assert practice.count() == 1
    registry.check_invariants()

    done = nacor("purge", "--practice", PRACTICE)
    assert done.exit_code == 0, done.output
    [ended] = told(done.stdout)
    assert (ended["id"], ended["cases"], ended["submissions"]) == (str(killed.id), 3, 1)
    assert practice.count() == 0
    assert len(trail(practice, "purge.ended")) == 1


def _begun(purges: Purges, *, cases: int) -> Any:
    reason = "The practice has ended."
    return purges.begin(CHOSEN, APRIL, operator(), cases=cases, reason=reason, early=True)


def test_under_a_legal_hold_nothing_is_purged(
    registry: Registry, practice: Caller, nacor: Nacor
) -> None:
    practice.send(of_march("OLD-1", "OLD-2", "OLD-3"))
    staff, why = registry.internal(), {"reason": "Letter of counsel, file 17."}
    purges = purges_of(registry)
    under_way = _begun(purges, cases=3)
    assert purges.purge_some(under_way, operator())
    placed = staff.ask("POST", HOLDS, json=why)
    assert placed.status_code == 201, placed.text
    assert not purges.purge_some(under_way, operator()), "what is under way stops"
    refused = purge(nacor, "2024-04-01", "--confirm", "1", "--early")
    assert (refused.exit_code, "legal hold" in refused.stderr) == (2, True)
    assert practice.count() == 1
    assert [entry["stopped"] for entry in trail(practice, "purge.ended")] == ["True"]
    assert practice.read(RETENTION)["is_on_hold"]

    hold = placed.json()
    assert problem(practice.ask("POST", f"{HOLDS}/{hold['id']}/lift", json=why), 403)
    [listed] = told(nacor("hold", "list", PRACTICE).stdout)
    assert listed == hold
    lifted = nacor("hold", "lift", PRACTICE, hold["id"], "--reason", "The case is closed.")
    assert lifted.exit_code == 0, lifted.output
    [again] = practice.read(HOLDS)["items"]
    assert (again["lifted_at"] is not None, again["lift_reason"]) == (True, "The case is closed.")
    assert purge(nacor, "2024-04-01", "--confirm", "1", "--early").exit_code == 0
    assert practice.count() == 0


def test_what_a_policy_says_is_over_goes_by_itself(registry: Registry, practice: Caller) -> None:
    practice.send(of_march("OLD-1"))
    told_before = practice.read(RETENTION)
    assert (told_before["years"], told_before["first_day_kept"]) == (6, "2018-01-01")
    assert purges_of(registry, day=IN_2031).take_turns() == 0, "no policy says so"
    staff = registry.internal()
    asked = {"years": 7, "purges_by_itself": True, "reason": "Contract of 2024."}
    shorter = staff.ask("PUT", RETENTION, json={**asked, "years": 5})
    assert problem(shorter, 422) == "invalid-request"
    assert staff.ask("PUT", RETENTION, json=asked).json()["years"] == 7
    assert trail(practice, "retention.changed") == [{"years": "7", "purges_by_itself": "True"}]

    assert purges_of(registry, day=IN_2031).take_turns() == 0, "2024 is kept for seven years"
    assert practice.count() == 1
    assert purges_of(registry, day=date(2032, 1, 1)).take_turns() == 1
    assert practice.count() == 0
    assert purges_of(registry, day=date(2032, 1, 2)).take_turns() == 0, "nothing is left to purge"
    newest = practice.read("/v1/audit", practice_id=PRACTICE, limit=1)["items"][0]
    assert (newest["action"], newest["actor"]["kind"]) == ("purge.ended", "worker")


# By staff, over HTTP


def test_staff_preview_a_purge_confirm_its_number_and_a_worker_does_it(
    registry: Registry, practice: Caller
) -> None:
    practice.send(of_march("OLD-1", "OLD-2"))
    staff = registry.internal()
    preview = staff.read(f"{PURGES}/preview", older_than="2024-04-01")
    assert (preview["cases"], preview["submissions"]) == (2, 1)
    assert staff.read(f"{PURGES}/preview")["older_than"] == "2018-01-01", "as the policy says"
    asked = {"older_than": "2024-04-01", "cases": 2, "reason": "The practice has ended."}
    assert problem(staff.ask("POST", PURGES, json=asked), 422) == "invalid-request"
    early = {**asked, "early": True}
    wrong = staff.ask("POST", PURGES, json={**early, "cases": 3})
    assert problem(wrong, 409) == "confirmation-differs"
    assert problem(practice.ask("POST", PURGES, json=early), 403) == "not-permitted"

    begun = staff.ask("POST", PURGES, json=early)
    assert (begun.status_code, begun.json()["ended_at"]) == (202, None)
    assert practice.count() == 2
    work_off(registry, only=None)
    assert practice.count() == 0
    [ended] = staff.read(begun.headers["Location"])["purges"]
    assert (ended["cases"], ended["is_stopped"]) == (2, False)


# What was signed


def test_consents_and_registrations_go_after_their_seven_years(
    registry: Registry, practice: Caller
) -> None:
    robin = Staff(caller=practice).bring_in_robin()
    for year in (2023, 2024):
        register(practice, "individual_qr", year=year)
        sign(practice, robin, performance_year=year)
    papers = SignedPapers(open_work=registry.open_work, day=lambda: date(2031, 12, 31))
    assert papers.remove_over() == 2, "those of 2023; those of 2024 are kept until this very day"
    [kept] = practice.read(CONSENTS)["items"]
    assert (kept["performance_year"], kept["keep_until"]) == (2024, "2031-12-31")
    assert problem(practice.get(registration_path(2023)), 404) == "registration-unknown"
    history = practice.read(f"{ROSTER}/roster-changes")["items"]
    assert [each["after"]["performance_year"] for each in history if _is_registration(each)] == [
        2024
    ]
    assert trail(practice, "consents.removed") == [{"consents": "1", "registrations": "1"}]

    next_day = replace(papers, day=lambda: date(2032, 1, 1))
    held = registry.internal().ask("POST", HOLDS, json={"reason": "Letter of counsel, file 17."})
    assert next_day.remove_over() == 0, "a legal hold keeps them longer"
    lifted = registry.internal().ask(
        "POST", f"{HOLDS}/{held.json()['id']}/lift", json={"reason": "The case is closed."}
    )
    assert lifted.status_code == 200
    assert next_day.remove_over() == 2
    assert practice.read(CONSENTS)["items"] == []


def _is_registration(change: dict[str, Any]) -> bool:
    return bool(change["kind"] == "registration")
