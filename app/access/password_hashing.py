"""Passwords as they are kept: by argon2id, each hash with its own salt and parameters."""

from functools import cache
from threading import BoundedSemaphore
from typing import Final

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

# RFC 9106, 4, the second recommendation: 64 MiB for each, so few are worked out at once.
HASHER: Final = PasswordHasher(
    time_cost=3, memory_cost=64 * 1024, parallelism=4, hash_len=32, salt_len=16, type=Type.ID
)
_AT_ONCE: Final = BoundedSemaphore(4)


def hash_password(password: str) -> str:
    with _AT_ONCE:
        return HASHER.hash(password)


def is_password_of(kept: str | None, password: str) -> bool:
    """Whether it is right. Without anything kept it takes as long, and it is not."""
    try:
        with _AT_ONCE:
            HASHER.verify(kept or _hash_of_nobody(HASHER), password)
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def is_outdated(kept: str) -> bool:
    """Whether newer parameters are used now: the next right password is hashed anew by them."""
    return HASHER.check_needs_rehash(kept)


@cache
def _hash_of_nobody(hasher: PasswordHasher) -> str:
    return hasher.hash("no password of anybody")
