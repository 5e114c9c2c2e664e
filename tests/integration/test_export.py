"""A practice takes all of its data home, and can prove that it is all."""

import csv
import hashlib
import io
import json
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.domain.principals import Role
from app.exports.service import Exports
from app.storage.keeping.export_parts import LEFT_OUT, PARTS, part_names
from app.storage.tables import metadata
from tests.case_files import TIN, a_case_file, a_record
from tests.commands import Nacor, nacor_on
from tests.people import somebody_signed_in
from tests.problems import problem
from tests.registry import OTHER_PRACTICE, PRACTICE, Caller, Registry
from tests.reporting import sign
from tests.rosters import ROBIN, ROSTER, Staff
from tests.sealing import execute
from tests.workers import work_off

EXPORTS = f"{ROSTER}/exports"


@pytest.fixture
def practice(registry: Registry) -> Caller:
    return registry.practice()


@pytest.fixture
def full(registry: Registry, practice: Caller) -> Caller:
    """A practice with something of most kinds, beside another one."""
    practice.send(a_case_file(a_record("A-1"), a_record("A-2"), a_record("A-3", sex="Wrong")))
    replaced = practice.send(a_case_file(a_record("A-1", weight_kg="70")))
    [record] = practice.read(replaced["links"]["records"])["items"]
    practice.delete(f"/v1/cases/{record['case_id']}", reason="Sent twice.")
    sign(practice, Staff(caller=practice).add("clinicians", **ROBIN))
    somebody_signed_in(registry, Role.PRACTICE)
    somebody_signed_in(registry, Role.VENDOR)
    registry.register(OTHER_PRACTICE)
    other = a_case_file(a_record("OTHER-1"), practice_id=OTHER_PRACTICE)
    registry.practice(OTHER_PRACTICE).send(other, practice_id=OTHER_PRACTICE)
    return practice


def export(registry: Registry, caller: Caller) -> Any:
    asked = caller.ask("POST", EXPORTS)
    assert asked.status_code == 202, asked.text
    assert asked.json()["status"] == "waiting"
    work_off(registry, only=None)
    return caller.read(asked.headers["Location"])


def download(caller: Caller, made: Any) -> zipfile.ZipFile:
    answer = caller.get(f"{EXPORTS}/{made['id']}/file")
    assert answer.status_code == 200, answer.text
    assert hashlib.sha256(answer.content).hexdigest() == made["sha256"]
    return zipfile.ZipFile(io.BytesIO(answer.content))


def rows_of(archive: zipfile.ZipFile, table: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in archive.read(f"data/{table}.jsonl").splitlines()]


def actions(caller: Caller) -> list[str]:
    entries = caller.read("/v1/audit", practice_id=PRACTICE, limit=3)["items"]
    return [entry["action"] for entry in entries]


def test_an_export_is_complete_and_proves_it(registry: Registry, full: Caller) -> None:
    made = export(registry, full)
    assert (made["status"], made["parts"]) == ("done", made["parts_done"])
    archive = download(full, made)
    manifest = json.loads(archive.read("MANIFEST.json"))
    parts = {part["name"]: part for part in manifest["parts"]}
    assert set(archive.namelist()) == {*parts, "MANIFEST.json"}
    assert manifest["unreadable"] == []
    for name, part in parts.items():
        content = archive.read(name)
        assert hashlib.sha256(content).hexdigest() == part["sha256"]
        assert len(content) == part["bytes"]
        assert part["rows"] is None or part["rows"] == len(content.splitlines())
    for part in PARTS:
        kept = f"SELECT count(*) FROM {part.table} WHERE {part.key} = :practice"
        [(number,)] = registry.ask_database(kept, practice=PRACTICE)
        late = 2 if part.table == "audit_entries" else 0  # the looks since, this download too
        assert parts[f"data/{part.table}.jsonl"]["rows"] >= number - late, part.table
        assert parts[f"data/{part.table}.jsonl"]["rows"] <= number, part.table
    cases = rows_of(archive, "cases")
    assert {case["anesthesia_record_id"] for case in cases} == {"A-1", "A-2"}


def test_documents_for_cms_are_in_it_as_they_were_made(registry: Registry, full: Caller) -> None:
    asked = {"params": {"practice_id": PRACTICE}, "json": {"performance_year": 2024}}
    assert registry.internal().ask("POST", "/v1/cms-submissions", **asked).status_code == 201
    archive = download(full, export(registry, full))
    [document] = rows_of(archive, "cms_documents")
    content = archive.read(f"cms/{document['id']}.json")
    assert hashlib.sha256(content).hexdigest() == document["sha256"]
    assert json.loads(content)["taxpayerIdentificationNumber"] == TIN

    execute(registry, "UPDATE cms_documents SET content = sha256('lost'::bytea)")
    archive = download(full, export(registry, full))
    assert json.loads(archive.read("MANIFEST.json"))["unreadable"] == [document["id"]]


def test_what_is_in_it_is_what_was_sent_and_found(registry: Registry, full: Caller) -> None:
    archive = download(full, export(registry, full))
    sent = rows_of(archive, "submissions")
    files = {name for name in archive.namelist() if name.startswith("files/")}
    assert files == {f"files/{row['sha256']}.xml" for row in sent}
    for row in sent:
        assert archive.read(f"files/{row['sha256']}.xml") == _received(full, row["id"])
    assert len(rows_of(archive, "case_versions")) == 2, "one was replaced, then deleted"
    assert rows_of(archive, "consents")[0]["signer"] == ROBIN["name"]
    assert "hash" in rows_of(archive, "audit_entries")[0]
    [person] = rows_of(archive, "users")
    assert (person["email"], person["role"]) == ("practice@x.example", "practice")
    assert not {"password_hash", "second_step_salt", "subject"} & person.keys()
    readme = archive.read("README.txt").decode()
    assert all(f"data/{name}.jsonl" in readme for name in part_names())
    everything = b"".join(archive.read(name) for name in archive.namelist())
    assert b"OTHER-1" not in everything, "nothing of another practice"
    assert full.key is not None
    assert full.key.encode() not in everything, "no secret"


def _received(caller: Caller, submission_id: str) -> bytes:
    return caller.get(f"/v1/submissions/{submission_id}/file").content


def test_every_table_of_a_practice_is_exported_or_left_out_for_a_reason() -> None:
    with_practice = {table.name for table in metadata.sorted_tables if "practice_id" in table.c}
    exported = {part.table for part in PARTS}
    assert with_practice | {"practices"} == exported | set(LEFT_OUT)
    assert exported.isdisjoint(LEFT_OUT)


def test_who_asked_and_who_got_it_stands_in_the_trail(registry: Registry, full: Caller) -> None:
    made = export(registry, full)
    assert actions(full)[0] == "export.asked"
    download(full, made)
    assert actions(full)[0] == "export.downloaded"
    assert problem(registry.internal().ask("POST", EXPORTS), 403) == "not-permitted"
    assert problem(registry.practice(OTHER_PRACTICE).get(EXPORTS), 403) == "not-permitted"


def test_an_export_that_is_under_way_is_not_begun_twice(full: Caller) -> None:
    first = full.ask("POST", EXPORTS).json()
    assert full.ask("POST", EXPORTS).json()["id"] == first["id"]
    assert problem(full.get(f"{EXPORTS}/{first['id']}/file"), 409) == "export-not-done"


def test_an_export_whose_job_was_deleted_is_lined_up_again_by_who_asks_later(
    registry: Registry, full: Caller
) -> None:
    lost = full.ask("POST", EXPORTS)
    execute(registry, "DELETE FROM procrastinate_jobs")
    execute(registry, "UPDATE exports SET asked_at = asked_at - interval '61 minutes'")
    again = full.ask("POST", EXPORTS)
    assert again.json()["id"] == lost.json()["id"]
    work_off(registry, only=None)
    assert full.read(again.headers["Location"])["status"] == "done"


def test_after_some_days_the_file_is_gone(registry: Registry, full: Caller) -> None:
    asked = full.ask("POST", EXPORTS).json()
    long_ago = datetime.now(UTC) - timedelta(days=8)
    exports = Exports(
        open_work=registry.open_work, blobs=registry.intake.blobs, days=7, now=lambda: long_ago
    )
    [(practice_id, export_id)] = registry.ask_database("SELECT practice_id, id FROM exports")
    exports.make(practice_id, export_id)
    made = full.read(f"{EXPORTS}/{asked['id']}")
    assert registry.intake.blobs.has(made["sha256"])
    assert problem(full.get(f"{EXPORTS}/{asked['id']}/file"), 410) == "file-not-kept"
    assert registry.intake.unused_files.forget_all(older_than_seconds=-60) == 1
    assert not registry.intake.blobs.has(made["sha256"])
    again = export(registry, full)
    assert registry.intake.unused_files.forget_all(older_than_seconds=-60) == 0
    download(full, again)


def test_an_export_from_before_a_purge_is_not_kept(
    registry: Registry, full: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = export(registry, full)
    nacor = _nacor(registry, monkeypatch)
    purge = ("purge", "--practice", PRACTICE, "--older-than", "2024-04-01", "--early")
    assert nacor(*purge, "--confirm", "2").exit_code == 0
    assert problem(full.get(f"{EXPORTS}/{made['id']}/file"), 410) == "file-not-kept"
    archive = download(full, export(registry, full))
    assert rows_of(archive, "cases") == []
    assert not [name for name in archive.namelist() if name.startswith("files/")]


def test_the_command_line_writes_it_to_a_file(
    registry: Registry, full: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nacor, path = _nacor(registry, monkeypatch), tmp_path / "all.zip"
    done = nacor("export", PRACTICE, "--to", str(path))
    assert done.exit_code == 0, done.output
    assert path.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(path) as archive:
        assert len(rows_of(archive, "cases")) == 2
    assert actions(full)[0] == "export.downloaded"
    assert nacor("export", PRACTICE, "--to", str(path)).exit_code == 2, "it is there already"


def test_lists_for_spreadsheets_stand_in_the_trail_too(full: Caller) -> None:
    clinicians = full.get(f"{ROSTER}/clinicians.csv")
    assert len(list(csv.reader(io.StringIO(clinicians.text)))) >= 2
    assert actions(full)[0] == "list.exported"
    full.get(f"{ROSTER}/registrations/2024/clinicians", format="csv")
    entries = full.read("/v1/audit", practice_id=PRACTICE, action="list.exported")["items"]
    assert [entry["details"] for entry in entries] == [
        {"list": "consents", "performance_year": "2024"},
        {"list": "provider_list"},
    ]


def _nacor(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> Nacor:
    monkeypatch.setenv("NACOR_DATA_DIR", str(registry.folder))
    return nacor_on(registry.engine, monkeypatch)
