"""The `nacor` commands, the way a practice's nightly job runs them.

Those that stay, are interrupted or read a pipe are processes of their own; most of the others run
in this one, which has loaded already what each would have to load anew.
"""

import csv
import gzip
import io
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from uuid import UUID

import httpx
import psycopg
import pytest
from lxml import etree
from sqlalchemy import URL

from app.cli.submitting import await_end
from app.deployment import create_intake
from app.domain.days import today
from app.domain.feedback import last_due
from app.domain.identifiers import PracticeId
from app.domain.submissions import OnError, Submission
from app.intake.receiving import NewSubmission
from app.intake.service import Intake
from app.opening import create_engine_for
from app.settings import Settings
from app.storage.embedded.database import embedded_home, stop_embedded
from tests.case_files import TIN, a_case_file, a_record
from tests.clear_http import ask_in_clear, client_in_clear
from tests.commands import run_here
from tests.databases import migrated_database, text_of
from tests.processes import NACOR, free_port, without_settings
from tests.registry import MASTER_KEY
from tests.sites import PATIENCE_SECONDS, await_process

GOOD = a_case_file(a_record("A-1"), a_record("A-2"))
FAULTY = a_case_file(a_record("A-3", sex="female"), a_record("A-4"))
PRACTICE = "12345"

ask = partial(ask_in_clear, timeout=PATIENCE_SECONDS)


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """Where the commands of one deployment run: its settings and its working folder."""

    folder: Path
    settings: dict[str, str]

    def run(self, *words: str, **more: str) -> "subprocess.CompletedProcess[bytes]":
        return run_here(*words, folder=self.folder, settings={**self.settings, **more})

    def told(self, *words: str, **more: str) -> str:
        """What a command that must succeed prints."""
        return printed(self.run(*words, **more))

    def run_apart(
        self, *words: str, stdin: bytes = b"", **more: str
    ) -> "subprocess.CompletedProcess[bytes]":
        """The same as a process of its own."""
        return subprocess.run(
            [NACOR, *words],
            cwd=self.folder,
            env=self.environ(**more),
            input=stdin,
            capture_output=True,
            check=False,
            timeout=PATIENCE_SECONDS,
        )

    def environ(self, **more: str) -> dict[str, str]:
        return {**without_settings(), **self.settings, **more}

    @contextmanager
    def running(self, *words: str) -> Iterator["subprocess.Popen[bytes]"]:
        """A command that stays; it must end by itself when asked to."""
        with (
            self.log_of(words[0]).open("wb") as log,
            subprocess.Popen(
                [NACOR, *words], cwd=self.folder, env=self.environ(), stderr=log
            ) as process,
        ):
            try:
                yield process
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait(timeout=PATIENCE_SECONDS)
        assert process.returncode in (0, -signal.SIGTERM), self.log_of(words[0]).read_text()

    def log_of(self, command: str) -> Path:
        return self.folder / f"{command}.log"


def printed(done: "subprocess.CompletedProcess[bytes]") -> str:
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


@pytest.fixture(scope="module")
def offline(tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    """No database can be reached from here: what works, works without one."""
    folder = tmp_path_factory.mktemp("offline")
    nowhere = "postgresql://nobody@127.0.0.1:1/none"
    files = {"good.xml": GOOD, "faulty.xml": FAULTY, "packed.xml.gz": gzip.compress(GOOD)}
    for name, content in files.items():
        (folder / name).write_bytes(content)
    (folder / "march" / "week-1").mkdir(parents=True)
    (folder / "march" / "week-1" / "b.xml.gz").write_bytes(gzip.compress(FAULTY))
    (folder / "march" / "a.XML").write_bytes(GOOD)
    (folder / "march" / "readme.txt").write_text("no case file")
    (folder / "empty").mkdir()
    return Deployment(folder=folder, settings={"NACOR_DATABASE_URL": nowhere})


@pytest.fixture(scope="module")
def deployment(cluster: URL, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    folder = tmp_path_factory.mktemp("deployment")
    with migrated_database(cluster) as url:
        plain = text_of(url.set(drivername="postgresql"))
        settings = {
            "NACOR_DATABASE_URL": plain,
            "NACOR_SECRET_KEY": MASTER_KEY,
            "NACOR_DATA_DIR": str(folder / "var"),
            "NACOR_WORKER_SILENCE_SECONDS": "3",
        }
        yield Deployment(folder=folder, settings=settings)


@pytest.fixture(scope="module")
def practice_key(deployment: Deployment) -> str:
    deployment.told("practice", "add", PRACTICE, "--name", "Lakeside Anesthesia", "--tin", TIN)
    return deployment.told("key", "create", "--role", "practice", "--practice", PRACTICE).strip()


@pytest.fixture(scope="module")
def server(deployment: Deployment) -> Iterator[str]:
    """A server process that all tests of this module share."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with deployment.running("serve", "--port", str(port)) as process:
        wait_until_ready(url, process)
        yield url


def wait_until_ready(url: str, process: "subprocess.Popen[bytes]") -> None:
    def is_ready() -> bool:
        assert process.poll() is None, "the server ended"
        try:
            return ask("GET", f"{url}/readyz").status_code == 200
        except httpx.TransportError:
            return False

    await_process(is_ready)


# --- validate ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["good.xml", "packed.xml.gz"], 0),
        (["faulty.xml", "good.xml"], 1),
        (["good.xml", "no-such.xml", "faulty.xml"], 2),
        (["empty"], 2),
        (["good.xml", "--format", "yaml"], 2),
    ],
    ids=["good", "faults", "one missing", "an empty folder", "wrong usage"],
)
def test_validate_tells_by_its_exit_code(offline: Deployment, words: list[str], code: int) -> None:
    assert offline.run("validate", *words).returncode == code


@pytest.mark.parametrize(("words", "code"), [(["good.xml"], 0), (["faulty.xml"], 1), (["-x"], 2)])
def test_the_exit_code_is_that_of_the_process(
    offline: Deployment, words: list[str], code: int
) -> None:
    assert offline.run_apart("validate", *words).returncode == code


def test_validate_prints_findings_with_file_and_line(offline: Deployment) -> None:
    done = offline.run("validate", "faulty.xml")
    line = FAULTY[: FAULTY.index(b">female<")].count(b"\n") + 1
    told = done.stdout.decode()
    (said,) = (each for each in told.splitlines() if " error " in each)
    assert re.match(rf"faulty.xml:{line}:\d+: error AR201: PatientSex must be one of ", said)
    assert "help: Did you mean Female?" in told
    assert "1 of 2 records valid against 2023V1.0" in told
    assert done.stderr == b""


def test_validate_reads_folders_and_what_is_packed_and_reports_json_lines(
    offline: Deployment,
) -> None:
    done = offline.run("validate", "march", "--format", "json")
    reports = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert [report["file"] for report in reports] == ["march/a.XML", "march/week-1/b.xml.gz"]
    assert [report["valid"] for report in reports] == [True, False]
    assert reports[1]["bytes"] == len(FAULTY)  # of the file without its compression
    assert reports[1]["records"] == {"total": 2, "valid": 1, "invalid": 1}
    errors = [each["code"] for each in reports[1]["findings"] if each["severity"] == "error"]
    assert errors == ["AR201"]


@pytest.mark.parametrize("content", [GOOD, FAULTY], ids=["good", "faulty"])
def test_validate_reads_standard_input(offline: Deployment, content: bytes) -> None:
    done = offline.run_apart("validate", "-", "--format", "json", stdin=content)
    report = json.loads(done.stdout)
    assert (report["file"], report["valid"]) == ("-", content is GOOD)
    assert done.returncode == (content is FAULTY)


def test_validate_writes_csv_for_spreadsheets(offline: Deployment) -> None:
    done = offline.run("validate", "faulty.xml", "--format", "csv")
    rows = csv.DictReader(io.StringIO(done.stdout.decode(), newline=""))
    (row,) = (each for each in rows if each["severity"] == "error")
    assert (row["file"], row["code"], row["record"]) == ("faulty.xml", "AR201", "1")
    assert row["suggestion"] == "Female"


def test_validate_writes_a_page(offline: Deployment) -> None:
    page = offline.run("validate", "faulty.xml", "--format", "html").stdout
    text = " ".join(etree.HTML(page).itertext())
    assert "1 error" in text
    assert "PatientSex must be one of" in text


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_validate_gives_the_file_back_from_a_pipe(
    offline: Deployment, pack: Callable[[bytes], bytes]
) -> None:
    done = offline.run_apart("validate", "-", "--format", "xml", stdin=pack(FAULTY))
    assert (done.returncode, done.stderr) == (1, b"")
    assert b"--><PatientSex>female" in done.stdout
    assert re.sub(rb"<!-- AR\d{3} .*? -->", b"", done.stdout) == FAULTY


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.usefixtures("ctrl_c")
def test_ctrl_c_ends_all_processes(offline: Deployment) -> None:
    fifo = offline.folder / "endless.xml"
    os.mkfifo(fifo)
    words = ["validate", str(fifo), "good.xml", "--jobs", "2", "--format", "json"]
    with (
        subprocess.Popen(
            [NACOR, *words],
            cwd=offline.folder,
            env=offline.environ(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        ) as process,
        fifo.open("wb"),  # goes on when a worker has begun to read
    ):
        os.killpg(process.pid, signal.SIGINT)
        _, told = process.communicate(timeout=PATIENCE_SECONDS)
    fifo.unlink()
    assert process.returncode not in (0, 1)  # nothing was found out about the files
    assert b"Traceback" not in told
    await_process(lambda: not is_running(process.pid))


def is_running(process_group: int) -> bool:
    try:
        os.killpg(process_group, 0)
    except ProcessLookupError:
        return False
    return True


# --- generate ---------------------------------------------------------------------------------


def test_generate_writes_the_same_valid_file_each_time(offline: Deployment) -> None:
    words = ("generate", "--cases", "3", "--version", "2020V1.0R", "--seed", "7", "--year", "2021")
    first, second = offline.run(*words), offline.run(*words)
    assert first.stdout == second.stdout
    assert first.stdout.count(b"<AnesthesiaRecord>") == 3
    assert offline.run_apart("validate", "-", stdin=first.stdout).returncode == 0


@pytest.mark.parametrize(
    "words",
    [("--cases", "0"), ("--cases", "1", "--version", "1999"), ("--cases", "1", "--year", "1")],
)
def test_generate_refuses_what_it_cannot_make(offline: Deployment, words: tuple[str, ...]) -> None:
    done = offline.run("generate", *words)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr != b""


# --- a deployment -----------------------------------------------------------------------------


def test_practice_add_prints_the_practice_and_adds_to_it(deployment: Deployment) -> None:
    words = ("practice", "add", "20001", "--name", "Summit Anesthesia")
    first = json.loads(deployment.told(*words, "--tin", "891111111"))
    assert first == {"id": "20001", "name": "Summit Anesthesia", "tins": ["891111111"]}
    second = json.loads(deployment.told(*words, "--tin", "892222222"))
    assert second["tins"] == ["891111111", "892222222"]


def test_key_create_prints_only_the_key(deployment: Deployment, practice_key: str) -> None:
    done = deployment.run("key", "create", "--role", "vendor", "--practice", PRACTICE)
    assert re.fullmatch(rb"nacor_[A-Za-z0-9_-]{43}\n", done.stdout)
    assert done.stdout.strip().decode() != practice_key


def test_a_worker_takes_up_what_a_dead_process_left(
    deployment: Deployment, practice_key: str
) -> None:
    """Before a test asks for the server, which would take it up too."""
    settings = Settings.from_environ(deployment.settings)
    engine = create_engine_for(settings)
    intake = create_intake(settings, engine)
    left = received(intake, a_case_file(a_record("W-1")))
    with deployment.running("worker"):
        await_process(lambda: intake.get(left.id).status.is_final)
    assert intake.get(left.id).records.created == 1
    engine.dispose()


def test_the_label_of_a_key_is_shown_with_what_was_done_with_it(
    deployment: Deployment, server: str, practice_key: str
) -> None:
    for_practice = ("key", "create", "--role", "practice", "--practice", PRACTICE)
    key = deployment.told(*for_practice, "--label", "Quality office").strip()
    said = {"code": "AR360", "reason": "Our surgeons code their procedures themselves."}
    labels = []
    for each in (key, practice_key):
        answer = ask(
            "POST",
            f"{server}/v1/practices/{PRACTICE}/accepted-findings",
            headers={"Authorization": f"Bearer {each}"},
            json={**said, "path": None if each == key else "Procedure/CPTSet"},
        )
        labels.append(answer.json()["by"]["label"])
    assert labels == ["Quality office", None]


@pytest.mark.parametrize(
    "words",
    [
        ("practice", "add", "12", "--name", "x"),
        ("practice", "add", "20002", "--name", "x", "--tin", "12-3456789"),
        ("key", "create", "--role", "surgeon"),
        ("key", "create", "--role", "vendor"),
        ("key", "create", "--role", "vendor", "--practice", "99999"),
    ],
)
def test_registering_refuses_what_is_wrong_without_repeating_it(
    deployment: Deployment, practice_key: str, words: tuple[str, ...]
) -> None:
    done = deployment.run(*words)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"nacor: " in done.stderr
    assert b"Traceback" not in done.stderr
    assert b"12-3456789" not in done.stderr


def test_submit_prints_receipts_and_tells_by_its_exit_code(
    deployment: Deployment, server: str, practice_key: str
) -> None:
    (deployment.folder / "good.xml").write_bytes(GOOD)
    (deployment.folder / "faulty.xml.gz").write_bytes(gzip.compress(FAULTY))
    words = ("--practice", PRACTICE, "--url", server)
    done = deployment.run("submit", "good.xml", *words, NACOR_API_KEY=practice_key)
    receipt = json.loads(done.stdout)
    assert (done.returncode, receipt["status"], receipt["file_name"]) == (0, "accepted", "good.xml")
    assert receipt["records"]["created"] == 2

    done = deployment.run("submit", "faulty.xml.gz", *words, NACOR_API_KEY=practice_key)
    receipt = json.loads(done.stdout)
    assert (done.returncode, receipt["status"]) == (1, "partially_accepted")
    assert (receipt["bytes"], receipt["findings"]["error"]) == (len(FAULTY), 1)

    whole = (*words, "--on-error", "file")
    done = deployment.run("submit", "faulty.xml.gz", *whole, NACOR_API_KEY=practice_key)
    assert (done.returncode, json.loads(done.stdout)["status"]) == (1, "rejected")


def test_submit_says_why_a_file_is_not_taken(
    deployment: Deployment, server: str, practice_key: str
) -> None:
    (deployment.folder / "good.xml").write_bytes(GOOD)
    words = ("submit", "good.xml", "--url", server, "--practice")
    without_key = deployment.run(*words, PRACTICE)
    unknown_key = deployment.run(*words, PRACTICE, NACOR_API_KEY="nacor_made-up")
    elsewhere = deployment.run(*words, "20001", NACOR_API_KEY=practice_key)
    for done, said in (
        (without_key, b"NACOR_API_KEY"),
        (unknown_key, b"HTTP 401"),
        (elsewhere, b"HTTP 403"),
    ):
        assert (done.returncode, done.stdout) == (2, b"")
        assert said in done.stderr
        assert b"nacor_" not in done.stderr


def test_the_server_logs_lines_of_json_without_query_strings_and_keys(
    deployment: Deployment, server: str, practice_key: str
) -> None:
    headers = {"Authorization": f"Bearer {practice_key}"}
    asked = {"practice_id": PRACTICE, "performance_year": "2024", "tin": "897654321"}
    answer = ask("GET", f"{server}/v1/counts", params=asked, headers=headers)
    assert answer.status_code == 200
    written = deployment.log_of("serve")
    request_id = answer.headers["X-Request-Id"]
    await_process(lambda: request_id in written.read_text())  # its line follows the answer
    log = written.read_text()
    lines = [json.loads(line) for line in log.splitlines()]
    assert request_id in [line.get("request_id") for line in lines]
    for kept_out in (practice_key, "897654321", "performance_year"):
        assert kept_out not in log


@pytest.mark.soak
def test_a_second_server_with_many_workers_shares_the_database(
    deployment: Deployment, server: str, practice_key: str, tmp_path: Path
) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    words = ("serve", "--port", str(port), "--workers", "2", "--no-worker")
    beside = Deployment(folder=tmp_path, settings=deployment.settings)
    asked = f"/v1/submissions?practice_id={PRACTICE}"
    headers = {"Authorization": f"Bearer {practice_key}"}
    with beside.running(*words) as process:
        wait_until_ready(url, process)
        answers = [ask("GET", url + asked, headers=headers) for _ in range(5)]
    ids = [receipt["id"] for receipt in ask("GET", server + asked, headers=headers).json()["items"]]
    for answer in answers:
        assert [receipt["id"] for receipt in answer.json()["items"]] == ids


def test_a_sender_who_hangs_up_leaves_nothing(
    deployment: Deployment, server: str, practice_key: str
) -> None:
    asked = f"{server}/v1/submissions?practice_id={PRACTICE}"
    headers = {"Authorization": f"Bearer {practice_key}"}
    before = ask("GET", asked, headers=headers).json()
    incoming = deployment.folder / "var" / "blobs" / "incoming"
    address = httpx.URL(server)
    with socket.create_connection((address.host, address.port)) as line:
        line.sendall(
            f"POST /v1/submissions?practice_id={PRACTICE} HTTP/1.1\r\nHost: registry\r\n"
            f"Authorization: Bearer {practice_key}\r\nContent-Type: application/xml\r\n"
            "Content-Length: 5000000\r\n\r\n".encode()
        )
        line.sendall(b"<AnesthesiaRecords>" * 100_000)
        await_process(lambda: incoming.is_dir() and any(incoming.iterdir()))
    await_process(lambda: not any(incoming.iterdir()))
    assert ask("GET", asked, headers=headers).json() == before


def test_submit_waits_for_the_end_of_what_is_queued(
    deployment: Deployment, server: str, practice_key: str
) -> None:
    settings = Settings.from_environ(deployment.settings)
    engine = create_engine_for(settings)
    queued = received(create_intake(settings, engine), a_case_file(a_record("W-2")))
    engine.dispose()
    headers = {"Authorization": f"Bearer {practice_key}"}
    with client_in_clear(base_url=server, headers=headers, timeout=PATIENCE_SECONDS) as client:
        receipt = client.get(f"/v1/submissions/{queued.id}").json()
        assert receipt["status"] in ("received", "processing")
        receipt = await_end(receipt, client, label="w.xml", pause_seconds=0.05)
    assert (receipt["status"], receipt["records"]["created"]) == ("accepted", 1)


def test_submit_replaces_a_period_once_that_is_confirmed(
    deployment: Deployment, server: str, practice_key: str
) -> None:
    may = {"start": "2024-05-02T07:30:00", "end": "2024-05-02T09:30:00"}
    (deployment.folder / "all.xml").write_bytes(
        a_case_file(*(a_record(f"P-{n}", **may) for n in range(3)))
    )
    (deployment.folder / "fewer.xml").write_bytes(
        a_case_file(a_record("P-0", **may), a_record("P-1", **may))
    )
    words = ("--practice", PRACTICE, "--url", server)
    month = (*words, "--replace-period", "2024-05")
    deployment.told("submit", "all.xml", *words, NACOR_API_KEY=practice_key)
    for more, hint in (((), "--yes (a share"), (("--yes",), "needs --above-limit")):
        done = deployment.run("submit", "fewer.xml", *month, *more, NACOR_API_KEY=practice_key)
        receipt = json.loads(done.stdout)
        assert (done.returncode, receipt["status"]) == (2, "awaiting_confirmation")
        told = done.stderr.decode()
        assert "33.3% (limit 20%)" in told
        assert hint in told
    sure = (*month, "--yes", "--above-limit")
    done = deployment.run("submit", "fewer.xml", *sure, NACOR_API_KEY=practice_key)
    receipt = json.loads(done.stdout)
    assert (done.returncode, receipt["status"]) == (0, "accepted")
    assert (receipt["replacement"]["would_delete"], receipt["replacement"]["end"]) == (
        1,
        "replaced",
    )

    done = deployment.run("submit", "all.xml", "fewer.xml", *sure, NACOR_API_KEY=practice_key)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"takes one file" in done.stderr


def received(intake: Intake, case_file: bytes) -> Submission:
    new = NewSubmission(
        practice_id=PracticeId(PRACTICE),
        on_error=OnError.RECORD,
        sandbox=False,
        file_name=None,
        api_key=UUID(int=1),
        idempotency_key=None,
    )
    with intake.blobs.writer() as file:
        file.write(case_file)
        return intake.receive(new, file).submission


def test_verify_tells_what_differs_and_rebuild_replaces_it(
    deployment: Deployment, server: str, practice_key: str
) -> None:
    (deployment.folder / "verified.xml").write_bytes(a_case_file(a_record("V-1")))
    sending = {"NACOR_API_KEY": practice_key, "NACOR_URL": server}
    deployment.told("submit", "verified.xml", "--practice", PRACTICE, **sending)
    with psycopg.connect(deployment.settings["NACOR_DATABASE_URL"], autocommit=True) as operator:
        changed = operator.execute(
            "UPDATE cases SET age_years = 7 WHERE anesthesia_record_id = 'V-1' RETURNING case_id"
        ).fetchone()
    assert changed is not None
    differs = f"cases: 1 row differs (cases {changed[0]})"
    agreeing = (
        *("case_staff", "measure_outcomes", "asc_outcomes"),
        *("case_counts", "measure_counts", "group_counts", "asc_counts"),
        *("field_counts", "frozen_counts"),
    )

    done = deployment.run("verify", "--practice", PRACTICE)
    assert done.returncode == 1
    assert done.stdout.decode().splitlines() == [
        "case_payloads: 0 rows differ",
        differs,
        *(f"{table}: 0 rows differ" for table in agreeing),
        "records in clear: 0",
    ]
    told = deployment.told("rebuild")
    assert told == f"practice {PRACTICE}: {differs}, now replaced\n"
    told = deployment.told("verify", "--totals-only")
    assert told.splitlines() == [
        "case_counts: 0 rows differ",
        "measure_counts: 0 rows differ",
        "group_counts: 0 rows differ",
        "asc_counts: 0 rows differ",
        "field_counts: 0 rows differ",
        "frozen_counts: 0 rows differ",
    ]


def test_migrate_and_database_url_speak_of_the_deployment(deployment: Deployment) -> None:
    assert "newest schema" in deployment.told("migrate")
    assert deployment.told("database", "url").strip() == deployment.settings["NACOR_DATABASE_URL"]


# --- demo -------------------------------------------------------------------------------------


@pytest.fixture
def fresh() -> Iterator[Deployment]:
    """A data dir without anything in it, and no PostgreSQL but the embedded one."""
    with tempfile.TemporaryDirectory(dir="/var/tmp", prefix="nacor-demo-") as made:
        folder = Path(made)
        folder.chmod(0o755)
        try:
            yield Deployment(folder=folder, settings={"NACOR_DATA_DIR": str(folder / "var")})
        finally:
            home = embedded_home(folder / "var")
            stop_embedded(folder / "var")
            if home is not None:
                shutil.rmtree(home)


def test_the_demo_shows_everything_on_a_fresh_data_dir(fresh: Deployment) -> None:
    few = ("--no-stay", "--cases", "20", "--no-invoices")
    told = printed(fresh.run_apart("demo", *few, "--port", str(free_port())))
    assert re.search(r"Summit Anesthesia Partners \d{4}: accepted, (\d+) new of \1 ", told)
    assert re.search(r"Cedar Valley Anesthesia \d{4}: partially_accepted, ", told)
    for email in ("manager@lakeside", "clinician@lakeside", "support@northwind", "staff@registry"):
        assert f"{email}.example" in told
    assert re.search(r"^  demo [0-9a-f]{12}$", told, re.MULTILINE), "the password of all four"
    (key,) = re.findall(r"NACOR_API_KEY=(nacor_\S+)", told)
    assert len(key) == 49
    quarter = last_due(today(), days=1).name
    assert '"made_by":{"kind":"operator"' in fresh.told("feedback", "list", "12345", quarter)
    assert {line.partition(": ")[2] for line in fresh.told("verify").splitlines()} == {
        "0 rows differ",
        "0",
    }, "nothing differs, and nothing is in clear"
