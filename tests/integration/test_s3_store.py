"""A registry that keeps received files in S3, and what becomes of it when S3 fails."""

import hashlib
import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
import zstandard
from sqlalchemy import create_engine

from app.domain.errors.service import ServiceBusy
from app.domain.identifiers import PracticeId
from app.domain.submissions import OnError
from app.intake.not_finished import NotFinished
from app.intake.receiving import NewSubmission
from app.intake.service import Intake
from app.jobs.housekeeping import tidy
from app.storage.blobs import BlobDamaged, BlobStore, blob_store_at
from app.storage.sealing.data_keys import FILES, KeysOf
from app.storage.sealing.key import KeySource
from app.storage.unit_of_work import UnitOfWork
from tests.blob_shelves import S3Shelf, keep
from tests.breaking_line import breaking_line
from tests.case_files import a_case_file, a_record
from tests.full_disk import fill, tiny_disk
from tests.registry import PRACTICE, Caller, Registry, create_service
from tests.s3_server import S3Server
from tests.waiting import PATIENCE_SECONDS

NOISE = random.Random(1).randbytes(9_000_000)  # more than two of the blocks that are read at once
HUNDRED_YEARS = 100 * 366 * 86_400


@pytest.fixture
def shelf(s3: S3Server, tmp_path: Path) -> S3Shelf:
    return S3Shelf(server=s3, bucket=s3.new_bucket(), spool=tmp_path / "spool")


def over(shelf: S3Shelf, endpoint: str, keys: KeySource | None = None) -> BlobStore:
    """The store of `shelf` as somebody reaches it at another address."""
    url = f"s3://{shelf.bucket}/{shelf.prefix}?endpoint={endpoint}"
    return blob_store_at(url, spool=shelf.spool, keys=keys or shelf.keys)


def nowhere(shelf: S3Shelf) -> str:
    """The address of `shelf` with a port that nobody listens at."""
    return f"s3://{shelf.bucket}/{shelf.prefix}?endpoint=http://127.0.0.1:1"


def intake_of(caller: Caller) -> Intake:
    intake: Intake = caller.app.state.intake
    return intake


def submissions_in(registry: Registry) -> int:
    ((number,),) = registry.ask_database("SELECT count(*) FROM submissions")
    return int(number)


def sha256_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def name_of(content: bytes) -> str:
    sha256 = sha256_of(content)
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}.zst"


def test_a_case_file_is_kept_in_s3_taken_in_and_read_back(
    registry: Registry, shelf: S3Shelf
) -> None:
    vendor = registry.with_settings(registry.vendor(), blob_url=shelf.url)
    case_file = a_case_file(a_record("A-1"), a_record("A-2"))
    receipt = vendor.send(case_file)
    assert (receipt["status"], receipt["records"]["created"]) == ("accepted", 2)
    assert shelf.names() == [name_of(case_file)]
    assert vendor.get(f"/v1/submissions/{receipt['id']}/file").content == case_file
    assert vendor.read("/readyz") == {"status": "ready"}


def test_of_a_refused_file_nothing_stays_in_s3(registry: Registry, shelf: S3Shelf) -> None:
    vendor = registry.with_settings(registry.vendor(), blob_url=shelf.url)
    assert vendor.send(a_case_file(practice_id="23456"))["status"] == "rejected"
    assert shelf.names() == []


def test_what_a_dead_process_left_is_tidied_away(registry: Registry, shelf: S3Shelf) -> None:
    vendor = registry.with_settings(registry.vendor(), blob_url=shelf.url)
    needed = a_case_file()
    vendor.send(needed)
    keep(shelf.store, b"never recorded")
    intake = intake_of(vendor)
    assert tidy(intake) == 0  # younger than an hour
    assert intake.unused_files.forget_all(older_than_seconds=0) == 1
    assert shelf.names() == [name_of(needed)]


def test_uploads_that_nobody_completed_are_ended(shelf: S3Shelf) -> None:
    shelf.begin_upload(name_of(b"half a file"))
    shelf.server.client.create_multipart_upload(Bucket=shelf.bucket, Key="of-somebody-else")
    assert shelf.store.sweep(older_than_seconds=HUNDRED_YEARS) == 0
    assert shelf.store.sweep(older_than_seconds=86_400) == 1
    assert shelf.uploads() == ["of-somebody-else"]


def test_a_check_leaves_nothing(shelf: S3Shelf) -> None:
    shelf.store.check()
    assert (shelf.names(), shelf.uploads()) == ([], [])


def test_a_large_file_goes_in_parts_and_comes_back(shelf: S3Shelf) -> None:
    large = NOISE * 4
    head = shelf.server.client.head_object
    stored = keep(shelf.store, large)
    etag = head(Bucket=shelf.bucket, Key=f"{shelf.prefix}/{name_of(large)}")["ETag"]
    assert etag.strip('"').endswith("-3"), "three parts"
    with shelf.store.open(stored.sha256) as file:
        assert sha256_of(file.read()) == stored.sha256


@pytest.mark.parametrize("trouble", ["nobody listens", "wrong secret", "unknown key", "no bucket"])
def test_with_s3_out_of_reach_the_sender_is_told_to_come_later_and_nothing_is_kept(
    registry: Registry,
    shelf: S3Shelf,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    trouble: str,
) -> None:
    url, code = shelf.url, ""
    match trouble:
        case "nobody listens":
            url, code = nowhere(shelf), "EndpointConnectionError"
        case "wrong secret":
            monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another-secret")
            code = "SignatureDoesNotMatch"
        case "unknown key":
            monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAUNKNOWNUNKNOWN00")
            code = "InvalidAccessKeyId"
        case "no bucket":
            url, code = replace(shelf, bucket="there-is-none").url, "NoSuchBucket"
    vendor = registry.with_settings(registry.vendor(), blob_url=url)

    answer = vendor.submit(a_case_file())
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.json()["type"].endswith("/docs/problems/service-busy")
    assert vendor.get("/readyz").status_code == 503
    assert vendor.get("/healthz").status_code == 200
    assert submissions_in(registry) == 0
    assert shelf.names() == []
    assert f"out of reach: {code}" in caplog.text
    assert "another-secret" not in caplog.text

    at_home = registry.with_settings(vendor, blob_url=str(registry.folder / "blobs"))
    assert at_home.send(a_case_file())["status"] == "accepted"


def test_a_submission_waits_while_s3_is_away(registry: Registry, shelf: S3Shelf) -> None:
    vendor = registry.with_settings(registry.vendor(), blob_url=shelf.url)
    received = receive(intake_of(vendor), a_case_file())
    away = replace(intake_of(vendor), blobs=over(shelf, "http://127.0.0.1:1"))
    with pytest.raises(NotFinished):
        away.process(received)
    assert vendor.read(f"/v1/submissions/{received}")["finished_at"] is None
    assert intake_of(vendor).process(received).status == "accepted"


def test_a_file_of_an_earlier_submission_is_not_uploaded_again(
    registry: Registry, shelf: S3Shelf
) -> None:
    """Large, or with a key: it is looked for before, and found even while S3 is away."""
    vendor = registry.with_settings(registry.vendor(), blob_url=shelf.url)
    key = {"Idempotency-Key": "one"}
    first = vendor.submit(a_case_file(), headers=key)
    away = registry.with_settings(vendor, blob_url=nowhere(shelf))
    again = away.submit(a_case_file(), headers=key)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["id"] == first.json()["id"]
    assert away.submit(a_case_file(a_record("A-2")), headers=key).status_code == 409


def test_no_connection_to_the_database_waits_for_an_upload(
    registry: Registry, shelf: S3Shelf
) -> None:
    """Here there is one alone, and another sender needs it while S3 answers nobody."""
    engine = create_engine(registry.engine.url, pool_size=1, max_overflow=0, pool_timeout=5)
    vendor = registry.with_settings(registry.vendor(), blob_url=shelf.url)
    intake = replace(
        intake_of(vendor), open_work=lambda: UnitOfWork(engine, keys=intake_of(vendor).keys)
    )
    held_up = breaking_line(shelf.server.endpoint, after_bytes=0, times=0)
    with held_up as line, ThreadPoolExecutor() as threads:
        line.goes_on.clear()
        held = replace(intake, blobs=over(shelf, line.endpoint, KeysOf(intake.keys, FILES)))
        slow = threads.submit(receive, held, NOISE)
        assert line.called.wait(PATIENCE_SECONDS)
        received = receive(intake, a_case_file())
        assert not slow.done()
        line.goes_on.set()
        uploaded = slow.result()
    engine.dispose()
    ends = [intake_of(vendor).process(each).status for each in (received, uploaded)]
    assert ends == ["accepted", "rejected"]


def receive(intake: Intake, case_file: bytes) -> UUID:
    """Keep a file as the service does before it processes it."""
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
        return intake.receive(new, file).submission.id


def test_a_file_that_cannot_be_read_back_now_is_asked_for_later(
    registry: Registry, shelf: S3Shelf
) -> None:
    vendor = registry.with_settings(registry.vendor(), blob_url=shelf.url)
    path = f"/v1/submissions/{vendor.send(a_case_file())['id']}/file"
    answer = registry.with_settings(vendor, blob_url=nowhere(shelf)).get(path)
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0


def test_a_line_that_breaks_is_taken_up_where_it_broke(shelf: S3Shelf) -> None:
    sha256 = keep(shelf.store, NOISE).sha256
    with breaking_line(shelf.server.endpoint, after_bytes=1_000_000, times=2) as line:
        with over(shelf, line.endpoint).open(sha256) as file:
            assert file.read() == NOISE
        assert line.times == 0


def test_a_line_that_breaks_again_and_again_is_told(
    shelf: S3Shelf, caplog: pytest.LogCaptureFixture
) -> None:
    sha256 = keep(shelf.store, NOISE).sha256
    line_to_s3 = breaking_line(shelf.server.endpoint, after_bytes=0, times=0)
    with line_to_s3 as line, over(shelf, line.endpoint).open(sha256) as file:
        file.read(1_000)
        line.times = 100
        with pytest.raises(ServiceBusy):
            file.read()
    assert "out of reach" in caplog.text


def test_a_file_that_is_sent_again_while_it_is_read_is_read_on_in_the_new_copy(
    shelf: S3Shelf,
) -> None:
    sha256 = keep(shelf.store, NOISE).sha256
    other_compression = zstandard.ZstdCompressor(level=3, write_checksum=True).compress(NOISE)
    with shelf.store.open(sha256) as file:
        begun = file.read(3_000_000)
        assert other_compression != shelf.read(name_of(NOISE))
        shelf.overwrite(name_of(NOISE), other_compression)
        assert begun + file.read() == NOISE


@pytest.mark.parametrize("other", [b"another file", NOISE[:-1] + b"!"], ids=["shorter", "alike"])
def test_another_file_under_the_name_is_noticed_though_it_is_whole(
    shelf: S3Shelf, other: bytes
) -> None:
    sha256 = keep(shelf.store, NOISE).sha256
    shelf.overwrite(name_of(NOISE), zstandard.ZstdCompressor(write_checksum=True).compress(other))
    with shelf.store.open(sha256) as file, pytest.raises(BlobDamaged):
        file.read()


@pytest.mark.parametrize("keeps_in_s3", [True, False], ids=["on the way to S3", "to stay there"])
def test_with_a_full_disk_nothing_is_received(
    registry: Registry, shelf: S3Shelf, tmp_path: Path, keeps_in_s3: bool
) -> None:
    with tiny_disk(tmp_path / "disk", size=65_536) as disk:
        app = create_service(registry.engine, disk, blob_url=shelf.url if keeps_in_s3 else None)
        vendor = replace(registry.vendor(), app=app)
        vendor.send(a_case_file(a_record("A-1")))
        fill(disk / "of-somebody-else")
        answer = vendor.submit(a_case_file(a_record("A-2")))
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert vendor.get("/readyz").status_code == 503
        assert submissions_in(registry) == 1

        (disk / "of-somebody-else").unlink()
        vendor.send(a_case_file(a_record("A-2")))
        assert vendor.get("/readyz").status_code == 200
        assert registry.practice().count() == 2
