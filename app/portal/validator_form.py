"""The form of the validator as it comes in. Nothing of it is written to a disk."""

import re
from dataclasses import dataclass
from typing import Final

from fastapi import Request

from app.domain.errors.requests import BodyTooLarge
from app.portal.form_fields import Field, fields_of
from app.web.file_names import clean_file_name
from app.web.unpacking import unpacked_file
from app.xsd.encoding import HEAD_BYTES, EncodingRefused, encoding_of

_OVERHEAD_BYTES: Final = 64 * 1024  # boundaries, headers and the small fields
_FIELDS: Final = 4
_DRAINED_BYTES: Final = 64 << 20
_PASTED_NAME: Final = "pasted.xml"
_NOT_SENT: Final = Field(b"", None)
_SAYS_UTF_16: Final = re.compile(
    r"""<\?xml\s[^>]*?\bencoding\s*=\s*["']UTF-16(?:LE|BE)?["']""", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SentForm:
    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidatorForm:
    """`content` is None when neither a file nor text was given; `pasted` is the text."""

    content: bytes | None
    file_name: str
    pasted: str
    attested: bool
    answer: str


async def sent_form(request: Request, *, max_bytes: int) -> SentForm:
    """Return the form as it was sent, not looked into.

    Raises: BodyTooLarge, telling of `max_bytes`, the limit of the case file. The body is read to
    its end first, within reason: a browser does not listen to an answer before it has sent all.
    """
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= max_bytes + _OVERHEAD_BYTES:
            chunks.append(chunk)
        elif size > _DRAINED_BYTES:
            break
    if size > max_bytes + _OVERHEAD_BYTES:
        raise BodyTooLarge(max_bytes)
    return SentForm(
        content_type=request.headers.get("content-type", ""),
        body=b"".join(chunks),
    )


def validator_form(sent: SentForm, *, max_bytes: int) -> ValidatorForm:
    """Return what was filled in, a compressed file uncompressed.

    Raises: BodyTooLarge, ImplausibleCompression, BrokenBody.
    """
    fields = fields_of(sent.body, sent.content_type, at_most=_FIELDS)
    pasted = _text(fields, "pasted")
    content, name = _uploaded(fields, max_bytes) or _pasted_file(pasted)
    if content is not None and len(content) > max_bytes:
        raise BodyTooLarge(max_bytes)
    return ValidatorForm(
        content=content,
        file_name=name,
        pasted=pasted,
        attested=_text(fields, "attested") == "yes",
        answer=_text(fields, "answer"),
    )


def _text(fields: dict[str, Field], name: str) -> str:
    return fields.get(name, _NOT_SENT).text


def _uploaded(fields: dict[str, Field], max_bytes: int) -> tuple[bytes, str] | None:
    """An empty file without a name is what a browser sends when none was chosen."""
    file = fields.get("file", _NOT_SENT)
    if not file.file_name:
        return None
    content = unpacked_file(file.content, max_bytes=max_bytes)
    return content, clean_file_name(file.file_name) or _PASTED_NAME


def _pasted_file(pasted: str) -> tuple[bytes | None, str]:
    return (_as_declared(pasted) if pasted.strip() else None), _PASTED_NAME


def _as_declared(pasted: str) -> bytes:
    """A browser sends text as UTF-8, whatever the first line of the text says it is."""
    return pasted.encode(_declared_encoding(pasted[:HEAD_BYTES].lstrip()), "xmlcharrefreplace")


def _declared_encoding(head: str) -> str:
    """Only what the registry reads: for others UTF-8, and the check tells of the declaration."""
    if _SAYS_UTF_16.match(head):
        return "utf-16"
    try:
        encoding, _ = encoding_of(head.encode())
    except EncodingRefused:
        return "utf-8"
    return encoding
