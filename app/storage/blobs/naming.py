"""The name of a file in its store: `ab/cd/<sha256>.zst`, after its own first characters."""

import re
from typing import Final

from app.storage.blobs.errors import BlobMissing

_SHA256: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_NAME: Final = re.compile(r"([0-9a-f]{2})/([0-9a-f]{2})/(\1\2[0-9a-f]{60})\.zst", re.ASCII)


def name_of(sha256: str) -> str:
    """Raises: BlobMissing for what is no hash, so that no other text becomes part of a name."""
    if not _SHA256.fullmatch(sha256):
        raise BlobMissing("this is not a SHA-256 in lower-case hexadecimal")
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}.zst"


def hash_in(name: str) -> str | None:
    """The hash that `name` was made of; None for what `name_of` does not make."""
    found = _NAME.fullmatch(name)
    return None if found is None else found[3]
