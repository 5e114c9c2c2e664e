"""Data keys under the key of a master: 12 bytes of nonce, then 32 bytes sealed, then the tag."""

import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.domain.errors.service import KeysMissing
from app.domain.master_keys import MasterKeys
from app.storage.sealing.key import DataKey

_NONCE_BYTES: Final = 12


def wrap(key: bytes, masters: MasterKeys, *, owner: str, number: int) -> bytes:
    """Return `key` wrapped by the newest master."""
    nonce = os.urandom(_NONCE_BYTES)
    cipher = _cipher_of(masters, masters.newest)
    return nonce + cipher.encrypt(nonce, key, _bound_to(owner, number))


def unwrap(wrapped: bytes, masters: MasterKeys, master: str, *, owner: str, number: int) -> DataKey:
    """Raises: KeysMissing when the master is not known, or the row is not what was written."""
    nonce, sealed = wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:]
    try:
        key = _cipher_of(masters, master).decrypt(nonce, sealed, _bound_to(owner, number))
    except InvalidTag:
        raise KeysMissing("A stored data key was damaged.") from None
    return DataKey.of(number, key)


def _cipher_of(masters: MasterKeys, name: str) -> AESGCM:
    """Raises: KeysMissing."""
    key = masters.derive_wrapping(name)
    if key is None:
        raise KeysMissing(f"The master key {name} is not among those that are configured.")
    return AESGCM(key)


def _bound_to(owner: str, number: int) -> bytes:
    return f"{number} {owner}".encode()
