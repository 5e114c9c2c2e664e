"""Every look and every change can be traced: who, what, when, from where, and why."""

import csv
import io
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError

from app.domain.audit import SOME_OPERATOR, AuditAction
from app.domain.identifiers import PracticeId
from tests.case_files import NPI, TIN, a_case_file, a_record
from tests.commands import Nacor
from tests.databases import audit_trail_unguarded
from tests.notices import ON, hook
from tests.registry import ADDRESS, OTHER_PRACTICE, PRACTICE, Caller, Registry


def trail(caller: Caller, **asked: Any) -> list[dict[str, Any]]:
    return caller.read("/v1/audit", practice_id=PRACTICE, **asked)["items"]


def actions(caller: Caller, **asked: Any) -> list[str]:
    return [entry["action"] for entry in trail(caller, **asked)]


def a_case(registry: Registry) -> tuple[dict[str, Any], str]:
    """A receipt, and the id of its case."""
    receipt = registry.vendor().send(a_case_file(a_record("A-1")))
    return receipt, registry.practice().read(receipt["links"]["records"])["items"][0]["case_id"]


def test_who_deleted_a_case_from_where_and_why(registry: Registry) -> None:
    _, case_id = a_case(registry)
    practice = registry.practice()
    answer = practice.delete(f"/v1/cases/{case_id}", reason="sent twice")
    [entry] = trail(practice, action="case.deleted")
    assert (entry["about"], entry["about_id"], entry["reason"]) == ("case", case_id, "sent twice")
    assert entry["practice_id"] == PRACTICE
    assert entry["actor"] == {
        "kind": "key",
        "user_id": None,
        "key_id": practice.read("/v1/keys/self")["id"],
        "role": "practice",
        "label": None,
        "address": "127.0.0.1",
        "request_id": answer.headers["X-Request-Id"],
        "sandbox": False,
    }
    assert datetime.now(UTC) - datetime.fromisoformat(entry["at"]) < timedelta(minutes=1)


def test_deleting_again_is_no_second_change(registry: Registry) -> None:
    _, case_id = a_case(registry)
    for reason in ("sent twice", "again"):
        registry.practice().delete(f"/v1/cases/{case_id}", reason=reason)
    assert actions(registry.practice(), action="case.deleted") == ["case.deleted"]


def test_what_became_of_a_practice_stands_in_its_trail_in_order(registry: Registry) -> None:
    vendor, practice = registry.vendor(), registry.practice()
    vendor.send(a_case_file())
    findings = f"/v1/practices/{PRACTICE}/accepted-findings"
    said = {"code": "AR401", "reason": "our surgeons code"}
    accepted = practice.ask("POST", findings, json=said).json()
    practice.delete(f"{findings}/{accepted['id']}")
    domain = f"/v1/practices/{PRACTICE}/mail-domains/lakeside.example"
    practice.ask("PUT", domain)
    practice.delete(domain)
    found = trail(practice)
    assert [entry["action"] for entry in reversed(found)] == [
        "practice.registered",
        "roster.entry_added",
        "submission.received",
        "finding.accepted",
        "finding.acceptance_withdrawn",
        "mail_domain.allowed",
        "mail_domain.disallowed",
    ]
    assert [entry["number"] for entry in found] == [7, 6, 5, 4, 3, 2, 1]
    assert found[5]["about"] == "tin"


def test_the_same_bytes_again_are_no_second_receipt(registry: Registry) -> None:
    for _ in range(2):
        registry.vendor().submit(a_case_file())
    assert actions(registry.practice(), action="submission.received") == ["submission.received"]


LOOKS = [
    ("/v1/cases/{case}", "case.read"),
    ("/v1/cases/{case}/history", "case.history_read"),
    ("/v1/cases/{case}/record", "case.record_read"),
    ("/v1/submissions/{submission}/file", "submission.file_read"),
    ("/v1/submissions/{submission}/report?format=html", "submission.file_quoted"),
    ("/v1/submissions/{submission}/records?format=ndjson", "submission.records_exported"),
]


def test_looking_at_patients_data_is_written_down(registry: Registry) -> None:
    receipt, case_id = a_case(registry)
    before = len(trail(registry.practice()))
    for path, _ in LOOKS:
        named = path.format(case=case_id, submission=receipt["id"])
        assert registry.practice().get(named).status_code == 200
    assert actions(registry.practice())[:-before] == [action for _, action in reversed(LOOKS)]


def test_what_was_refused_or_undone_leaves_no_entry(registry: Registry) -> None:
    _, case_id = a_case(registry)
    before = actions(registry.practice())
    registry.register(OTHER_PRACTICE)
    assert registry.practice(OTHER_PRACTICE).get(f"/v1/cases/{case_id}").status_code == 404
    with registry.open_work() as work:
        work.audit.record(SOME_OPERATOR, AuditAction.CASE_READ, practice=PracticeId(PRACTICE))
    assert actions(registry.practice()) == before


def test_webhooks_belong_to_a_key_and_so_to_the_trail_of_no_practice(registry: Registry) -> None:
    vendor = registry.with_settings(registry.vendor(), **ON)
    path = f"/v1/webhooks/{hook(vendor, 'https://ehr.example/hook')['id']}"
    vendor.ask("PATCH", path, json={"enabled": False, "description": "off"})
    vendor.ask("POST", f"{path}/rotate-secret", json={})
    vendor.delete(path)
    found = [
        each for each in registry.admin().read("/v1/audit")["items"] if not each["practice_id"]
    ]
    assert [(each["action"], each["details"]) for each in reversed(found)] == [
        ("webhook.registered", {}),
        ("webhook.changed", {"changed": "description, enabled"}),
        ("webhook.secret_rotated", {}),
        ("webhook.removed", {}),
    ]


def test_no_tin_npi_or_patient_stands_in_the_trail(registry: Registry) -> None:
    receipt, case_id = a_case(registry)
    registry.practice().read(f"/v1/cases/{case_id}")
    registry.practice().read(receipt["links"]["self"])
    told = json.dumps(registry.admin().read("/v1/audit"))
    for secret in (TIN, NPI, "A-1"):
        assert secret not in told


def test_a_practice_reads_its_own_trail_and_the_registry_every_one(registry: Registry) -> None:
    registry.register(OTHER_PRACTICE)
    everything = registry.internal().read("/v1/audit")["items"]
    assert {entry["practice_id"] for entry in everything} == {PRACTICE, OTHER_PRACTICE}
    for caller, parameters, status in (
        (registry.practice(), {}, 422),
        (registry.practice(), {"practice_id": OTHER_PRACTICE}, 403),
        (registry.vendor(), {"practice_id": PRACTICE}, 403),
        (registry.anyone(), {"practice_id": PRACTICE}, 401),
        (registry.admin(), {"practice_id": "99999"}, 404),
    ):
        assert caller.get("/v1/audit", **parameters).status_code == status


def test_a_sandbox_key_reads_what_was_done_in_the_sandbox(registry: Registry) -> None:
    registry.vendor().send(a_case_file())
    registry.vendor(sandbox=True).send(a_case_file())
    [entry] = trail(registry.practice(sandbox=True))
    assert (entry["action"], entry["actor"]["sandbox"]) == ("submission.received", True)
    assert len(trail(registry.practice(), action="submission.received")) == 2


def test_the_trail_is_asked_for_by_day_and_comes_in_pages(registry: Registry) -> None:
    today = datetime.now(UTC).date()
    for number in range(3):
        registry.vendor().send(a_case_file(a_record(f"A-{number}")))
    practice = registry.practice()
    everything = trail(practice)
    pages = practice.pages("/v1/audit", practice_id=PRACTICE, limit=2)
    assert [len(page) for page in pages] == [2, 2, 1]
    assert [entry for page in pages for entry in page] == everything
    assert trail(practice, **{"from": today - timedelta(days=1), "to": today}) == everything
    assert trail(practice, **{"from": today + timedelta(days=2)}) == []
    assert trail(practice, to=today - timedelta(days=2)) == []
    assert practice.get("/v1/audit", practice_id=PRACTICE, action="x").status_code == 422
    for cursor in ("e30", "eyJhdCI6MX0"):
        wrong = practice.get("/v1/audit", practice_id=PRACTICE, cursor=cursor)
        assert (wrong.status_code, wrong.json()["type"]) == (
            400,
            f"{ADDRESS}/docs/problems/bad-cursor",
        )


def test_the_trail_is_handed_out_as_a_file_and_that_is_written_down(registry: Registry) -> None:
    registry.vendor().send(a_case_file())
    practice = registry.practice()
    lines = practice.get("/v1/audit", practice_id=PRACTICE, format="ndjson").text.splitlines()
    assert [json.loads(line) for line in lines] == trail(practice)
    assert json.loads(lines[0])["action"] == "audit.exported"
    table = practice.get("/v1/audit", practice_id=PRACTICE, format="csv")
    rows = list(csv.DictReader(io.StringIO(table.text)))
    assert [row["hash"] for row in rows] == [entry["hash"] for entry in trail(practice)]
    assert (rows[0]["action"], rows[0]["details"]) == ("audit.exported", '{"format": "csv"}')


def test_a_reason_is_no_formula_for_a_spreadsheet(registry: Registry) -> None:
    _, case_id = a_case(registry)
    registry.practice().delete(f"/v1/cases/{case_id}", reason="=cmd|' /C calc'!A0")
    answer = registry.practice().get("/v1/audit", practice_id=PRACTICE, format="csv")
    reasons = [row["reason"] for row in csv.DictReader(io.StringIO(answer.text))]
    assert "'=cmd|' /C calc'!A0" in reasons


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_entries SET reason = 'other'",
        "DELETE FROM audit_entries",
        "TRUNCATE audit_entries",
        "DELETE FROM audit_heads",
        "UPDATE audit_heads SET number = number - 1",
    ],
)
def test_the_database_refuses_to_change_what_was_written(registry: Registry, change: str) -> None:
    with (
        pytest.raises(ProgrammingError, match="only appended to"),
        registry.engine.begin() as connection,
    ):
        connection.execute(text(change))


@contextmanager
def tampering(registry: Registry) -> Iterator[Connection]:
    with registry.engine.begin() as connection, audit_trail_unguarded(connection):
        yield connection


TAMPERED = [
    ("UPDATE audit_entries SET reason = 'nothing' WHERE number = 3", 3),
    ("UPDATE audit_entries SET label = NULL, address = '10.0.0.1' WHERE number = 4", 4),
    ("UPDATE audit_entries SET at = at - interval '1 year' WHERE number = 2", 2),
    ('UPDATE audit_entries SET details = \'{"count": "9"}\' WHERE number = 2', 2),
    ("DELETE FROM audit_entries WHERE number = 3", 3),
    ("DELETE FROM audit_entries WHERE number = 1", 1),
    ("DELETE FROM audit_entries WHERE number = 5", 5),
    (
        "UPDATE audit_entries SET number = CASE number WHEN 3 THEN -4 ELSE -3 END"
        " WHERE number IN (3, 4); UPDATE audit_entries SET number = -number WHERE number < 0",
        3,
    ),
    (
        "DELETE FROM audit_entries WHERE number = 3;"
        "UPDATE audit_entries SET number = number - 1 WHERE number = 4;"
        "UPDATE audit_entries SET number = number - 1 WHERE number = 5",
        3,
    ),
    (
        "INSERT INTO audit_entries SELECT practice_id, 6, at, actor, key_id, role, label, address,"
        " request_id, sandbox, action, about, about_id, reason, details, hash"
        " FROM audit_entries WHERE number = 5",
        6,
    ),
    ("UPDATE audit_heads SET hash = decode(repeat('00', 32), 'hex')", 5),
]


@pytest.mark.parametrize(("change", "broken_at"), TAMPERED)
def test_whoever_changes_a_row_behind_the_trigger_is_found(
    registry: Registry, nacor: Nacor, change: str, broken_at: int
) -> None:
    for number in range(3):
        registry.vendor().send(a_case_file(a_record(f"A-{number}")))
    whole = nacor("audit", "verify")
    assert (whole.exit_code, whole.stdout) == (0, f"practice {PRACTICE}: 5 entries, whole\n")
    with tampering(registry) as connection:
        connection.execute(text(change))
    found = nacor("audit", "verify", "--practice", PRACTICE)
    assert found.exit_code == 1
    assert found.stdout.startswith(f"practice {PRACTICE}: broken at entry {broken_at}: ")


def test_a_row_is_no_row_of_another_practice(registry: Registry, nacor: Nacor) -> None:
    registry.register(OTHER_PRACTICE, "987654321")
    with tampering(registry) as connection:
        connection.execute(
            text(
                "UPDATE audit_entries SET practice_id = '34567' WHERE practice_id = '23456';"
                "UPDATE audit_heads SET practice_id = '34567' WHERE practice_id = '23456'"
            )
        )
    found = nacor("audit", "verify")
    assert found.exit_code == 1
    assert "practice 34567: broken at entry 1: " in found.stdout


def test_newest_rows_cut_off_with_their_head_are_found_by_a_head_kept_elsewhere(
    registry: Registry, nacor: Nacor, tmp_path: Any
) -> None:
    registry.vendor().send(a_case_file())
    kept = tmp_path / "heads.txt"
    kept.write_text(nacor("audit", "head").stdout)
    registry.vendor().send(a_case_file(a_record("A-9")))
    assert nacor("audit", "verify", "--heads", str(kept)).exit_code == 0
    with tampering(registry) as connection:
        connection.execute(
            text(
                "DELETE FROM audit_entries WHERE number > 2; UPDATE audit_heads SET number = 2,"
                " hash = (SELECT hash FROM audit_entries WHERE number = 2)"
            )
        )
    assert nacor("audit", "verify").exit_code == 0  # nothing in the database tells
    found = nacor("audit", "verify", "--heads", str(kept))
    assert (found.exit_code, "broken at entry 3" in found.stdout) == (1, True)


def test_heads_that_are_none_are_refused(nacor: Nacor, tmp_path: Any) -> None:
    (tmp_path / "heads.txt").write_text("12345 two 00")
    assert nacor("audit", "verify", "--heads", str(tmp_path / "heads.txt")).exit_code == 2


def test_the_command_line_hands_the_trail_out_and_says_who_took_it(
    registry: Registry, nacor: Nacor
) -> None:
    lines = nacor("audit", "export", "--practice", PRACTICE).stdout.splitlines()
    newest = json.loads(lines[0])
    assert (newest["action"], newest["actor"]["kind"]) == ("audit.exported", "operator")
    assert "@" in newest["actor"]["label"]
    assert len(lines) == 3
    assert nacor("audit", "export", "--format", "csv").stdout.startswith('"practice_id","number"')


def test_many_at_once_write_one_chain_without_a_gap(registry: Registry, nacor: Nacor) -> None:
    registry.register(OTHER_PRACTICE)

    def write(writer: int) -> None:
        chains = [PracticeId(PRACTICE), PracticeId(OTHER_PRACTICE), None]
        for number in range(10):
            with registry.open_work() as work:
                for practice in chains if writer % 2 else reversed(chains):
                    work.audit.record(SOME_OPERATOR, AuditAction.CASE_READ, practice=practice)
                if number % 5:
                    work.commit()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(write, range(8)))
    assert nacor("audit", "verify").stdout.splitlines() == [
        "no practice: 64 entries, whole",
        f"practice {PRACTICE}: 66 entries, whole",
        f"practice {OTHER_PRACTICE}: 65 entries, whole",
    ]
