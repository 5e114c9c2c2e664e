"""Which other format a file is in that is not XML, by how it begins."""

import re
from typing import Final

HEAD_BYTES: Final = 512
"""How much of the file is looked at."""

HTML: Final = "an HTML page (perhaps that of a login or an error)"

_BY_BEGINNING: Final = (
    (re.compile(rb"%PDF"), "a PDF document"),
    (re.compile(rb"PK\x03\x04"), "a ZIP archive or an Office document"),
    (re.compile(rb"\x1f\x8b"), "a gzip archive"),
    (re.compile(rb"\xd0\xcf\x11\xe0"), "an Office document"),
    (re.compile(rb"\s*MSH\|"), "an HL7 v2 message"),
    (re.compile(rb"\s*ISA[*|~^]"), "an X12 interchange"),
    (re.compile(rb"\s*<(!DOCTYPE\s+)?html\b", re.IGNORECASE), HTML),
    (re.compile(rb"""\s*(\{\s*["}]|\[\s*[\[\]{"])"""), "JSON"),
    # At least two lines of at least three columns, or one line with its end.
    (
        re.compile(rb"[^<\r\n,;\t|]*([,;\t|])[^<\r\n]*\1[^<\r\n]*\r?\n[^<]*\Z"),
        "a table such as CSV",
    ),
)


def other_format(head: bytes) -> str | None:
    """Return what a file that begins with `head` is, as in "The file is ...", if it can be seen."""
    return next((name for form, name in _BY_BEGINNING if form.match(head)), None)
