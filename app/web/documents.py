"""Answers that a client may keep and ask about again: ETag and If-None-Match."""

from typing import Final

from fastapi import Request, Response

_CACHE: Final = "public, max-age=3600"


def document_response(request: Request, content: bytes, *, tag: str, media_type: str) -> Response:
    """Return `content`, or 304 when the client has it. Source: RFC 9110, section 13.1.2."""
    etag = f'"{tag}"'
    headers = {"ETag": etag, "Cache-Control": _CACHE}
    if _has_it(request.headers.get("if-none-match", ""), etag):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=media_type, headers=headers)


def _has_it(if_none_match: str, etag: str) -> bool:
    """The comparison is the weak one: a proxy that compresses makes the tag weak."""
    held = {each.strip().removeprefix("W/") for each in if_none_match.split(",")}
    return "*" in held or etag in held
