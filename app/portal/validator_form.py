"""The form of the validator as it comes in. Nothing of it is written to a disk."""

import codecs
import re
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from fastapi import Request
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from app.domain.errors import BodyTooLarge, BrokenBody
from app.web.file_names import clean_file_name

_OVERHEAD_BYTES: Final = 64 * 1024  # boundaries, headers and the small fields
_FIELDS: Final = 4
_DRAINED_BYTES: Final = 64 << 20
_PASTED_NAME: Final = "pasted.xml"
_DECLARED: Final = re.compile(r"""\s*<\?xml\s[^>]*?\bencoding\s*=\s*["']([A-Za-z][\w.-]*)["']""")


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidatorForm:
    """`content` is None when neither a file nor text was given; `pasted` is the text."""

    content: bytes | None
    file_name: str
    pasted: str
    attested: bool
    answer: str


async def validator_form(request: Request, *, max_bytes: int) -> ValidatorForm:
    """Return what was filled in.

    Raises: BodyTooLarge, BrokenBody. A body that is too large is read to its end first, within
    reason: a browser does not listen to an answer before it has sent all.
    """
    body = await _whole_body(request, max_bytes)
    async with _parsed(request, body) as form:
        pasted = _text(form, "pasted")
        content, name = await _uploaded(form) or _pasted_file(pasted)
        attested, answer = _text(form, "attested"), _text(form, "answer")
    if content is not None and len(content) > max_bytes:
        raise BodyTooLarge(max_bytes)
    return ValidatorForm(
        content=content,
        file_name=name,
        pasted=pasted,
        attested=attested == "yes",
        answer=answer,
    )


class _InMemory(MultiPartParser):
    """Starlette's parser, told to keep the file out of the folder for temporary files."""

    spool_max_size = 1 << 40


async def _whole_body(request: Request, limit: int) -> bytes:
    """Raises: BodyTooLarge, telling of `limit`, that of the case file."""
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= limit + _OVERHEAD_BYTES:
            chunks.append(chunk)
        elif size > _DRAINED_BYTES:
            break
    if size > limit + _OVERHEAD_BYTES:
        raise BodyTooLarge(limit)
    return b"".join(chunks)


@asynccontextmanager
async def _parsed(request: Request, body: bytes) -> AsyncIterator[FormData]:
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise BrokenBody("The form is sent as multipart/form-data.")

    async def stream() -> AsyncGenerator[bytes, None]:
        yield body

    parser = _InMemory(
        request.headers, stream(), max_files=1, max_fields=_FIELDS, max_part_size=len(body)
    )
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError, UnicodeError) as error:
        raise BrokenBody("The form is not well-formed.") from error
    try:
        yield form
    finally:
        await form.close()


async def _uploaded(form: FormData) -> tuple[bytes, str] | None:
    """An empty file without a name is what a browser sends when none was chosen."""
    file = form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        return None
    return await file.read(), clean_file_name(file.filename) or _PASTED_NAME


def _pasted_file(pasted: str) -> tuple[bytes | None, str]:
    return (_as_declared(pasted) if pasted.strip() else None), _PASTED_NAME


def _as_declared(pasted: str) -> bytes:
    """A browser sends text as UTF-8, whatever the first line of the text says it is."""
    declared = _DECLARED.match(pasted)
    try:
        encoding = codecs.lookup(declared[1]).name if declared else "utf-8"
        return pasted.encode(encoding, "xmlcharrefreplace")
    except (LookupError, UnicodeError):
        return pasted.encode()


def _text(form: FormData, name: str) -> str:
    value = form.get(name)
    return value if isinstance(value, str) else ""
