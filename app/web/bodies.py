"""The case file in a request, piece by piece: never whole in memory, never more than the limit.

A sender may put it straight into the body or into a form, and compress the body or the file:

    body -> as its Content-Encoding says -> the part `file` of a form -> uncompressed -> chunks

Every arrow is bounded: what comes over the wire, what one piece inflates to, the sum, and how many
times as large it becomes.
"""

from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass, field

from python_multipart.multipart import parse_options_header
from starlette.requests import Request

from app.domain.errors.requests import BodyTooLarge, UnsupportedMediaType
from app.web.encodings import DecoderByMagic, decoder_for
from app.web.file_names import attachment_name
from app.web.forms import FormWithFile, form_with_file
from app.web.unpacking import unpacked

# Which of them it is does not matter: the first bytes tell whether the file is compressed.
_FILE_TYPES = frozenset(
    {
        *("application/xml", "text/xml", "application/octet-stream"),
        *("application/gzip", "application/x-gzip", "application/zstd"),
    }
)
_FORM_TYPE = "multipart/form-data"
_BEFORE_XML = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"  # byte order marks, UTF-16 and blanks
_TELLING_BYTES = 1024  # so far may blanks go on
_FORM_OVERHEAD_BYTES = 64 * 1024  # room for the boundaries and headers of a form with one file


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingBody:
    """A case file on its way in.

    `file_name` is the sender's name for it, without folders, or None. `chunks` can be read once;
    none is empty. It raises BodyTooLarge, ImplausibleCompression, WrongForm or BrokenBody, perhaps
    at the very end: nothing counts as received before that. `fields` stood before it in a form.
    """

    file_name: str | None
    chunks: AsyncIterator[bytes]
    fields: Mapping[str, str] = field(default_factory=dict)


async def incoming_case_file(
    request: Request, *, max_bytes: int, fields: Collection[str] = ()
) -> IncomingBody:
    """Return the case file of `request`, of at most `max_bytes` once uncompressed.

    `fields` are those of a form that may stand before the file. What comes without a Content-Type
    is a case file if it begins as XML. Source: RFC 9110, section 8.3.
    Raises: UnsupportedMediaType, UnsupportedEncoding, and BodyTooLarge for a Content-Length above
    the limit, all before anything is read; then for a form, read as far as its file begins, and
    for what has no Content-Type, read as far as it can be told, what its `chunks` raise.
    """
    content_type, parameters = parse_options_header(request.headers.get("content-type"))
    media_type = content_type.decode("latin-1")
    if media_type in _FILE_TYPES or not media_type:
        name = attachment_name(request.headers.get("content-disposition"))
        content = _decoded(request, at_most=max_bytes, limit=max_bytes)
        form = FormWithFile(file_name=name, chunks=content)
    elif media_type == _FORM_TYPE:
        body = _decoded(request, at_most=max_bytes + _FORM_OVERHEAD_BYTES, limit=max_bytes)
        form = await form_with_file(body, parameters.get(b"boundary", b""), fields=fields)
    else:
        raise _other_type()
    chunks = unpacked(form.chunks, DecoderByMagic(), at_most=max_bytes, limit=max_bytes)
    if not media_type:
        chunks = await _that_begin_as_xml(chunks)
    return IncomingBody(file_name=form.file_name, chunks=chunks, fields=form.fields)


def _other_type() -> UnsupportedMediaType:
    return UnsupportedMediaType(
        "Send a case file as application/xml, as application/gzip, or as multipart/form-data"
        " with one part `file`. Content-Encoding can be gzip or zstd."
    )


async def _that_begin_as_xml(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Raises: UnsupportedMediaType, and what `chunks` raise."""
    begin = b""
    async for chunk in chunks:
        begin += chunk
        if begin.lstrip(_BEFORE_XML) or len(begin) >= _TELLING_BYTES:
            break
    if not begin[:_TELLING_BYTES].lstrip(_BEFORE_XML).startswith(b"<"):
        raise _other_type()
    return _after(begin, chunks)


async def _after(begin: bytes, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield begin
    async for chunk in chunks:
        yield chunk


def _decoded(request: Request, *, at_most: int, limit: int) -> AsyncIterator[bytes]:
    """Bound both ends: a stream can go on for ever and inflate to nothing."""
    decoder = decoder_for(",".join(request.headers.getlist("content-encoding")))
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > at_most:
        raise BodyTooLarge(limit)
    wire = _limited(request.stream(), at_most=at_most, limit=limit)
    return unpacked(wire, decoder, at_most=at_most, limit=limit)


async def _limited(
    chunks: AsyncIterator[bytes], *, at_most: int, limit: int
) -> AsyncIterator[bytes]:
    """Pass on up to `at_most` bytes; the sender is told of `limit`, that of the case file."""
    seen = 0
    async for chunk in chunks:
        seen += len(chunk)
        if seen > at_most:
            raise BodyTooLarge(limit)
        yield chunk
