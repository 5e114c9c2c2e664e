"""The forms of pages that send a file along."""

from collections.abc import AsyncGenerator, Mapping
from typing import Final

from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

_MOST_FIELDS: Final = 10


async def read_upload(headers: Headers, body: bytes) -> tuple[Mapping[str, str], bytes | None]:
    """Return the fields and the content of the one file; of what is no such form, nothing."""
    parser = MultiPartParser(headers, _at_once(body), max_files=1, max_fields=_MOST_FIELDS)
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError):
        return {}, None
    values = form.multi_items()
    fields = {name: value for name, value in values if isinstance(value, str)}
    contents = [await each.read() for _, each in values if isinstance(each, UploadFile)]
    await form.close()
    return fields, next(iter(contents), None)


async def _at_once(body: bytes) -> AsyncGenerator[bytes, None]:
    yield body
