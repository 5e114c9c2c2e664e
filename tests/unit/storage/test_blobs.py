"""Received files: kept once, whole, and found again by what is in them. In a folder as in S3."""

import hashlib
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
import zstandard

from app.storage.blobs import BlobDamaged, BlobMissing, StoredBlob
from tests.blob_shelves import FolderShelf, S3Shelf, Shelf, keep

CASE_FILE = b"<AnesthesiaRecords>" + b"<AnesthesiaRecord/>" * 50_000 + b"</AnesthesiaRecords>"
SHA256 = hashlib.sha256(CASE_FILE).hexdigest()
NAME = f"{SHA256[:2]}/{SHA256[2:4]}/{SHA256}.zst"
NOISE = random.Random(1).randbytes(9_000_000)


@pytest.fixture(params=["folder", "S3"])
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Shelf:
    if request.param == "folder":
        return FolderShelf(folder=tmp_path / "blobs")
    server = request.getfixturevalue("s3")
    return S3Shelf(server=server, bucket=server.new_bucket(), spool=tmp_path / "spool")


@pytest.mark.parametrize(
    "content",
    [CASE_FILE, b"", b"<", NOISE],
    ids=["case file", "empty", "one byte", "large and does not compress"],
)
def test_a_file_comes_back_as_it_was(shelf: Shelf, content: bytes) -> None:
    stored = keep(shelf.store, content)
    assert stored == StoredBlob(sha256=hashlib.sha256(content).hexdigest(), size=len(content))
    with shelf.store.open(stored.sha256) as file:
        assert file.read() == content


def test_a_file_can_be_read_in_pieces(shelf: Shelf) -> None:
    with shelf.store.open(keep(shelf.store, CASE_FILE).sha256) as file:
        assert b"".join(iter(lambda: file.read(777), b"")) == CASE_FILE


def test_a_file_has_the_name_of_its_hash(shelf: Shelf) -> None:
    keep(shelf.store, CASE_FILE)
    assert shelf.names() == [NAME]
    assert len(shelf.read(NAME)) < len(CASE_FILE) / 100


def test_the_same_bytes_are_kept_once(shelf: Shelf) -> None:
    assert keep(shelf.store, CASE_FILE, piece=100_000) == keep(shelf.store, CASE_FILE, piece=999)
    assert shelf.names() == [NAME]


def test_two_senders_of_the_same_bytes_do_not_disturb_each_other(shelf: Shelf) -> None:
    with shelf.store.writer() as first, shelf.store.writer() as second:
        first.write(b"<same/>")
        second.write(b"<same/>")
        assert first.finish() == second.finish()


def test_a_file_that_is_not_finished_leaves_nothing(shelf: Shelf, tmp_path: Path) -> None:
    with shelf.store.writer() as writer:
        writer.write(CASE_FILE)
    assert shelf.names() == []
    assert files_on_disk(tmp_path) == []


def test_a_sender_who_hangs_up_leaves_nothing(shelf: Shelf, tmp_path: Path) -> None:
    def pieces_until_the_line_breaks() -> Iterator[bytes]:
        yield CASE_FILE
        raise ConnectionError

    def receive() -> None:
        with shelf.store.writer() as writer:
            for piece in pieces_until_the_line_breaks():
                writer.write(piece)

    with pytest.raises(ConnectionError):
        receive()
    assert shelf.names() == []
    assert files_on_disk(tmp_path) == []


@pytest.mark.parametrize("content", [CASE_FILE, NOISE * 4], ids=["case file", "sent in parts"])
def test_a_file_removed_while_its_sender_waits_is_kept_again(shelf: Shelf, content: bytes) -> None:
    with shelf.store.writer() as writer:
        writer.write(content)
        stored = writer.finish()
        shelf.store.delete(stored.sha256)
        writer.keep_again()
    with shelf.store.open(stored.sha256) as file:
        assert file.read() == content


@pytest.mark.parametrize("sha256", [SHA256, SHA256.upper(), "", "../../../../etc/passwd"])
def test_what_was_never_stored_is_missing(shelf: Shelf, sha256: str) -> None:
    keep(shelf.store, b"another file")
    assert not shelf.store.has(sha256)
    with pytest.raises(BlobMissing):
        shelf.store.open(sha256)
    with pytest.raises(BlobMissing):
        shelf.store.delete(sha256)


def test_a_deleted_file_is_missing(shelf: Shelf) -> None:
    sha256 = keep(shelf.store, CASE_FILE).sha256
    assert shelf.store.has(sha256)
    shelf.store.delete(sha256)
    assert not shelf.store.has(sha256)
    assert shelf.names() == []
    with pytest.raises(BlobMissing):
        shelf.store.open(sha256)
    with pytest.raises(BlobMissing):
        shelf.store.delete(sha256)


def overwritten(kept: bytes) -> bytes:
    """Of the same length."""
    return kept[:-20] + bytes([kept[-20] ^ 1]) + kept[-19:]


@pytest.mark.parametrize(
    "damage",
    [overwritten, lambda kept: kept[:-5], lambda kept: b"", lambda kept: b"garbage"],
    ids=["overwritten", "cut off", "empty", "garbage"],
)
def test_a_damaged_file_is_noticed_when_read(shelf: Shelf, damage) -> None:
    keep(shelf.store, CASE_FILE)
    shelf.overwrite(NAME, damage(shelf.read(NAME)))
    with shelf.store.open(SHA256) as file, pytest.raises(BlobDamaged):
        file.read()


def test_sending_a_damaged_file_again_repairs_it(shelf: Shelf) -> None:
    keep(shelf.store, CASE_FILE)
    shelf.overwrite(NAME, b"garbage")
    keep(shelf.store, CASE_FILE)
    with shelf.store.open(SHA256) as file:
        assert file.read() == CASE_FILE


def test_what_is_kept_is_listed_and_nothing_else(shelf: Shelf) -> None:
    assert list(shelf.store.kept(older_than_seconds=0)) == []
    keep(shelf.store, CASE_FILE)
    for stranger in ("ab/cd/not-a-hash.zst", "README", f"00/00/{SHA256}.zst"):
        shelf.overwrite(stranger, b"of somebody else")
    assert list(shelf.store.kept(older_than_seconds=0)) == [SHA256]
    assert list(shelf.store.kept(older_than_seconds=3_600)) == []


def test_a_store_that_takes_files_passes_its_check(shelf: Shelf, tmp_path: Path) -> None:
    shelf.store.check()
    assert shelf.names() == []
    assert files_on_disk(tmp_path) == []


def test_a_kept_file_is_not_swept_away(shelf: Shelf) -> None:
    keep(shelf.store, CASE_FILE)
    assert shelf.store.sweep(older_than_seconds=0) == 0
    assert shelf.names() == [NAME]


def files_on_disk(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_what_is_kept_is_sealed(shelf: Shelf) -> None:
    keep(shelf.store, CASE_FILE)
    kept = shelf.read(NAME)
    assert b"AnesthesiaRecord" not in kept
    with pytest.raises(zstandard.ZstdError):
        zstandard.decompress(kept)
    assert shelf.store.key_number(SHA256) == 1


def test_a_file_from_before_files_were_sealed_is_read_if_its_hash_is_right(shelf: Shelf) -> None:
    shelf.overwrite(NAME, zstandard.compress(CASE_FILE))
    assert shelf.store.key_number(SHA256) is None
    with shelf.store.open(SHA256) as file:
        assert file.read() == CASE_FILE
    shelf.overwrite(NAME, zstandard.compress(b"<another/>"))
    with shelf.store.open(SHA256) as file, pytest.raises(BlobDamaged):
        file.read()
