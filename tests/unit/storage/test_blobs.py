"""Received files: kept once, whole, and found again by what is in them."""

import hashlib
import os
import random
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.storage.blobs import BlobDamaged, BlobMissing, BlobStore, StoredBlob

CASE_FILE = b"<AnesthesiaRecords>" + b"<AnesthesiaRecord/>" * 50_000 + b"</AnesthesiaRecords>"
SHA256 = hashlib.sha256(CASE_FILE).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path / "blobs")


def keep(store: BlobStore, content: bytes, *, piece: int = 10_000) -> StoredBlob:
    with store.writer() as writer:
        for start in range(0, len(content), piece):
            writer.write(content[start : start + piece])
        return writer.finish()


def files_in(folder: Path) -> list[Path]:
    return sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())


def kept_at(tmp_path: Path) -> Path:
    return tmp_path / "blobs" / SHA256[:2] / SHA256[2:4] / f"{SHA256}.zst"


@pytest.mark.parametrize(
    "content",
    [CASE_FILE, b"", b"<", random.Random(1).randbytes(300_000)],
    ids=["case file", "empty", "one byte", "does not compress"],
)
def test_a_file_comes_back_as_it_was(store: BlobStore, content: bytes) -> None:
    stored = keep(store, content)
    assert stored == StoredBlob(sha256=hashlib.sha256(content).hexdigest(), size=len(content))
    with store.open(stored.sha256) as file:
        assert file.read() == content


def test_a_file_can_be_read_in_pieces(store: BlobStore) -> None:
    with store.open(keep(store, CASE_FILE).sha256) as file:
        assert b"".join(iter(lambda: file.read(777), b"")) == CASE_FILE


def test_what_was_kept_long_ago_is_listed(store: BlobStore, tmp_path: Path) -> None:
    assert list(store.kept(older_than_seconds=0)) == []
    keep(store, CASE_FILE)
    keep(store, b"younger")
    (tmp_path / "blobs" / "ab" / "cd").mkdir(parents=True)
    (tmp_path / "blobs" / "ab" / "cd" / "not-a-hash.zst").touch()
    for path in (tmp_path / "blobs").rglob("*.zst"):
        if path != kept_at(tmp_path) and path.stem != "not-a-hash":
            continue
        os.utime(path, (0, 0))
    assert list(store.kept(older_than_seconds=3_600)) == [SHA256]


def test_the_same_bytes_are_kept_once_and_compressed(store: BlobStore, tmp_path: Path) -> None:
    assert keep(store, CASE_FILE, piece=100_000) == keep(store, CASE_FILE, piece=999)
    assert files_in(tmp_path) == [kept_at(tmp_path).relative_to(tmp_path)]
    assert kept_at(tmp_path).stat().st_size < len(CASE_FILE) / 100


def test_two_senders_of_the_same_bytes_do_not_disturb_each_other(store: BlobStore) -> None:
    with store.writer() as first, store.writer() as second:
        first.write(b"<same/>")
        second.write(b"<same/>")
        assert first.finish() == second.finish()


def test_a_file_that_is_not_finished_leaves_nothing(store: BlobStore, tmp_path: Path) -> None:
    with store.writer() as writer:
        writer.write(CASE_FILE)
    assert files_in(tmp_path) == []


def test_a_sender_who_hangs_up_leaves_nothing(store: BlobStore, tmp_path: Path) -> None:
    def pieces_until_the_line_breaks() -> Iterator[bytes]:
        yield CASE_FILE
        raise ConnectionError

    def receive() -> None:
        with store.writer() as writer:
            for piece in pieces_until_the_line_breaks():
                writer.write(piece)

    with pytest.raises(ConnectionError):
        receive()
    assert files_in(tmp_path) == []


@pytest.mark.parametrize("sha256", [SHA256, SHA256.upper(), "", "../../../../etc/passwd"])
def test_what_was_never_stored_is_missing(store: BlobStore, sha256: str) -> None:
    with pytest.raises(BlobMissing):
        store.open(sha256)
    with pytest.raises(BlobMissing):
        store.delete(sha256)


def test_a_deleted_file_is_missing(store: BlobStore) -> None:
    sha256 = keep(store, CASE_FILE).sha256
    store.delete(sha256)
    with pytest.raises(BlobMissing):
        store.open(sha256)


def overwritten(kept: bytes) -> bytes:
    """Valid, but other content under the same name."""
    return kept.replace(b"AnesthesiaRecord", b"AnesthesiaRecorx")


@pytest.mark.parametrize(
    "damage",
    [overwritten, lambda kept: kept[:-5], lambda kept: b"", lambda kept: b"garbage"],
    ids=["overwritten", "cut off", "empty", "garbage"],
)
def test_a_damaged_file_is_noticed_when_read(store: BlobStore, tmp_path: Path, damage) -> None:
    keep(store, CASE_FILE)
    path = kept_at(tmp_path)
    path.write_bytes(damage(path.read_bytes()))
    with store.open(SHA256) as file, pytest.raises(BlobDamaged):
        file.read()


def test_sending_a_damaged_file_again_repairs_it(store: BlobStore, tmp_path: Path) -> None:
    keep(store, CASE_FILE)
    kept_at(tmp_path).write_bytes(b"garbage")
    keep(store, CASE_FILE)
    with store.open(SHA256) as file:
        assert file.read() == CASE_FILE


def test_nobody_else_may_look(store: BlobStore, tmp_path: Path) -> None:
    keep(store, CASE_FILE)
    found = {path: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "blobs").rglob("*")}
    assert set(found.values()) == {0o600, 0o700}
    assert stat.S_IMODE((tmp_path / "blobs").stat().st_mode) == 0o700


def test_a_folder_that_is_there_keeps_its_permissions(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o750)
    keep(BlobStore(shared), CASE_FILE)
    assert stat.S_IMODE(shared.stat().st_mode) == 0o750


def test_a_store_that_takes_files_passes_its_check(store: BlobStore, tmp_path: Path) -> None:
    store.check()
    assert files_in(tmp_path) == []


def test_a_store_that_takes_no_files_fails_its_check(tmp_path: Path) -> None:
    (tmp_path / "blobs").write_text("a file where the folder should be")
    with pytest.raises(OSError, match="blobs"):
        BlobStore(tmp_path / "blobs").check()


def test_leftovers_of_killed_writers_are_swept_away(store: BlobStore, tmp_path: Path) -> None:
    keep(store, CASE_FILE)
    incoming = tmp_path / "blobs" / "incoming"
    (incoming / "old.part").write_bytes(b"half a file")
    os.utime(incoming / "old.part", (0, 0))
    (incoming / "new.part").write_bytes(b"half a file")
    assert store.sweep(older_than_seconds=3600) == 1
    assert [path.name for path in incoming.iterdir()] == ["new.part"]


@pytest.mark.parametrize("form", ["{path}", "file://{path}", "file://localhost{path}"])
def test_a_store_has_a_path_or_a_file_url_as_address(tmp_path: Path, form: str) -> None:
    store = BlobStore.at(form.format(path=tmp_path / "blobs"))
    keep(store, CASE_FILE)
    assert kept_at(tmp_path).exists()


def test_a_file_url_may_be_escaped(tmp_path: Path) -> None:
    keep(BlobStore.at(f"file://{tmp_path}/two%20words"), CASE_FILE)
    assert (tmp_path / "two words").is_dir()


@pytest.mark.parametrize("url", ["s3://bucket/received", "file://server/share", ""])
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match="blob store"):
        BlobStore.at(url)
