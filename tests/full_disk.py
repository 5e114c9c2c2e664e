"""A real file system of a few bytes, that a test can fill."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_MOUNT_AND_WAIT = 'mount -t tmpfs -o "size=$1" none "$2" && echo mounted && read -r _'


@contextmanager
def tiny_disk(at: Path, *, size: int) -> Iterator[Path]:
    """A disk of `size` bytes, mounted by a process in a name space of its own: it needs no root.

    Skips the test on a system that does not let its users have one.
    """
    unshare = shutil.which("unshare")
    if unshare is None:
        pytest.skip("a full disk needs `unshare` of util-linux")
    at.mkdir()
    with subprocess.Popen(
        [unshare, "-rm", "sh", "-c", _MOUNT_AND_WAIT, "sh", str(size), str(at)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as holder:
        assert holder.stdout is not None
        try:
            if holder.stdout.readline() != b"mounted\n":
                pytest.skip("a full disk needs user name spaces, and this system allows none")
            yield Path(f"/proc/{holder.pid}/root{at}")
        finally:
            holder.kill()


def fill(path: Path) -> None:
    """Write into `path` until its disk is full."""
    with pytest.raises(OSError, match="No space left"):
        _write_for_ever(path)


def _write_for_ever(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4_096))
