"""Why a piece is not well-formed XML, in words for people and without its content.

libxml2 knows the reason better where the text of the piece is at fault, expat knows the place.
"""

import re
from typing import Final, NamedTuple
from xml.parsers import expat

from lxml import etree

UNSPECIFIC: Final = "it is nested too deeply, too large, or its tags are not well-formed"
UNCLOSED: Final = "its end tag is missing before the next record begins"
TOO_DEEP: Final = "it is nested too deeply"
NO_END: Final = "its end cannot be found"
LONG_ROOT: Final = "the tag of its root is longer than 4 KiB"
NO_ELEMENT: Final = "there is no element in the first 16 MiB"

_AMPERSAND: Final = "an & stands in a text: write &amp;"
_LESS_THAN: Final = "a < stands in a text: write &lt;"
_ENTITY: Final = "it uses an entity that XML does not know: write the character itself"
_TAG: Final = "a tag is written in a way that XML does not allow"
_CHARACTER: Final = "it holds a character that XML does not allow"

_OF_LIBXML2: Final = {
    "NS_ERR_UNDEFINED_NAMESPACE": "it uses a namespace prefix that is not declared",
    "ERR_INVALID_CHAR": _CHARACTER,
    "ERR_INVALID_ENCODING": "it holds bytes that are not in the declared encoding",
    "ERR_UNDECLARED_ENTITY": _ENTITY,
    "ERR_HYPHEN_IN_COMMENT": "two hyphens stand inside a comment",
    "ERR_MISPLACED_CDATA_END": "]]> stands in a text: write ]]&gt;",
    "ERR_LT_IN_ATTRIBUTE": _LESS_THAN,
}
_OF_EXPAT: Final = {
    expat.errors.codes[message]: words
    for message, words in (
        (expat.errors.XML_ERROR_DUPLICATE_ATTRIBUTE, "an attribute stands twice in a tag"),
        (expat.errors.XML_ERROR_UNDEFINED_ENTITY, _ENTITY),
        (expat.errors.XML_ERROR_BAD_CHAR_REF, _CHARACTER),
        (expat.errors.XML_ERROR_MISPLACED_XML_PI, "an XML declaration stands inside it"),
        (expat.errors.XML_ERROR_UNCLOSED_TOKEN, "a tag, comment or section in it has no end"),
        (expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION, "a CDATA section in it has no end"),
        (expat.errors.XML_ERROR_PARTIAL_CHAR, "it ends inside a character"),
        (expat.errors.XML_ERROR_NO_ELEMENTS, "no element stands in it"),
    )
}
TEXT_FIRST: Final = "text stands before its first tag"
DECLARATION_LATE: Final = (
    "<?xml must be the first characters of the file: remove the blank lines, or whatever else"
    " stands before it"
)
_MISPLACED_DECLARATION: Final = expat.errors.codes[expat.errors.XML_ERROR_MISPLACED_XML_PI]
_TAG_MISMATCH: Final = expat.errors.codes[expat.errors.XML_ERROR_TAG_MISMATCH]
CONTEXT_BYTES: Final = 64
_REFERENCE_BEGUN = re.compile(rb"&#?\w*$")


class Malformed(NamedTuple):
    """`line` counts from 1 at the beginning of the piece."""

    reason: str
    line: int


def as_libxml2_says(error: etree.XMLSyntaxError) -> Malformed:
    last = error.error_log.last_error
    if last is None:
        return Malformed(UNSPECIFIC, 1)
    return Malformed(_OF_LIBXML2.get(last.type_name, UNSPECIFIC), max(last.line, 1))


class Opened(NamedTuple):
    """An element that is open: the line of the file where it begins, and its name if known."""

    line: int
    name: str | None


def wrong_end_tag(opened: Opened | None, closed: str | None) -> str:
    """`closed` is the name in the end tag, if it is one of the schema: no other is repeated."""
    if opened is None:
        return "an end tag does not fit the element that is open"
    if closed and opened.name:
        return f"</{closed}> stands where </{opened.name}> is due, opened on line {opened.line}"
    end_tag = f"</{closed}>" if closed else "an end tag"
    element = f"<{opened.name}>" if opened.name else "the element"
    return f"{end_tag} does not fit {element} that was opened on line {opened.line}"


def is_wrong_end_tag(error: expat.ExpatError) -> bool:
    return error.code == _TAG_MISMATCH


def before_the_root(error: expat.ExpatError, before: bytes, head: bytes) -> str:
    """`head` is the beginning of the file."""
    if error.code == _MISPLACED_DECLARATION:
        return DECLARATION_LATE
    is_text = not head.lstrip(b" \t\r\n").startswith(b"<")
    return TEXT_FIRST if is_text else as_expat_says(error, before)


def as_expat_says(error: expat.ExpatError, before: bytes) -> str:
    """`before` are the last bytes before the fault, CONTEXT_BYTES at most."""
    if error.code in _OF_EXPAT:
        return _OF_EXPAT[error.code]
    if _REFERENCE_BEGUN.search(before):
        return _AMPERSAND
    return _LESS_THAN if before.endswith(b"<") else _TAG
