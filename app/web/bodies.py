"""The case file in a request, piece by piece: never whole in memory, never more than the limit.

A sender may put it straight into the body or into a form, and compress the body either way:

    body -> uncompressed (gzip, zstd) -> the part `file` of a form -> chunks

Every arrow is bounded: what comes over the wire, what one piece inflates to, and the sum.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from python_multipart.multipart import parse_options_header
from starlette.requests import Request

from app.domain.errors import BodyTooLarge, UnsupportedMediaType
from app.web.encodings import decoder_for
from app.web.file_names import attachment_name
from app.web.forms import only_file_of

_XML_TYPES = frozenset({"application/xml", "text/xml", "application/octet-stream"})
_FORM_TYPE = "multipart/form-data"
_FORM_OVERHEAD_BYTES = 64 * 1024  # room for the boundaries and headers of a form with one file


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingBody:
    """A case file on its way in.

    `file_name` is the sender's name for it, without folders, or None. `chunks` can be read once;
    none is empty. It raises BodyTooLarge or BrokenBody, perhaps at the very end: nothing counts as
    received before that.
    """

    file_name: str | None
    chunks: AsyncIterator[bytes]


async def incoming_case_file(request: Request, *, max_bytes: int) -> IncomingBody:
    """Return the case file of `request`, of at most `max_bytes` once uncompressed.

    Raises: UnsupportedMediaType, UnsupportedEncoding, and BodyTooLarge for a Content-Length above
    the limit, all before anything is read; then for a form, read as far as its file begins,
    BodyTooLarge and BrokenBody.
    """
    content_type, parameters = parse_options_header(request.headers.get("content-type"))
    media_type = content_type.decode("latin-1")
    if media_type in _XML_TYPES:
        return IncomingBody(
            file_name=attachment_name(request.headers.get("content-disposition")),
            chunks=_uncompressed(request, at_most=max_bytes, limit=max_bytes),
        )
    if media_type == _FORM_TYPE:
        form = _uncompressed(request, at_most=max_bytes + _FORM_OVERHEAD_BYTES, limit=max_bytes)
        name, content = await only_file_of(form, parameters.get(b"boundary", b""))
        chunks = _limited(content, at_most=max_bytes, limit=max_bytes)
        return IncomingBody(file_name=name, chunks=chunks)
    raise UnsupportedMediaType(
        "Send a case file as application/xml, or as multipart/form-data with one part `file`."
    )


def _uncompressed(request: Request, *, at_most: int, limit: int) -> AsyncIterator[bytes]:
    """Bound both ends: a stream can go on for ever and inflate to nothing."""
    decode = decoder_for(",".join(request.headers.getlist("content-encoding")))
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > at_most:
        raise BodyTooLarge(limit)
    wire = _limited(request.stream(), at_most=at_most, limit=limit)
    return _limited(decode(wire), at_most=at_most, limit=limit)


async def _limited(
    chunks: AsyncIterator[bytes], *, at_most: int, limit: int
) -> AsyncIterator[bytes]:
    """Pass on up to `at_most` bytes; the sender is told of `limit`, that of the case file."""
    seen = 0
    async for chunk in chunks:
        seen += len(chunk)
        if seen > at_most:
            raise BodyTooLarge(limit)
        if chunk:
            yield chunk
