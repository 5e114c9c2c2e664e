"""A data key, and where one comes from."""

import hmac
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Protocol, Self

from cryptography.hazmat.primitives.ciphers.aead import AESGCM


@dataclass(frozen=True, slots=True, kw_only=True)
class DataKey:
    """`number` counts the data keys of one owner from 1. The cipher is made once: it is dear."""

    number: int
    key: bytes = field(repr=False)
    cipher: AESGCM = field(repr=False)

    @classmethod
    def of(cls, number: int, key: bytes) -> Self:
        return cls(number=number, key=key, cipher=AESGCM(key))

    def derive(self, purpose: bytes) -> AESGCM:
        """Return a cipher with a key of its own for `purpose`."""
        return AESGCM(hmac.digest(self.key, purpose, sha256))


class KeySource(Protocol):
    """The data keys of one owner. Raises: KeysMissing; ServiceBusy without the database."""

    def newest(self) -> DataKey:
        """The one that seals now."""

    def get(self, number: int) -> DataKey:
        """The one that sealed something before."""
