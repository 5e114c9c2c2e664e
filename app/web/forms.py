"""The one file of a form (multipart/form-data), piece by piece as it comes in."""

from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from app.domain.errors.requests import BrokenBody, WrongForm
from app.web.file_names import clean_file_name

_FILE: Final = "file"
_ONE_PART: Final = "The form must have exactly one part, named `file`."
_LONGEST_FIELD: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class FormWithFile:
    """`file_name` is that of the sender, or None; `chunks` are the file, to be read once."""

    file_name: str | None
    chunks: AsyncIterator[bytes]
    fields: Mapping[str, str] = field(default_factory=dict)


async def form_with_file(
    body: AsyncIterator[bytes], boundary: bytes, *, fields: Collection[str] = ()
) -> FormWithFile:
    """Return what stands in the form, having read up to the beginning of its file.

    `fields` may stand before the file; no other part may.
    Raises: WrongForm and BrokenBody, and again while the bytes are read: a second part comes after
    the first.
    """
    form = _OneFileForm(boundary, fields)
    async for chunk in body:
        form.feed(chunk)
        if form.file_found:
            return FormWithFile(
                file_name=form.file_name, chunks=_rest_of(form, body), fields=form.fields
            )
    if form.ended:
        raise WrongForm(f"{_ONE_PART} It has none.")
    raise BrokenBody("The form is cut off.")


async def _rest_of(form: "_OneFileForm", body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    for piece in form.take():
        yield piece
    async for chunk in body:
        form.feed(chunk)
        for piece in form.take():
            yield piece
    if not form.ended:
        raise BrokenBody("The form is cut off.")


class _OneFileForm:
    """What the parser calls back. Headers are bounded by the parser, `_data` by one chunk."""

    def __init__(self, boundary: bytes, fields: Collection[str]) -> None:
        self.file_found = False
        self.file_name: str | None = None
        self.fields: dict[str, str] = {}
        self.ended = False
        self._known_fields = fields
        self._field: str | None = None
        self._header = b""
        self._value = b""
        self._disposition = b""
        self._data: list[bytes] = []
        if not boundary:
            raise WrongForm("The Content-Type of the form names no boundary.")
        try:
            self._parser = MultipartParser(
                boundary,
                {
                    "on_header_field": self._extend_header,
                    "on_header_value": self._extend_value,
                    "on_header_end": self._end_header,
                    "on_headers_finished": self._begin_part,
                    "on_part_data": self._keep_data,
                    "on_end": self._end,
                },
            )
        except FormParserError as error:
            raise WrongForm("The boundary of the form is too long.") from error

    def feed(self, chunk: bytes) -> None:
        try:
            self._parser.write(chunk)
        except FormParserError as error:
            raise BrokenBody("The form is not well-formed.") from error

    def take(self) -> list[bytes]:
        taken, self._data = self._data, []
        return taken

    def _extend_header(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _extend_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _end_header(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._disposition = self._value
        self._header = self._value = b""

    def _begin_part(self) -> None:
        if self.file_found:
            raise WrongForm(f"{_ONE_PART} It has another one.")
        _, parameters = parse_options_header(self._disposition)
        name = parameters.get(b"name", b"").decode("utf-8", "replace")
        if name in self._known_fields and name not in self.fields:
            self._field = name
            self.fields[name] = ""
            return
        if name != _FILE:
            raise WrongForm(f"{_ONE_PART} The first one has another name, or none.")
        self._field = None
        self.file_found = True
        self.file_name = clean_file_name(
            parameters.get(b"filename", b"").decode("utf-8", "replace")
        )

    def _keep_data(self, data: bytes, start: int, end: int) -> None:
        if self._field is None:
            self._data.append(data[start:end])
            return
        self.fields[self._field] += data[start:end].decode("utf-8", "replace")
        if len(self.fields[self._field]) > _LONGEST_FIELD:
            raise WrongForm("A field before the file is too long.")

    def _end(self) -> None:
        self.ended = True
