"""Marked values go in through every door; then everything that comes out or is kept is searched."""

import gzip
import io
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from httpx import Response
from sqlalchemy import Engine

from app.domain.jobs import Queue
from app.notices.service import Notices
from app.web.logs import JsonFormatter
from tests.case_files import a_case_file, a_record
from tests.commands import nacor_on
from tests.databases import connect
from tests.notices import ON, do_jobs, hook
from tests.receivers import (
    MailServer,
    Receiver,
    running_receiver,
    trusted,
)
from tests.registry import MASTER_KEY, PRACTICE, XML, Caller, Registry
from tests.sealing import execute
from tests.workers import work_off

TIN, NPI = "917482639", "1528374600"
PATIENT = {
    "PatientID": "PQ-83417-X",
    "DOB": "1931-02-03",
    "HomeZip": "48823-7719",
    "HomeCity": "Quillfeather Springs",
}
PROCEDURE_ID, NOTES = "SX-5527193", "Seen by the sister of Ms. Oddlywood"
OF_THE_PATIENT = (*PATIENT.values(), PROCEDURE_ID, "Oddlywood")
OF_THE_FILE = (*OF_THE_PATIENT, TIN, NPI)
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"


def a_marked_record(record_id: str, **more: Any) -> str:
    given = {"more": PATIENT, "procedure_id": PROCEDURE_ID, "notes": NOTES, "age": "93", **more}
    return a_record(record_id, **{"staff": [(TIN, NPI)], **given})


GOOD = a_case_file(a_marked_record("L-1"), a_marked_record("L-2"))
WRONG_VALUES = {
    "a patient's id for a sex": a_marked_record("L-3", sex=PATIENT["PatientID"]),
    "a date of birth for an age": a_marked_record("L-3", age=PATIENT["DOB"]),
    "a TIN with a letter": a_marked_record("L-3", staff=[(f"{TIN}x", NPI)]),
    "an NPI with a letter": a_marked_record("L-3", staff=[(TIN, f"{NPI}x")]),
    "a city for a date of birth": a_marked_record(
        "L-3", more={**PATIENT, "DOB": PATIENT["HomeCity"]}
    ),
    "notes for a code": a_marked_record("L-3", procedure_codes=[NOTES]),
    "a date of birth after the service": a_marked_record("L-3", start="1930-01-01T07:00:00"),
}
BROKEN_FILES = {
    "cut off amid a patient": GOOD[: GOOD.index(b"Oddlywood") + 9],
    "a tag of the patient's name": GOOD.replace(b"<PatientSex>", b"<Oddlywood>", 1),
    "an attribute with a TIN": GOOD.replace(b"<Procedure>", f'<Procedure tin="{TIN}">'.encode()),
    "an unknown entity": GOOD.replace(b"Oddlywood", b"&Oddlywood;"),
    "a version that is a patient": GOOD.replace(b"2023V1.0", PATIENT["PatientID"].encode()),
    "a practice that is a TIN": GOOD.replace(b"<PracticeID>12345", b"<PracticeID>" + TIN.encode()),
    "no XML": " ".join(OF_THE_FILE).encode(),
}


@dataclass
class Told:
    """All that came out of the service but the answers to those who may know."""

    lines: io.StringIO = field(default_factory=io.StringIO)
    texts: dict[str, str] = field(default_factory=dict)

    def hear(self, what: str, answer: Response) -> Response:
        """Headers of every answer; the body of those that tell of a problem."""
        shown = json.dumps(dict(answer.headers))
        self.texts[f"{what}: headers"] = shown
        if answer.status_code >= 400:
            self.texts[f"{what}: problem"] = answer.text
        return answer

    def leaks(self, *marks: str) -> list[tuple[str, str]]:
        found = {**self.texts, "the log": self.lines.getvalue()}
        return [(where, mark) for where, text in found.items() for mark in marks if mark in text]


@pytest.fixture
def told() -> Iterator[Told]:
    """The log is that of a server: as JSON lines, from INFO on."""
    told = Told()
    handler = logging.StreamHandler(told.lines)
    handler.setFormatter(JsonFormatter())
    handler.addFilter(lambda record: not record.name.startswith("httpx"))  # who asks, not we
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield told
    root.setLevel(before)
    root.removeHandler(handler)


@pytest.fixture
def receiver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    monkeypatch.setenv("SSL_CERT_FILE", trusted(tmp_path))
    with running_receiver() as running:
        yield running


def rows_of(engine: Engine) -> dict[str, bytes]:
    """Every table of the database, the queue's too, as the server writes its rows out."""
    found = {}
    with connect(engine.url) as connection:
        names = connection.execute(
            "SELECT table_name FROM information_schema.tables"
            " WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        ).fetchall()
        for (name,) in names:
            with connection.cursor().copy(f'COPY "{name}" TO STDOUT'.encode()) as rows:
                found[name] = b"".join(bytes(row) for row in rows)
    return found


def files_below(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def in_hex(mark: str) -> bytes:
    return mark.encode().hex().encode()


def test_nothing_of_a_file_comes_out_where_it_does_not_belong(
    registry: Registry, told: Told, receiver: Receiver, mail_server: MailServer
) -> None:
    registry.register(PRACTICE, TIN)
    mail = {"smtp_url": f"smtp://127.0.0.1:{mail_server.port}", "mail_from": "r@registry.example"}
    vendor = registry.with_settings(registry.vendor(), **ON, **mail)
    practice = registry.with_settings(registry.practice(), **ON, **mail)
    notices: Notices = vendor.app.state.notices
    secret = hook(vendor, receiver.url)["secret"]
    practice.ask("PUT", f"/v1/practices/{PRACTICE}/mail-domains/example.org")

    send_through_every_door(registry, vendor, told)
    look_at_everything(registry, practice, told)
    do_jobs(registry, notices)

    for number, request in enumerate(receiver.requests):
        told.texts[f"webhook {number}"] = f"{request.path} {request.headers} {request.body!r}"
    for number, letter in enumerate(mail_server.letters):
        told.texts[f"mail {number}"] = letter.as_string()
    admin = registry.admin()
    told.texts["metrics"] = registry.anyone().get("/metrics").text
    told.texts["audit trail"] = json.dumps(admin.pages("/v1/audit"))
    told.texts["audit file"] = admin.get("/v1/audit", format="csv").text
    assert receiver.requests
    assert mail_server.letters
    assert '"route": "/v1/submissions"' in told.lines.getvalue()
    keys = [each.key for each in (vendor, practice, admin) if each.key is not None]
    assert told.leaks(*OF_THE_FILE, *keys, secret, MASTER_KEY, "made-up-key") == []


def send_through_every_door(registry: Registry, vendor: Caller, told: Told) -> None:
    post = partial(vendor.ask, "POST")
    sending = {"params": {"practice_id": PRACTICE}, "headers": XML}
    told.hear("sent", post("/v1/submissions", content=GOOD, **sending))
    form = {"file": ("march.xml", GOOD.replace(b"L-1", b"L-7"), "application/xml")}
    told.hear("form", post("/v1/submissions", files=form, params={"practice_id": PRACTICE}))
    packed = gzip.compress(GOOD.replace(b"L-1", b"L-8"))
    told.hear("gzip", post("/v1/submissions", content=packed, **sending))
    files = {**{what: a_case_file(text) for what, text in WRONG_VALUES.items()}, **BROKEN_FILES}
    for what, content in files.items():
        told.hear(what, post("/v1/submissions", content=content, **sending))
        told.hear(f"{what}, page", post("/validator", files={"file": ("f.xml", content)}))
        report = post("/v1/validate", content=content, headers=XML)
        practice_of_the_file = {"practice_id": None}  # is repeated, whatever it says
        told.texts[f"{what}, report"] = json.dumps({**report.json(), **practice_of_the_file})
    queued = registry.with_settings(vendor, small_file_bytes=0)
    receipt = queued.submit(GOOD.replace(b"L-1", b"L-9"))
    assert receipt.status_code == 202
    work_off(registry)
    refuse_in_many_ways(registry, vendor, told)
    break_amid_a_file(registry, vendor, told)


def refuse_in_many_ways(registry: Registry, vendor: Caller, told: Told) -> None:
    stranger = registry.anyone(key="nacor_made-up-key")
    told.hear("unknown key", stranger.submit(GOOD))
    told.hear("wrong TIN", vendor.get("/v1/counts", practice_id=PRACTICE, tin=f"{TIN}9"))
    told.hear("wrong NPI", vendor.get("/v1/counts", practice_id=PRACTICE, npi=f"{NPI}x"))
    told.hear("a patient for an id", vendor.get("/v1/cases/" + PATIENT["PatientID"]))
    told.hear("no practice", vendor.submit(GOOD, practice_id=TIN))
    key = {"Idempotency-Key": "one"}
    vendor.submit(a_case_file(a_marked_record("L-20")), headers=key)
    told.hear("conflict", vendor.submit(a_case_file(a_marked_record("L-21")), headers=key))
    told.hear("no field", vendor.ask("POST", "/v1/webhooks", json={"url": PATIENT["PatientID"]}))
    small = registry.with_settings(vendor, submission_max_bytes=100)
    told.hear("too large", small.submit(GOOD))


def break_amid_a_file(registry: Registry, vendor: Caller, told: Told) -> None:
    """PostgreSQL quotes what was sent where it refuses a row, and where a table is missing."""
    execute(registry, "ALTER TABLE case_staff ADD CONSTRAINT broken CHECK (npi = '') NOT VALID")
    try:
        late = vendor.submit(a_case_file(a_marked_record("L-30")))
        told.hear("broken", late)
        assert late.status_code == 202
        assert "CheckViolation" in told.lines.getvalue()
    finally:
        execute(registry, "ALTER TABLE case_staff DROP CONSTRAINT broken")
    assert registry.intake.process(UUID(late.json()["id"])).status == "accepted"
    execute(registry, "ALTER TABLE measure_outcomes RENAME TO gone")
    try:
        ((case_id,), *_) = registry.ask_database("SELECT case_id FROM cases")
        answer = registry.practice().get(f"/v1/cases/{case_id}")
        assert told.hear("unexpected", answer).status_code == 500
    finally:
        execute(registry, "ALTER TABLE gone RENAME TO measure_outcomes")


def look_at_everything(registry: Registry, practice: Caller, told: Told) -> None:
    """Whoever may see a case is told what is in it; no address or header of an answer is."""
    for case in practice.read("/v1/cases", practice_id=PRACTICE)["items"]:
        for part in ("", "/history", "/record"):
            answer = told.hear("case", practice.get(f"/v1/cases/{case['case_id']}{part}"))
            assert answer.status_code == 200
            assert PATIENT["PatientID"] in answer.text
    for receipt in practice.read("/v1/submissions", practice_id=PRACTICE)["items"]:
        told.texts[f"receipt {receipt['id']}"] = json.dumps(receipt)
        for part in ("report", "records", "file"):
            told.hear(part, practice.get(f"/v1/submissions/{receipt['id']}/{part}"))
    whose, asked = {"practice_id": PRACTICE}, {"quarter": "2024-Q1", "tin": TIN}
    made = practice.ask("POST", "/v1/feedback-reports", params=whose, json=asked)
    assert told.hear("feedback", made).status_code == 202
    work_off(registry, only=Queue.REPORTS)
    done = told.hear("feedback request", practice.get(made.headers["Location"]))
    report = done.json()["links"]["report"]
    for name in ("html", "pdf", "csv"):
        opened = practice.get(report, format=name, cases="true")
        assert told.hear(f"feedback {name}", opened).status_code == 200


def test_nothing_of_a_patient_is_kept_in_clear(registry: Registry, told: Told) -> None:
    registry.register(PRACTICE, TIN)
    vendor = registry.with_settings(registry.vendor(), **ON)
    send_through_every_door(registry, vendor, told)
    vendor.send(a_case_file(a_marked_record("L-1", age="92")))  # so there is a history
    rows = rows_of(registry.engine)
    assert rows["case_payloads"]
    assert rows["case_versions"]
    found = [
        (table, mark)
        for table, text in rows.items()
        for mark in (*OF_THE_PATIENT, MASTER_KEY, vendor.key or "")
        if mark.encode() in text or in_hex(mark) in text
    ]
    assert found == []
    in_clear = [
        table for table, text in rows.items() if b"\\\\x" + ZSTD_MAGIC.hex().encode() in text
    ]
    assert in_clear == [], "compressed is not sealed"

    files = files_below(registry.folder)
    assert sum(path.endswith(".zst") for path in files) > 3
    assert [
        (path, mark)
        for path, content in files.items()
        for mark in (*OF_THE_FILE, vendor.key or "")
        if mark.encode() in content
    ] == []
    assert [path for path, content in files.items() if ZSTD_MAGIC in content[:4]] == []


def test_the_command_line_tells_nothing_of_what_is_stored(
    registry: Registry, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.register(PRACTICE, TIN)
    registry.vendor().send(GOOD)
    monkeypatch.setenv("NACOR_DATA_DIR", str(registry.folder))
    nacor = nacor_on(registry.engine, monkeypatch)
    execute(registry, "UPDATE cases SET age_years = 7")
    for words in (["verify"], ["rebuild"], ["encryption", "status"], ["audit", "export"]):
        done = nacor(*words)
        told.texts[" ".join(words)] = done.output
        assert done.exit_code in (0, 1), done.output
    assert "1 row differs" in told.texts["verify"] or "2 rows differ" in told.texts["verify"]
    assert told.leaks(*OF_THE_FILE, MASTER_KEY) == []


def test_what_waits_on_disk_while_it_is_received_is_sealed_and_nobodys(registry: Registry) -> None:
    with registry.intake.blobs.writer() as writer:
        for _ in range(40):
            writer.write(GOOD)
        (part,) = (registry.folder / "blobs" / "incoming").iterdir()
        assert part.stat().st_mode & 0o777 == 0o600
        writer.finish()
    (kept,) = (registry.folder / "blobs").rglob("*.zst")
    assert ZSTD_MAGIC not in kept.read_bytes()


def test_the_service_tells_of_a_case_only_whom_it_belongs_to(registry: Registry) -> None:
    """The same bytes sent by another practice are kept once, and open nobody a door."""
    registry.vendor().send(GOOD)
    other = "23456"
    registry.register(other, TIN)
    stranger = registry.vendor(other)
    receipt = stranger.submit(GOOD, practice_id=other)
    assert receipt.json()["status"] == "rejected"  # the file names the practice that it is for
    assert stranger.get(f"/v1/submissions/{receipt.json()['id']}/file").status_code == 410
    first = registry.ask_database("SELECT id FROM submissions WHERE practice_id = '12345'")
    assert stranger.get(f"/v1/submissions/{first[0][0]}/file").status_code == 404
    assert registry.practice().get(f"/v1/submissions/{first[0][0]}/file").content == GOOD
