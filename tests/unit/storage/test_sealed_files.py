"""A sealed file can be read whole with its key, and in no other way."""

import io
import random
from typing import Any

import pytest

from app.storage.blobs import BlobDamaged
from app.storage.blobs.sealed_file import MAGIC, OpenedFile, SealedSpool, key_number_in
from tests.blob_shelves import FixedKeys

CHUNK, TAG, HEAD = 64 << 10, 16, 60
SHA256, OTHER_SHA256 = "ab" * 32, "cd" * 32
THREE_CHUNKS = random.Random(1).randbytes(2 * CHUNK + 100)
KEYS = FixedKeys()


def sealed(content: bytes, sha256: str = SHA256, *, keys: Any = KEYS, piece: int = 1000) -> bytes:
    spool = io.BytesIO()
    writing = SealedSpool(spool, keys.newest())
    for start in range(0, len(content), piece):
        writing.write(content[start : start + piece])
    writing.end(sha256)
    return spool.getvalue()


def opened(stored: bytes, sha256: str = SHA256, *, keys: Any = KEYS) -> bytes:
    file = OpenedFile(io.BytesIO(stored), sha256, keys)
    return b"".join(iter(lambda: file.read(777), b""))


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 200_000])
def test_what_was_sealed_opens_whatever_its_size(size: int) -> None:
    content = random.Random(size).randbytes(size)
    assert opened(sealed(content)) == content
    assert opened(sealed(content, piece=CHUNK)) == content


def test_nothing_of_it_can_be_read_without_the_key() -> None:
    content = b"<PatientID>P-4711</PatientID>" * 50
    stored = sealed(content)
    assert b"Patient" not in stored
    assert len(stored) == HEAD + len(content) + TAG
    with pytest.raises(BlobDamaged):
        opened(stored.replace(MAGIC + b"\0\0\0\1", MAGIC + b"\0\0\0\2"))


def test_the_head_names_the_data_key() -> None:
    assert key_number_in(sealed(b"x", keys=FixedKeys(3))) == 3
    assert key_number_in(b"\x28\xb5\x2f\xfd a file of zstd from before") is None
    assert key_number_in(b"") is None


def test_the_same_file_sealed_twice_shows_no_likeness() -> None:
    one, other = sealed(THREE_CHUNKS), sealed(THREE_CHUNKS)
    assert one[12:] != other[12:]
    assert one[HEAD : HEAD + 100] != other[HEAD : HEAD + 100]


def chunks_of(stored: bytes) -> list[bytes]:
    rest = stored[HEAD:]
    return [rest[start : start + CHUNK + TAG] for start in range(0, len(rest), CHUNK + TAG)]


def test_a_file_cut_off_at_any_place_does_not_open() -> None:
    stored = sealed(THREE_CHUNKS)
    ends = [HEAD, HEAD + 1, HEAD + CHUNK + TAG, HEAD + 2 * (CHUNK + TAG), len(stored) - 1]
    for end in ends:
        with pytest.raises(BlobDamaged):
            opened(stored[:end])


def test_chunks_that_change_their_places_do_not_open() -> None:
    stored = sealed(THREE_CHUNKS)
    head, (first, second, last) = stored[:HEAD], chunks_of(stored)
    for mixed in ([second, first, last], [first, last], [first, first, last], [first, second] * 2):
        with pytest.raises(BlobDamaged):
            opened(head + b"".join(mixed))


def test_a_chunk_of_another_file_does_not_open() -> None:
    one, other = sealed(THREE_CHUNKS), sealed(THREE_CHUNKS)
    mixed = one[:HEAD] + b"".join([*chunks_of(one)[:2], chunks_of(other)[2]])
    with pytest.raises(BlobDamaged):
        opened(mixed)


def test_something_behind_the_end_is_noticed() -> None:
    with pytest.raises(BlobDamaged):
        opened(sealed(b"x") + b"y")


def test_a_file_under_the_name_of_another_does_not_open() -> None:
    with pytest.raises(BlobDamaged):
        opened(sealed(THREE_CHUNKS, SHA256), OTHER_SHA256)


@pytest.mark.parametrize("place", [8, 11, 12, 43, 44, 59, 60, 100, HEAD + CHUNK + 20, -1])
def test_a_changed_bit_is_noticed(place: int) -> None:
    stored = bytearray(sealed(THREE_CHUNKS))
    stored[place] ^= 1
    with pytest.raises(BlobDamaged):
        opened(bytes(stored))
