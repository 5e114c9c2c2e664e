"""The master key of a deployment that was given none: a private file in its data dir."""

import base64
import logging
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final

_log = logging.getLogger(__name__)
_KEY_BYTES: Final = 32


def read_key_file(path: Path) -> str | None:
    """Return the key; None when there is no such file."""
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        return None


def make_key_file(path: Path) -> str:
    """Return the key of a new file, or that of another process which was faster."""
    path.parent.mkdir(parents=True, exist_ok=True)
    growing = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    key = base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode()
    handle = os.open(growing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(f"{key}\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(growing, path)  # whole or not at all, and never over one that is there
            _log.warning(
                "a master key was made: back up %s, apart from the rest; without it every record"
                " that is stored from now on is lost",
                path,
            )
    finally:
        growing.unlink()
    return path.read_text().strip()
