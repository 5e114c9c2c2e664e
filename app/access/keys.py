"""API keys: random, shown once, known afterwards only by their hash."""

import hashlib
import secrets
from typing import Final

_PREFIX: Final = "nacor_"
_RANDOM_BYTES: Final = 32


def new_key() -> str:
    """Return a new API key: the prefix, then 256 random bits in base64url."""
    return _PREFIX + secrets.token_urlsafe(_RANDOM_BYTES)


def hash_of(key: str) -> bytes:
    """The key is random and long, so a plain hash cannot be guessed back; no salt is needed."""
    return hashlib.sha256(key.encode()).digest()
