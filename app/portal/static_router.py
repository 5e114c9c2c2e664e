"""The style sheets, the scripts and the icon of the pages."""

import gzip
from functools import cache
from typing import Final

from fastapi import APIRouter, HTTPException, Request, Response

from app.portal.pages import static_files
from app.portal.service import Document, document_of
from app.web.documents import document_response

_MEDIA_TYPES: Final = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}

router = APIRouter(include_in_schema=False)


@router.head("/static/{name}")
@router.get("/static/{name}")
def static_file(request: Request, name: str) -> Response:
    path = static_files().get(name)
    if path is None or path.suffix not in _MEDIA_TYPES:
        raise HTTPException(404)
    is_compressed = "gzip" in request.headers.get("accept-encoding", "")
    file = _file(name, is_compressed=is_compressed)
    answer = document_response(
        request, file.content, tag=file.tag, media_type=_MEDIA_TYPES[path.suffix]
    )
    answer.headers["Vary"] = "Accept-Encoding"
    if is_compressed and answer.body:
        answer.headers["Content-Encoding"] = "gzip"
    return answer


@cache
def _file(name: str, *, is_compressed: bool) -> Document:
    """Kept: the library of the charts is a megabyte, and a third of that compressed."""
    content = static_files()[name].read_bytes()
    return document_of(gzip.compress(content, mtime=0) if is_compressed else content)
