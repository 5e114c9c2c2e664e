"""Seals records and documents of a practice: 12 bytes of nonce, the payload, 16 bytes of tag."""

import os
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag

from app.domain.identifiers import PracticeId
from app.storage.sealing.key import KeySource

_NONCE_BYTES: Final = 12
"""At random: 2^32 records may be sealed with one key (NIST SP 800-38D, 8.3)."""


class RecordDamaged(Exception):
    """What is stored is not what was sealed for this row."""


class RecordSeals:
    """What is sealed opens for its practice and its row alone: that of a case, or of a document."""

    def __init__(self, practice: PracticeId, keys: KeySource) -> None:
        self._prefix = practice.encode() + b" "
        self._keys = keys

    def seal(self, row_id: UUID, payload: bytes) -> tuple[int, bytes]:
        """Return the number of the data key, and what is stored."""
        key, nonce = self._keys.newest(), os.urandom(_NONCE_BYTES)
        return key.number, nonce + key.cipher.encrypt(nonce, payload, self._bound_to(row_id))

    def open(self, row_id: UUID, data_key: int | None, stored: bytes) -> bytes:
        """Return the payload; one from before records were sealed has no key.

        Raises: RecordDamaged.
        """
        if data_key is None:
            return stored
        nonce, sealed = stored[:_NONCE_BYTES], stored[_NONCE_BYTES:]
        cipher = self._keys.get(data_key).cipher
        try:
            return cipher.decrypt(nonce, sealed, self._bound_to(row_id))
        except (InvalidTag, ValueError):  # the latter for what is too short to be sealed
            raise RecordDamaged from None

    def open_if_whole(
        self, row_id: UUID, data_key: int | None, stored: bytes | None
    ) -> bytes | None:
        """Return the payload; None where it is gone or damaged."""
        if stored is None:
            return None
        try:
            return self.open(row_id, data_key, stored)
        except RecordDamaged:
            return None

    def _bound_to(self, row_id: UUID) -> bytes:
        return self._prefix + row_id.bytes
