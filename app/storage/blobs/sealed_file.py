"""A file under a key of its own, in chunks that can neither be changed, moved, cut off nor mixed.

Head: `NACOR` and the format as 3 digits; the number of the data key in 4 bytes; 32 bytes of salt;
16 bytes of tag over these and the SHA-256 of the file. The key of the file is derived from data key
and salt, so that chunks can be counted from 0 for their nonces. Each is sealed together with its
number and whether it is the last. As in the streaming AEAD of Tink, AES-GCM-HKDF.
"""

import os
import struct
from typing import IO, Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.storage.blobs.errors import BlobDamaged
from app.storage.sealing.key import DataKey, KeySource

MAGIC: Final = b"NACOR001"
KEY_NUMBER_END: Final = 12
"""Bytes of the head up to where the number of the data key ends."""

_CHUNK_BYTES: Final = 64 << 10
_TAG_BYTES: Final = 16
_SALT_BYTES: Final = 32
_HEAD: Final = struct.Struct(f">{len(MAGIC)}sI{_SALT_BYTES}s")
_HEAD_BYTES: Final = _HEAD.size + _TAG_BYTES
_NONCE_OF_HEAD: Final = b"\xff" * 12
_PURPOSE: Final = b"nacor: the key of a file "


class Stored(Protocol):
    """`read` gives at most so many bytes, b"" at the end."""

    def read(self, size: int, /) -> bytes: ...

    def close(self) -> None: ...


def key_number_in(beginning: bytes) -> int | None:
    """The number of the data key that sealed the file; None for a file that is not sealed."""
    if len(beginning) < KEY_NUMBER_END or not beginning.startswith(MAGIC):
        return None
    return int.from_bytes(beginning[len(MAGIC) : KEY_NUMBER_END])


class SealedSpool:
    """Seals what is written into `spool`, in which nothing stands in clear at any time."""

    def __init__(self, spool: IO[bytes], key: DataKey) -> None:
        salt = os.urandom(_SALT_BYTES)
        self._spool = spool
        self._head = _HEAD.pack(MAGIC, key.number, salt)
        self._cipher = key.derive(_PURPOSE + salt)
        self._pending = bytearray()
        self._chunks = 0
        spool.write(bytes(_HEAD_BYTES))

    def write(self, data: bytes) -> None:
        self._pending += data
        while len(self._pending) > _CHUNK_BYTES:  # one is left for the end, which marks it
            self._seal(bytes(self._pending[:_CHUNK_BYTES]), is_last=False)
            del self._pending[:_CHUNK_BYTES]

    def end(self, sha256: str) -> None:
        """Write what is left, and the head: only now it is known whose file it is."""
        self._seal(bytes(self._pending), is_last=True)
        tag = self._cipher.encrypt(_NONCE_OF_HEAD, b"", self._head + bytes.fromhex(sha256))
        self._spool.seek(0)
        self._spool.write(self._head + tag)
        self._spool.flush()

    def _seal(self, chunk: bytes, *, is_last: bool) -> None:
        nonce, bound_to = _place_of(self._chunks, is_last=is_last)
        self._spool.write(self._cipher.encrypt(nonce, chunk, bound_to))
        self._chunks += 1


class OpenedFile:
    """What was sealed; a file from before files were sealed is given as it is.

    Reading raises BlobDamaged, KeysMissing and ServiceBusy.
    """

    def __init__(self, stored: Stored, sha256: str, keys: KeySource) -> None:
        self._stored = stored
        self._sha256 = sha256
        self._keys = keys
        self._ahead = b""
        self._cipher: AESGCM | None = None
        self._chunks = 0
        self._is_begun = False

    @property
    def is_sealed(self) -> bool:
        """Known once the first bytes were read."""
        return self._cipher is not None

    def read(self, size: int, /) -> bytes:
        """The next chunk, whatever the size; of a file that is not sealed at most so much."""
        if not self._is_begun:
            self._begin()
        if self._cipher is not None:
            return self._next_chunk(self._cipher)
        beginning, self._ahead = self._ahead, b""
        return beginning or self._stored.read(size)

    def close(self) -> None:
        self._stored.close()

    def _begin(self) -> None:
        self._is_begun = True
        self._ahead = self._read_whole(_HEAD_BYTES)
        number = key_number_in(self._ahead)
        if number is None:
            return
        head, tag = self._ahead[: _HEAD.size], self._ahead[_HEAD.size :]
        cipher = self._keys.get(number).derive(_PURPOSE + head[KEY_NUMBER_END:])
        self._open(cipher, _NONCE_OF_HEAD, tag, head + bytes.fromhex(self._sha256))
        self._cipher = cipher
        self._ahead = self._read_whole(_CHUNK_BYTES + _TAG_BYTES)

    def _next_chunk(self, cipher: AESGCM) -> bytes:
        """A chunk is the last one if nothing stands behind it: a file cut off does not open."""
        chunk = self._ahead
        if not chunk and self._chunks:
            return b""
        self._ahead = self._read_whole(_CHUNK_BYTES + _TAG_BYTES)
        nonce, bound_to = _place_of(self._chunks, is_last=not self._ahead)
        self._chunks += 1
        return self._open(cipher, nonce, chunk, bound_to)

    def _open(self, cipher: AESGCM, nonce: bytes, sealed: bytes, bound_to: bytes) -> bytes:
        try:
            return cipher.decrypt(nonce, sealed, bound_to)
        except (InvalidTag, ValueError):  # the latter for what is shorter than a tag
            raise BlobDamaged(self._sha256) from None

    def _read_whole(self, size: int) -> bytes:
        """So many bytes; fewer at the end only."""
        read = bytearray()
        while len(read) < size and (data := self._stored.read(size - len(read))):
            read += data
        return bytes(read)


def _place_of(number: int, *, is_last: bool) -> tuple[bytes, bytes]:
    """The nonce of a chunk, and what it is bound to."""
    return number.to_bytes(12), struct.pack(">QB", number, is_last)
