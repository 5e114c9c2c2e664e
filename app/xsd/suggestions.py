"""What was probably meant: a name or value that differs a little from one that is declared."""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from app.xsd.parsing import XML_SPACE_TEXT

_LONGEST_COMPARED: Final = 200
_SHORTEST_BEGINNING: Final = 4
_LEAST_LIKENESS: Final = 0.8
# A file whose every value is another misspelling must not fill the memory.
_MOST_REMEMBERED: Final = 4096
_MOST_LISTS: Final = 512

_ASIDE = re.compile(r"\(([^()]+)\)")
_SHORT: Final = {"Male": "M", "Female": "F"}  # administrative sex in HL7
_ROMAN: Final = {"I": "1", "II": "2", "III": "3", "IV": "4", "V": "5", "VI": "6"}
_ASA_CLASS = re.compile(r"(I{1,3}|IV|VI?)(E?)")


class _Candidate(NamedTuple):
    """`plain` is `meant` without case and spacing, `letters` the set of its letters as bits."""

    plain: str
    meant: str
    letters: int


def closest(text: str, candidates: Iterable[str]) -> str | None:
    """The candidate that was probably meant: equal but for case and spacing, else similar."""
    return None if len(text) > _LONGEST_COMPARED else _closest(text, tuple(candidates))


def closest_code(text: str, allowed: Mapping[str, str]) -> str | None:
    """The code that was probably meant: similar to `text`, or with a meaning that is."""
    bare = text.strip(XML_SPACE_TEXT)
    return None if len(bare) > _LONGEST_COMPARED else _closest_code(bare, tuple(allowed.items()))


@lru_cache(_MOST_REMEMBERED)
def _closest_code(text: str, allowed: tuple[tuple[str, str], ...]) -> str | None:
    code = _closest(text, tuple(code for code, _ in allowed))
    if code is not None:
        return code
    by_meaning = _by_meaning(allowed)
    written = _plain(text)
    if written in by_meaning:
        return by_meaning[written]
    if len(written) < _SHORTEST_BEGINNING:
        return None
    meaning = _closest(text, tuple(by_meaning))
    return None if meaning is None else by_meaning[meaning]


@lru_cache(_MOST_REMEMBERED)
def _closest(text: str, candidates: tuple[str, ...]) -> str | None:
    known = _prepared(candidates)
    written = _plain(text)
    if written in known:
        return known[written].meant
    if not written or text.strip(XML_SPACE_TEXT).isdigit():
        return None
    return _most_like(written, known) or _only_one_begun(written, known)


@lru_cache(_MOST_LISTS)
def _prepared(candidates: tuple[str, ...]) -> dict[str, _Candidate]:
    known = (_Candidate(_plain(each), each, _letters(_plain(each))) for each in candidates if each)
    return {candidate.plain: candidate for candidate in known}


def _most_like(written: str, known: Mapping[str, _Candidate]) -> str | None:
    letters = _letters(written)
    near = [
        candidate.plain
        for candidate in known.values()
        # Of two texts of that likeness so many letters at most are without a partner.
        if (candidate.letters ^ letters).bit_count()
        <= (1 - _LEAST_LIKENESS) * (len(written) + len(candidate.plain))
    ]
    likest = difflib.get_close_matches(written, near, n=1, cutoff=_LEAST_LIKENESS)
    return known[likest[0]].meant if likest else None


def _only_one_begun(written: str, known: Mapping[str, _Candidate]) -> str | None:
    begun = [each.meant for each in known.values() if each.plain.startswith(written)]
    return begun[0] if len(begun) == 1 else None


@lru_cache(_MOST_LISTS)
def _by_meaning(allowed: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """The code for every meaning, in plain letters, that no other code has, too."""
    codes: dict[str, set[str]] = {}
    for code, meaning in allowed:
        for words in _other_words_for(code, meaning):
            codes.setdefault(_plain(words), set()).add(code)
    return {words: min(each) for words, each in codes.items() if words and len(each) == 1}


def _other_words_for(code: str, meaning: str) -> Iterator[str]:
    yield meaning
    yield re.split(r"[:,;(]", meaning)[0]
    yield _SHORT.get(code, "")
    yield from _ASIDE.findall(meaning)
    yield from _ASIDE.findall(code)
    asa_class = _ASA_CLASS.fullmatch(code)
    if asa_class:
        yield _ROMAN[asa_class.group(1)] + asa_class.group(2)


def _plain(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _letters(plain: str) -> int:
    letters = 0
    for character in plain:
        letters |= 1 << (ord(character) % 64)
    return letters
