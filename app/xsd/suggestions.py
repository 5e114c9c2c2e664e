"""What was probably meant: a name or value that differs a little from one that is declared."""

import difflib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from app.xsd.parsing import XML_SPACE_TEXT

_DATA: Final = Path(__file__).parent / "data"
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
_BEFORE_ASA_CLASS: Final = ("", "ASA", "ASA PS", "ASA class", "class", "PS", "P")
_YEAR = re.compile(r"20[0-9]{2}")
_DENIALS: Final = frozenset({"no", "non", "none", "not", "without"})


class _Candidate(NamedTuple):
    """`plain` is `meant` without case and spacing, `letters` the set of its letters as bits."""

    plain: str
    meant: str
    letters: int


def closest(text: str, candidates: Iterable[str]) -> str | None:
    """The candidate that was probably meant: equal but for case and spacing, else similar."""
    return None if len(text) > _LONGEST_COMPARED else _closest(text, tuple(candidates))


def closest_code(text: str, allowed: Mapping[str, str], type_name: str = "") -> str | None:
    """The code that was probably meant: similar to `text`, or with a meaning that is.

    `type_name` is that of the list in the schema: some have well-known other words.
    """
    bare = text.strip(XML_SPACE_TEXT)
    if len(bare) > _LONGEST_COMPARED:
        return None
    code = _closest_code(bare, tuple(allowed.items()), type_name)
    return None if code is None or _denials(bare) - _denials(code) else code


def closest_element(name: str, free: Iterable[str]) -> str | None:
    """The one of the elements `free` that was probably meant by `name`, by its other names, too."""
    if len(name) > _LONGEST_COMPARED:
        return None
    candidates = tuple(free)
    known = _other_names().get(_plain(name), ())
    return next((each for each in known if each in candidates), None) or closest(name, candidates)


def closest_version(text: str, versions: Mapping[str, bool]) -> str | None:
    """The id that was probably meant: equal but for case and spacing, else an open one of its year.

    `versions` maps the ids to whether they are open.
    """
    same = {_plain(each): each for each in versions}.get(_plain(text[:_LONGEST_COMPARED]))
    year = _YEAR.search(text[:_LONGEST_COMPARED])
    if same is not None or year is None:
        return same
    open_ids = [each for each in versions if versions[each] and each.startswith(year.group())]
    is_r = text.rstrip(XML_SPACE_TEXT).upper().endswith("R")
    return next((each for each in open_ids if each.endswith("R") == is_r), None)


@cache
def _other_names() -> dict[str, tuple[str, ...]]:
    names = tomllib.loads((_DATA / "other_names.toml").read_text(encoding="utf-8"))
    return {_plain(other): tuple(meant) for other, meant in names.items()}


@cache
def _other_words() -> dict[str, dict[str, str]]:
    types = tomllib.loads((_DATA / "other_words.toml").read_text(encoding="utf-8"))
    return {type_: {_plain(w): code for w, code in words.items()} for type_, words in types.items()}


def _denials(text: str) -> frozenset[str]:
    """The words of `text` that say the opposite of what follows them."""
    return _DENIALS.intersection(re.split(r"\W+", text.casefold()))


@lru_cache(_MOST_REMEMBERED)
def _closest_code(text: str, allowed: tuple[tuple[str, str], ...], type_name: str) -> str | None:
    codes = tuple(code for code, _ in allowed)
    written = _plain(text)
    exact = _prepared(codes).get(written)
    if exact is not None:
        return exact.meant
    code = _other_words().get(type_name, {}).get(written) or _asa_class(written, codes)
    if code in codes:
        return code
    return _closest(text, codes) or _closest_meaning(written, text, allowed)


def _asa_class(written: str, codes: tuple[str, ...]) -> str | None:
    """The ASA class that is written with digits, or behind a word such as ASA."""
    return _asa_classes(codes).get(written)


@lru_cache(_MOST_LISTS)
def _asa_classes(codes: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for code in codes:
        asa_class = _ASA_CLASS.fullmatch(code)
        if asa_class:
            number = _ROMAN[asa_class.group(1)] + asa_class.group(2)
            for before in _BEFORE_ASA_CLASS:
                found[_plain(before + code)] = found[_plain(before + number)] = code
    return found


def _closest_meaning(written: str, text: str, allowed: tuple[tuple[str, str], ...]) -> str | None:
    by_meaning = _by_meaning(allowed)
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
    known = (
        _Candidate(_plain(each), each, _letters(_plain(each)))
        for each in candidates
        if _plain(each)
    )
    return {candidate.plain: candidate for candidate in known}


def _most_like(written: str, known: Mapping[str, _Candidate]) -> str | None:
    letters = _letters(written)
    near = [
        candidate.plain
        for candidate in known.values()
        # Who misspells a word begins it rightly; MD-DIRECTED is not PA-DIRECTED.
        if candidate.plain[0] == written[0]
        # Of two texts of that likeness so many letters at most are without a partner.
        and (candidate.letters ^ letters).bit_count()
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


def _plain(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _letters(plain: str) -> int:
    letters = 0
    for character in plain:
        letters |= 1 << (ord(character) % 64)
    return letters
