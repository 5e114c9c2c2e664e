"""Stored records, decoded again."""

from app.checking.decode import decode_case, without_comments
from app.domain.cases import AnesthesiaCase
from app.xsd.malformed import Malformed
from app.xsd.parsing import PieceParser, holds_comments


class Unreadable(Exception):
    """A stored record is no longer one that this release can read."""


def decode_stored(record: bytes, parser: PieceParser) -> AnesthesiaCase:
    """Raises: Unreadable, and what a changed byte breaks in libxml2 or in a value."""
    element = parser.parse(record)
    if isinstance(element, Malformed):
        raise Unreadable
    if holds_comments(record):
        without_comments(element)
    return decode_case(element)
