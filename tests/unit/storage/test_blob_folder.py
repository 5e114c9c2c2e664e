"""Received files in a local folder: nobody else may look, and a full disk is told as such."""

import hashlib
import logging
import os
import random
import stat
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from app.domain.errors.service import ServiceBusy
from app.storage.blobs import BlobStore
from tests.blob_shelves import FolderShelf, keep
from tests.full_disk import fill, tiny_disk

CASE_FILE = b"<AnesthesiaRecords></AnesthesiaRecords>"
SHA256 = hashlib.sha256(CASE_FILE).hexdigest()
NOISE = random.Random(1).randbytes(300_000)


@pytest.fixture
def shelf(tmp_path: Path) -> FolderShelf:
    return FolderShelf(folder=tmp_path / "blobs")


@pytest.fixture
def eager_threads() -> Iterator[None]:
    """Threads that take turns so often that one finds every place where another can be."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


def store_in(folder: Path) -> BlobStore:
    return FolderShelf(folder=folder).store


def test_nobody_else_may_look(shelf: FolderShelf) -> None:
    keep(shelf.store, CASE_FILE)
    found = {stat.S_IMODE(path.stat().st_mode) for path in shelf.folder.rglob("*")}
    assert found == {0o600, 0o700}
    assert stat.S_IMODE(shelf.folder.stat().st_mode) == 0o700


def test_a_folder_that_is_there_keeps_its_permissions(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o750)
    keep(store_in(shared), CASE_FILE)
    assert stat.S_IMODE(shared.stat().st_mode) == 0o750


def test_the_first_files_may_come_at_once(tmp_path: Path, eager_threads: None) -> None:
    files = [b"file %d" % number for number in range(8)]
    with ThreadPoolExecutor(len(files)) as senders:
        for round_ in range(40):
            store = store_in(tmp_path / str(round_))
            assert len(set(senders.map(partial(keep, store), files))) == len(files)


def test_only_what_was_kept_long_ago_is_listed(shelf: FolderShelf) -> None:
    keep(shelf.store, CASE_FILE)
    keep(shelf.store, b"younger")
    (old,) = shelf.folder.rglob(f"{SHA256}.zst")
    os.utime(old, (0, 0))
    assert list(shelf.store.kept(older_than_seconds=3_600)) == [SHA256]


def test_leftovers_of_killed_writers_are_swept_away(shelf: FolderShelf) -> None:
    keep(shelf.store, CASE_FILE)
    incoming = shelf.folder / "incoming"
    (incoming / "old.part").write_bytes(b"half a file")
    os.utime(incoming / "old.part", (0, 0))
    (incoming / "new.part").write_bytes(b"half a file")
    (incoming / "gone.part").symlink_to("nowhere")  # as one that is renamed meanwhile
    assert shelf.store.sweep(older_than_seconds=3600) == 1
    (incoming / "gone.part").unlink()
    assert [path.name for path in incoming.iterdir()] == ["new.part"]


def test_a_store_that_takes_no_files_fails_its_check(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "blobs").write_text("a file where the folder should be")
    with pytest.raises(ServiceBusy):
        store_in(tmp_path / "blobs").check()
    assert "ENOTDIR" in caplog.text or "EEXIST" in caplog.text


def test_a_full_disk_takes_nothing_and_goes_on_when_there_is_room_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with tiny_disk(tmp_path / "disk", size=200_000) as disk:
        store = store_in(disk / "blobs")
        kept = keep(store, CASE_FILE)
        with pytest.raises(ServiceBusy):
            keep(store, NOISE)
        assert logged(caplog) == ["the store of received files is out of reach: ENOSPC"]
        assert list((disk / "blobs" / "incoming").iterdir()) == []

        fill(disk / "of-somebody-else")
        with pytest.raises(ServiceBusy):
            store.check()
        with store.open(kept.sha256) as file:
            assert file.read() == CASE_FILE

        (disk / "of-somebody-else").unlink()
        store.check()
        keep(store, NOISE[:100_000])


def test_with_its_disk_unmounted_nothing_counts_as_missing(
    shelf: FolderShelf, caplog: pytest.LogCaptureFixture
) -> None:
    """A submission that waits would end as failed, for good."""
    store = shelf.store
    sha256 = keep(store, CASE_FILE).sha256
    with unmounted(shelf.folder):
        for asked in (store.open, store.has, store.delete, shelf.store.open):
            with pytest.raises(ServiceBusy):
                asked(sha256)
    assert set(logged(caplog)) == {
        "the store of received files is out of reach:"
        " its folder is not mounted, or lacks received-files.txt"
    }
    with store.open(sha256) as file:
        assert file.read() == CASE_FILE


def test_nothing_is_put_into_the_mount_point_of_a_disk_that_was_there(shelf: FolderShelf) -> None:
    """The next mount would hide it."""
    store = shelf.store
    keep(store, CASE_FILE)
    with store.writer() as begun:
        begun.write(b"sent meanwhile")
        with unmounted(shelf.folder):
            with pytest.raises(ServiceBusy):
                begun.finish()
            for asked in (store.check, store.writer):
                with pytest.raises(ServiceBusy):
                    asked()
            assert list(shelf.folder.iterdir()) == []
    store.check()


@contextmanager
def unmounted(folder: Path) -> Iterator[None]:
    """What is left of a disk that is unmounted: an empty folder."""
    mounted_elsewhere = folder.with_name("elsewhere")
    folder.rename(mounted_elsewhere)
    folder.mkdir()
    yield
    folder.rmdir()
    mounted_elsewhere.rename(folder)


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="a file as only Linux has it")
def test_a_disk_that_breaks_off_is_out_of_reach(
    shelf: FolderShelf, caplog: pytest.LogCaptureFixture
) -> None:
    """Here a folder stands where the file was: it can be opened by none, or not read."""
    sha256 = keep(shelf.store, CASE_FILE).sha256
    (kept,) = shelf.folder.rglob("*.zst")
    kept.unlink()
    kept.mkdir()
    with pytest.raises(ServiceBusy):
        shelf.store.open(sha256)
    kept.rmdir()
    kept.symlink_to("/proc/self/mem")  # opened by anybody, and its first page read by nobody
    with shelf.store.open(sha256) as file, pytest.raises(ServiceBusy):
        file.read()
    assert logged(caplog) == [
        "the store of received files is out of reach: EISDIR",
        "the store of received files is out of reach: EIO",
    ]


def logged(caplog: pytest.LogCaptureFixture) -> list[str]:
    records: list[logging.LogRecord] = list(caplog.records)
    return [record.getMessage() for record in records]
