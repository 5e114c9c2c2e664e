"""Which parts of a record to look at: those that libxml2 refused, and those that it did not reach.

Behind a fault in the structure of an element libxml2 skips what else the element holds; all other
faults it reports. So below an element whose structure is in order its word can be taken.
"""

import re
from collections.abc import Iterable
from typing import Final, Protocol

from lxml import etree

from app.xsd.place import nth_child

_STEP: Final = re.compile(r"([^/:*\[\]]+)(?:\[(\d+)\])?")
_VALUE_FAULTS: Final = (
    "SCHEMAV_CVC_DATATYPE_VALID",
    "SCHEMAV_CVC_ENUMERATION_VALID",
    "SCHEMAV_CVC_PATTERN_VALID",
    "SCHEMAV_CVC_MINLENGTH_VALID",
)
_OTHER_FAULTS: Final = ("SCHEMAV_CVC_", "SCHEMAV_ELEMENT_CONTENT")


class LogEntry(Protocol):
    @property
    def type_name(self) -> str: ...
    @property
    def path(self) -> str | None: ...


class Suspicion:
    """Elements that libxml2 refused, with all around them."""

    def __init__(self, root: etree._Element) -> None:
        self._root = root
        self._found: dict[str, etree._Element | None] = {}
        self._on: set[etree._Element] = set()
        self._refused: set[etree._Element] = set()

    @classmethod
    def of(cls, root: etree._Element, log: Iterable[LogEntry]) -> "Suspicion | None":
        """Return what `log` says of `root`, or None where it is no guide."""
        suspicion = cls(root)
        for entry in log:
            if entry.path is None or not entry.type_name.startswith(_OTHER_FAULTS):
                return None
            element = suspicion._at(entry.path)
            if element is not None and entry.type_name.startswith(_VALUE_FAULTS):
                suspicion._refused.add(element)
        return suspicion

    def is_on(self, element: etree._Element) -> bool:
        return element in self._on

    def is_refused_value(self, element: etree._Element) -> bool:
        return element in self._refused

    def _at(self, path: str) -> etree._Element | None:
        """The element at `path`, as libxml2 writes it; what is on the way comes under suspicion.

        None of one in a namespace: it is a fault of the element that holds it.
        """
        if path not in self._found:
            self._found[path] = found = self._below(path)
            if found is not None:
                self._on.add(found)
        return self._found[path]

    def _below(self, path: str) -> etree._Element | None:
        parent_path, _, last = path.rpartition("/")
        if not parent_path:
            return self._root
        parent, step = self._at(parent_path), _STEP.fullmatch(last)
        if parent is None or step is None:
            return None
        return nth_child(parent, step.group(1), int(step.group(2) or 1))
