"""The style sheet, the scripts and the icon of the pages."""

from typing import Final

from fastapi import APIRouter, HTTPException, Request, Response

from app.portal.pages import STATIC
from app.portal.service import document_of
from app.web.documents import document_response

_MEDIA_TYPES: Final = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_FILES: Final = {path.name: path for path in STATIC.iterdir() if path.suffix in _MEDIA_TYPES}

router = APIRouter(include_in_schema=False)


@router.get("/static/{name}")
def static_file(request: Request, name: str) -> Response:
    path = _FILES.get(name)
    if path is None:
        raise HTTPException(404)
    file = document_of(path.read_bytes())
    return document_response(
        request, file.content, tag=file.tag, media_type=_MEDIA_TYPES[path.suffix]
    )
