"""Where elements stand in a case file that may be anything but well-formed.

Findings name a line. In a file written as one line that is not enough to show the fault, so the
element is looked for by its path.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

# As far as the next "<" at most, and nothing taken is given back: linear in whatever is sent.
_TAG: Final = re.compile(
    r"<(?P<close>/?)(?P<name>[^\s<>/!?]++)[^<>]*+>"
    r"|<(?P<other>!--|!\[CDATA\[|\?)"
)
_ENDS: Final = {"!--": "-->", "![CDATA[": "]]>", "?": "?>"}
_STEP: Final = re.compile(r"(?:[^\[\]/:]*:)?([^\[\]/:]+)(?:\[(\d+)\])?")

_Step = tuple[str, int]


@dataclass(slots=True)
class _Wanted:
    """A step of the paths that are looked for. `seen` counts the children of its element."""

    steps: dict[_Step, "_Wanted"] = field(default_factory=dict)
    seen: Counter[str] = field(default_factory=Counter)
    offset: int | None = None


def element_places(text: str, paths: Iterable[str]) -> dict[str, int]:
    """Return where the element of each path begins, as an offset into `text`.

    For an element that is not there it is where the nearest one above it begins, and without any
    the path is left out.
    """
    wanted = list(paths)
    root = _Wanted()
    for path in wanted:
        _add(root, _steps(path))
    _search(text, root)
    places = {path: _offset(root, _steps(path)) for path in wanted}
    return {path: offset for path, offset in places.items() if offset is not None}


def _steps(path: str) -> list[_Step]:
    return [(match[1], int(match[2] or 1)) for match in _STEP.finditer(path)]


def _add(root: _Wanted, steps: list[_Step]) -> None:
    for step in steps:
        root = root.steps.setdefault(step, _Wanted())


def _offset(root: _Wanted, steps: list[_Step]) -> int | None:
    found = None
    for step in steps:
        root = root.steps[step]
        if root.offset is None:
            return found
        found = root.offset
    return found


def _search(text: str, root: _Wanted) -> None:
    open_elements: list[_Wanted | None] = [root]
    position = 0
    while match := _TAG.search(text, position):
        position = match.end()
        if match["other"]:
            end = text.find(_ENDS[match["other"]], position)
            if end < 0:
                return
            position = end
        elif match["close"]:
            if len(open_elements) > 1:
                open_elements.pop()
        else:
            element = _opened(open_elements[-1], match["name"], match.start())
            if text[position - 2] != "/":
                open_elements.append(element)


def _opened(parent: _Wanted | None, name: str, offset: int) -> _Wanted | None:
    if parent is None or not parent.steps:
        return None
    local = name.rpartition(":")[2]
    parent.seen[local] += 1
    element = parent.steps.get((local, parent.seen[local]))
    if element is not None and element.offset is None:
        element.offset = offset
    return element
