"""The name that a sender gives a file. It is shown again and never used as a path."""

from email.message import Message
from typing import cast
from urllib.parse import quote

_LONGEST = 255
_OTHER_CHARSET = "iso-8859-1"  # besides UTF-8. Source: RFC 5987, section 3.2

# The standard library gives `filename*` as (charset, language, value); its types leave that out.
_Parameters = list[tuple[str, str | tuple[str | None, str | None, str]]]


def clean_file_name(text: str) -> str | None:
    """Return the last part of `text` as a name that is safe to show, None if nothing is left.

    Windows paths are cut too: some senders give the whole path. What does not print is dropped,
    which includes the marks that turn the direction of text around.
    """
    last = text.replace("\\", "/").rpartition("/")[2]
    name = "".join(character for character in last if character.isprintable()).strip()
    return name[:_LONGEST] if name.strip(".") else None


def attachment_name(content_disposition: str | None) -> str | None:
    """Return the file name of a Content-Disposition header.

    `filename*` is preferred to `filename`. Source: RFC 6266, section 4.3.
    """
    if content_disposition is None:
        return None
    message = Message()
    message["Content-Disposition"] = content_disposition
    found = cast(_Parameters, message.get_params(failobj=[], header="content-disposition"))
    values = [value for parameter, value in found if parameter.lower() == "filename"]
    extended = [_decoded(value[2], value[0]) for value in values if isinstance(value, tuple)]
    plain = [_decoded(value, None) for value in values if isinstance(value, str)]
    return next(filter(None, map(clean_file_name, extended + plain)), None)


def attachment_header(name: str) -> str:
    """Return a Content-Disposition that saves under `name`. Source: RFC 6266, section 4."""
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\' else "_" for c in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _decoded(value: str, charset: str | None) -> str:
    """Header values arrive as ISO 8859-1, one character for each byte that was sent.

    Of what a sender may name as `charset` no other is looked up: Python has codecs that take a
    time which is no longer in proportion to the text.
    """
    sent = value.encode("latin-1", "replace")
    is_latin = charset is not None and charset.lower() == _OTHER_CHARSET
    return sent.decode(_OTHER_CHARSET if is_latin else "utf-8", "replace")
