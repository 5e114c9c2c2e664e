"""Versions of entries in HTTP: told as ETag, asked back as If-Match."""

import re
from typing import Annotated, Final

from fastapi import Depends, Header, Response

from app.domain.errors.requests import ChangedMeanwhile, PreconditionMissing

_ETAG: Final = re.compile(r'(?:W/)?"(\d{1,9})"', re.ASCII)


def tell_version(response: Response, version: int) -> None:
    response.headers["ETag"] = f'"{version}"'


def _seen_version(
    if_match: Annotated[
        str | None, Header(description='The ETag of the entry as you read it, such as `"3"`.')
    ] = None,
) -> int:
    """Source: RFC 9110, section 13.1.1. A proxy that compresses makes the tag weak."""
    if if_match is None:
        raise PreconditionMissing("Send If-Match with the ETag of the entry as you read it.")
    written = _ETAG.fullmatch(if_match.strip())
    if not written:
        raise ChangedMeanwhile("If-Match is not the ETag of any version of it.")
    return int(written[1])


def _first_or_seen_version(
    if_match: Annotated[
        str | None, Header(description="The ETag as you read it; absent if there was none yet.")
    ] = None,
) -> int | None:
    return None if if_match is None else _seen_version(if_match)


SeenVersion = Annotated[int, Depends(_seen_version)]
FirstOrSeenVersion = Annotated[int | None, Depends(_first_or_seen_version)]
