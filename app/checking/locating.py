"""Where in the file a part of a record stands. Asked only when there is something to say of it."""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from lxml import etree

from app.xsd.model import ElementModel
from app.xsd.parsing import exact_lines, line_in_piece
from app.xsd.place import nth_child
from app.xsd.reads import RecordRead

_STEP: Final = re.compile(r"([^/\[\]]+)(?:\[(\d+)\])?")


class Location(NamedTuple):
    """`path` is an XPath from the root, with a position on every element that may repeat.

    `missing` is the name of what was looked for there and is not there.
    """

    path: str
    line: int
    missing: str | None = None


class RecordMap:
    """`record` is well-formed; `model` is that of the record in its version."""

    def __init__(self, record: RecordRead, model: ElementModel) -> None:
        assert record.element is not None, "only what was parsed has places"
        self._record = record
        self._element = record.element
        self._model = model
        self._lines: Mapping[etree._Element, int] | None = exact_lines(record.data, self._element)

    def find(self, path: str) -> Location:
        """Return the place of `path`, which begins below the record, as in "PreOp/Age".

        Of something missing it is the place of the nearest parent that is there.
        """
        element, model, found = self._element, self._model, self._record.path
        missing = None
        for name, position in _STEP.findall(path):
            number = int(position or 1)
            child = nth_child(element, name, number)
            declared = model.child(name)
            if child is None or declared is None:
                missing = name
                break
            element, model = child, declared
            found += f"/{name}[{number}]" if declared.repeats or number > 1 else f"/{name}"
        line = self._record.line + line_in_piece(element, self._lines) - 1
        return Location(found, line, missing)
