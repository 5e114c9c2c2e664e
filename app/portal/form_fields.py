"""The fields of a form (multipart/form-data), all in memory: nothing of it goes to a disk."""

from typing import Final, NamedTuple

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from app.domain.errors.requests import BrokenBody

_FORM_TYPE: Final = b"multipart/form-data"
_NOT_WELL_FORMED: Final = "The form is not well-formed."


class Field(NamedTuple):
    """`file_name` is as the sender has it, and None for what is no file."""

    content: bytes
    file_name: str | None

    @property
    def text(self) -> str:
        """Pages are UTF-8, and browsers send a form in the encoding of its page."""
        return self.content.decode("utf-8", "replace")


def fields_of(body: bytes, content_type: str, *, at_most: int) -> dict[str, Field]:
    """Return the fields by their names; of two with one name the last. Raises: BrokenBody."""
    media_type, parameters = parse_options_header(content_type)
    if media_type != _FORM_TYPE:
        raise BrokenBody("The form is sent as multipart/form-data.")
    form = _Form(at_most)
    try:
        form.read(body, parameters.get(b"boundary", b""))
    except FormParserError as error:
        raise BrokenBody(_NOT_WELL_FORMED) from error
    return form.fields


class _Form:
    """Gathers what the parser finds."""

    def __init__(self, at_most: int) -> None:
        self.fields: dict[str, Field] = {}
        self._left = at_most
        self._header = self._value = self._disposition = b""
        self._content: list[bytes] = []

    def read(self, body: bytes, boundary: bytes) -> None:
        """Raises: BrokenBody, FormParserError."""
        parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin_part,
                "on_header_field": self._extend_header,
                "on_header_value": self._extend_value,
                "on_header_end": self._end_header,
                "on_part_data": self._extend_content,
                "on_part_end": self._end_part,
            },
        )
        parser.write(body)
        parser.finalize()

    def _begin_part(self) -> None:
        if self._left == 0:
            raise BrokenBody("The form has more fields than that of the validator.")
        self._left -= 1
        self._disposition = b""
        self._content = []

    def _extend_header(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _extend_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _end_header(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._disposition = self._value
        self._header = self._value = b""

    def _extend_content(self, data: bytes, start: int, end: int) -> None:
        self._content.append(data[start:end])

    def _end_part(self) -> None:
        _, parameters = parse_options_header(self._disposition)
        if b"name" not in parameters:
            raise BrokenBody(_NOT_WELL_FORMED)
        name = parameters.get(b"filename")
        self.fields[parameters[b"name"].decode("utf-8", "replace")] = Field(
            content=b"".join(self._content),
            file_name=None if name is None else name.decode("utf-8", "replace"),
        )
