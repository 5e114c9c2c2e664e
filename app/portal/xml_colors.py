"""The parts of a line of XML, so that a page can color them."""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Final, NamedTuple


class Part(StrEnum):
    """`TEXT` is what stands between tags."""

    TAG = "tag"
    ATTRIBUTES = "attributes"
    COMMENT = "comment"
    TEXT = "text"


class Colored(NamedTuple):
    part: Part
    text: str


# Nothing is given back once taken (++, *+): the time stays linear in whatever is sent.
_TOKEN: Final = re.compile(
    r"(?P<comment><!--(?:(?!-->).)*+(?:-->)?|<[?!][^<>]*+>?)"
    r"|(?P<name></?[^\s<>/!?]++)(?P<attributes>[^<>]*+)(?P<end>>?)",
    re.DOTALL,
)


def colored(line: str) -> list[Colored]:
    """Return the parts of one line, in order; their texts together are the line."""
    return [part for part in _parts(line) if part.text]


def _parts(line: str) -> Iterator[Colored]:
    done = 0
    for match in _TOKEN.finditer(line):
        yield Colored(Part.TEXT, line[done : match.start()])
        done = match.end()
        if match["comment"]:
            yield Colored(Part.COMMENT, match["comment"])
        else:
            yield from _tag(match["name"], match["attributes"], match["end"])
    yield Colored(Part.TEXT, line[done:])


def _tag(name: str, attributes: str, end: str) -> Iterator[Colored]:
    """One part for a tag without attributes, which nearly all tags of a case file are."""
    if not attributes.strip(" /"):
        yield Colored(Part.TAG, name + attributes + end)
        return
    yield Colored(Part.TAG, name)
    yield Colored(Part.ATTRIBUTES, attributes)
    yield Colored(Part.TAG, end)
