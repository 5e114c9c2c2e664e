"""Whether a text is a value of a type, without asking libxml2 where it is plain that it is."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

_NEVER = re.compile(r"(?!)")
_PLAIN_FORMS: Final = {
    "boolean": re.compile(r"true|false|1|0"),
    "nonNegativeInteger": re.compile(r"[0-9]{1,9}"),
    "positiveInteger": re.compile(r"[1-9][0-9]{0,8}"),
    "integer": re.compile(r"-?[0-9]{1,9}"),
    "decimal": re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,9})?"),
    "date": re.compile(r"[12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])"),
    "dateTime": re.compile(
        r"[12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])"
        r"T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?"
    ),
    "string": re.compile(r".*", re.DOTALL),
}
# Of these marks alone a form means the same to Python as to XML Schema, in ASCII on one line.
_COMMON_MARKS = re.compile(r"(?:[A-Za-z0-9@_+{}()|,-]|\[[A-Za-z0-9_.+-]+\]|\\\.|\.(?=[+*@]))+")
_LINE_ENDS: Final = frozenset("\r\n")
_LONGEST_PLAIN: Final = 64  # a form may take Python square time, or worse


@dataclass(frozen=True, slots=True)
class Acceptance:
    """`plainly` is quick and may be wrong about a value, never about what is none."""

    plainly: Callable[[str], object]
    exactly: Callable[[str], bool]

    def __call__(self, text: str) -> bool:
        return bool(self.plainly(text)) or self.exactly(text)


def plainly_right(
    base: str, *, allowed: Iterable[str], patterns: Iterable[str], is_bare: bool
) -> Callable[[str], object]:
    """Return a test that only values pass, of a type with these lists, forms, or base alone."""
    listed = frozenset(allowed)
    if listed:
        return listed.__contains__
    forms = tuple(patterns)
    if forms:
        return _has_form(forms)
    return _PLAIN_FORMS.get(base, _NEVER).fullmatch if is_bare else _NEVER.fullmatch


def _has_form(patterns: tuple[str, ...]) -> Callable[[str], object]:
    shared = [pattern for pattern in patterns if _COMMON_MARKS.fullmatch(pattern)]
    form = re.compile("|".join(f"(?:{pattern})" for pattern in shared)) if shared else _NEVER

    def has_form(text: str) -> bool:
        if len(text) > _LONGEST_PLAIN:
            return False
        return text.isascii() and _LINE_ENDS.isdisjoint(text) and bool(form.fullmatch(text))

    return has_form
