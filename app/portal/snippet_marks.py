"""Texts of the catalogue of findings in parts, so that a page can mark some of them."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Final, NamedTuple

_WORD: Final = re.compile(r"</?[\w:]+/?>|[\w.]+|\s+|.", re.DOTALL)


_BETWEEN_ELEMENTS: Final = re.compile(r"(</[^<>]+>|/>)(?=<[^/])")
_PLACE: Final = re.compile(r"\{(\w+)[^{}]*\}")


class Marked(NamedTuple):
    text: str
    differs: bool


def spread_out(snippet: str) -> str:
    """Return `snippet` with each element that follows another on a line of its own."""
    return _BETWEEN_ELEMENTS.sub(r"\1\n", snippet)


def template_parts(template: str) -> list[Marked]:
    """Return the parts of a message; those marked are filled in by the finding."""
    parts = _PLACE.split(template)
    return [Marked(text, place % 2 == 1) for place, text in enumerate(parts) if text]


def marked_pair(bad: str, good: str) -> tuple[list[Marked], list[Marked]]:
    """Return both examples in parts, those marked that the other one does not have."""
    bad_words, good_words = _WORD.findall(bad), _WORD.findall(good)
    matcher = SequenceMatcher(None, bad_words, good_words, autojunk=False)
    bad_parts: list[Marked] = []
    good_parts: list[Marked] = []
    for tag, bad_from, bad_to, good_from, good_to in matcher.get_opcodes():
        bad_parts += _part(bad_words[bad_from:bad_to], differs=tag != "equal")
        good_parts += _part(good_words[good_from:good_to], differs=tag != "equal")
    return bad_parts, good_parts


def _part(words: list[str], *, differs: bool) -> Iterator[Marked]:
    if words:
        yield Marked("".join(words), differs)
