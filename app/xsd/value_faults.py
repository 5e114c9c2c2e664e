"""What is wrong with a value that its type refuses. The value itself is never repeated."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from app.domain.findings import FindingCode
from app.xsd.model import ValueKind, ValueModel
from app.xsd.parsing import XML_SPACE_TEXT
from app.xsd.suggestions import closest_code

_FORMS: Final = Path(__file__).parent / "data" / "forms.toml"
_MOST_LISTED: Final = 12
_LONGEST_LOOKED_AT: Final = 200
_MEASURE_TYPE: Final = "QCDRMeasureType"
_MEASURE_NUMBER = re.compile(r"(?:MIPS|PQRS|QPP|Q)?[ #_-]*([0-9]{1,3})", re.ASCII | re.IGNORECASE)
_NO_VALUE: Final = frozenset({"n/a", "na", "none", "null", "nil", "unknown", "-", "--", "."})
_ZIP = re.compile(r"[0-9]{5}(?:[- ]*|[- ]*[0-9]{4}[- ]*)", re.ASCII)
_ICD_TYPE: Final = "ICDValueType"
_ICD_U = re.compile(r"U[0-9]{2}(?:\.?[A-Z0-9]{1,4})?", re.ASCII | re.IGNORECASE)
_ICD_BEYOND = re.compile(r"[A-Z][0-9][A-Z0-9]\.?[A-Z0-9]{5,}", re.ASCII | re.IGNORECASE)
_MARKS_IN_IDS: Final = str.maketrans("", "", " -./()")

_NUMBER_WORDS: Final = {
    "nonNegativeInteger": "a whole number of 0 or more",
    "positiveInteger": "a whole number of 1 or more",
    "integer": "a whole number",
    "decimal": "a decimal number with a point, such as 71.5",
}
_DATE_FORM: Final = "YYYY-MM-DD"
_TIME_FORM: Final = "YYYY-MM-DDThh:mm:ss"
_TRUE_WORDS: Final = frozenset({"true", "t", "yes", "y", "1", "on"})
_FALSE_WORDS: Final = frozenset({"false", "f", "no", "n", "0", "off"})


class ValueFault(NamedTuple):
    """The message of `code` called `variant`, which `words` fill beside the name of the element."""

    code: FindingCode
    variant: str
    words: dict[str, object]
    expected: tuple[str, ...] = ()
    suggestion: str | None = None


def value_fault(value: ValueModel, text: str) -> ValueFault:
    """Return the one fault of `text`, which `value` does not accept."""
    if not text.strip(XML_SPACE_TEXT) and "" not in value.allowed:
        return ValueFault(FindingCode.EMPTY_ELEMENT, "message", {}, tuple(value.allowed))
    match value.kind:
        case ValueKind.LIST:
            return _list_fault(value, text)
        case ValueKind.PATTERN | ValueKind.TEXT:
            return _form_fault(value, text)
        case ValueKind.NUMBER:
            return _number_fault(value, text)
        case ValueKind.DATE_TIME:
            return _time_fault(value, text)
        case ValueKind.BOOLEAN:
            return _boolean_fault(text)


def _list_fault(value: ValueModel, text: str) -> ValueFault:
    allowed = tuple(value.allowed)
    suggestion = closest_code(text, value.allowed, value.type_name)
    is_spaced = suggestion is not None and text.strip(XML_SPACE_TEXT) == suggestion
    variant = "blanks" if is_spaced else "message"
    words: dict[str, object] = {"choices": _one_of(allowed)}
    return ValueFault(FindingCode.NOT_IN_LIST, variant, words, allowed, suggestion)


def _one_of(allowed: tuple[str, ...]) -> str:
    if len(allowed) > _MOST_LISTED:
        return f"one of the {len(allowed)} values of its list"
    named = [each or "empty" for each in allowed]
    return named[0] if len(named) == 1 else f"one of {', '.join(named)}"


def _form_fault(value: ValueModel, text: str) -> ValueFault:
    form = form_in_words(value.patterns)
    words: dict[str, object] = {"form": form or "as the schema describes it"}
    variant = "message" if _is_long(text) else _form_variant(value, text)
    suggestion = None if _is_long(text) else _measure_id(value, text)
    return ValueFault(FindingCode.PATTERN, variant, words, value.patterns, suggestion)


def _measure_id(value: ValueModel, text: str) -> str | None:
    """The id in the schema of a quality measure that is known by its number.

    The one value that may be said again: it names no patient and nobody of the staff.
    """
    number = _MEASURE_NUMBER.fullmatch(text.strip(XML_SPACE_TEXT))
    if value.type_name != _MEASURE_TYPE or number is None:
        return None
    measure_id = f"PQRS{int(number.group(1)):03}"
    return measure_id if value.accepts(measure_id) else None


def _is_long(text: str) -> bool:
    """Whether it is no slip of the pen, and not worth the time of a closer look."""
    return len(text) > _LONGEST_LOOKED_AT


def _form_variant(value: ValueModel, text: str) -> str:
    """Which small change would make a value of `text`."""
    bare = text.strip(XML_SPACE_TEXT)
    if bare.casefold() in _NO_VALUE:
        return "absent"
    changed = {
        "blanks": bare,
        "zip": bare[:5] if _ZIP.fullmatch(bare) else bare,
        "marks": bare.translate(_MARKS_IN_IDS),
        "capitals": bare.upper(),
        "point": f"{bare[:3]}.{bare[3:]}" if bare.isalnum() else bare,
    }
    for variant, candidate in changed.items():
        if candidate != text and value.accepts(candidate):
            return variant
    if _has_lost_zeros(value, bare):
        return "zeros"
    return _icd_variant(bare) if value.type_name == _ICD_TYPE else "message"


def _icd_variant(code: str) -> str:
    """The schema lists the forms of ICD codes by their first letter, and has none for U."""
    if _ICD_BEYOND.fullmatch(code):
        return "icd_long"
    return "icd_u" if _ICD_U.fullmatch(code) else "message"


def _has_lost_zeros(value: ValueModel, text: str) -> bool:
    """Of an NPI none can be lost: it begins with 1 or 2."""
    can_begin_with_zero = value.type_name != "NPIType" and text.isdecimal()
    return can_begin_with_zero and any(value.accepts(zeros + text) for zeros in ("0", "00"))


@cache
def _forms() -> dict[tuple[str, ...], str]:
    entries = tomllib.loads(_FORMS.read_text(encoding="utf-8"))["form"]
    return {tuple(entry["patterns"]): entry["words"] for entry in entries}


def form_in_words(patterns: tuple[str, ...]) -> str | None:
    """What a value that matches one of `patterns` looks like, for people."""
    return _forms().get(patterns)


_COMMAS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?|[+-]?\d*,\d+|[+-]?\d{1,3}(\.\d{3})+,\d+")
_WITH_UNIT = re.compile(r"[+-]?\d+(\.\d*)?\s*[^\d\s.,+-][^\d]*")
_COMPARED = re.compile(r"[<>\u2264\u2265~]=?\s*\d+([.,]\d*)?\s*\S*")
_FRACTION = re.compile(r"\+?\d+\.\d*")
_BELOW = re.compile(r"-\d+|0+")


def _number_fault(value: ValueModel, text: str) -> ValueFault:
    kind = _NUMBER_WORDS.get(value.base, "a number")
    words: dict[str, object] = {"kind": kind}
    variant = "message" if _is_long(text) else _number_variant(value, text.strip(XML_SPACE_TEXT))
    return ValueFault(FindingCode.NUMBER, variant, words, (kind,))


def _number_variant(value: ValueModel, text: str) -> str:
    for variant, form in (("comma", _COMMAS), ("sign", _COMPARED), ("unit", _WITH_UNIT)):
        if form.fullmatch(text):
            return variant
    is_whole = value.base != "decimal"
    if is_whole and _FRACTION.fullmatch(text):
        return "fraction"
    return "small" if is_whole and _BELOW.fullmatch(text) else "message"


_HAS_MERIDIEM = re.compile(r"\d\s*[ap]\.?m\.?$", re.IGNORECASE)
_YEAR_LAST = re.compile(r"\d{1,2}([/.-])\d{1,2}\1\d{2,4}(?!\d).*", re.DOTALL)
_DATE = r"\d{4}-\d{2}-\d{2}"
_CLOCK = r"\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})?"
_OTHER_FORMS: Final = (
    ("run_together", re.compile(r"\d{8}(\d{4,6})?")),
    ("slashes", re.compile(r"\d{4}([/.])\d{1,2}\1\d{1,2}.*", re.DOTALL)),
    ("blank", re.compile(rf"{_DATE} +\d{{1,2}}:\d{{2}}.*", re.DOTALL)),
    ("seconds", re.compile(rf"{_DATE}T\d{{2}}:\d{{2}}(Z|[+-]\d{{2}}:\d{{2}})?")),
)
_RIGHT_FORM: Final = {
    "date": re.compile(rf"{_DATE}(Z|[+-]\d{{2}}:\d{{2}})?"),
    "dateTime": re.compile(rf"{_DATE}T{_CLOCK}"),
}
_OTHER_KIND: Final = {
    "date": ("time", re.compile(rf"{_DATE}[T ].+")),
    "dateTime": ("no_time", re.compile(_DATE)),
}


_WORDS_OF_TIME: Final = {
    "date": {"marks": "hyphens", "what": "day"},
    "dateTime": {"marks": "hyphens, the T and the colons", "what": "day or time"},
}


def _time_fault(value: ValueModel, text: str) -> ValueFault:
    form = _DATE_FORM if value.base == "date" else _TIME_FORM
    variant = "message" if _is_long(text) else _time_variant(value, text)
    words: dict[str, object] = {"form": form, **_WORDS_OF_TIME[value.base]}
    return ValueFault(FindingCode.DATE_TIME, variant, words, (form,))


def _time_variant(value: ValueModel, text: str) -> str:
    bare = text.strip(XML_SPACE_TEXT)
    if bare != text and value.accepts(bare):
        return "blanks"
    other_kind, other_form = _OTHER_KIND[value.base]
    if other_form.fullmatch(bare):
        return other_kind
    if _RIGHT_FORM[value.base].fullmatch(bare):
        return "unreal"
    if _YEAR_LAST.fullmatch(bare):
        return "year_last"
    if _HAS_MERIDIEM.search(bare):
        return "meridiem"
    return next((name for name, form in _OTHER_FORMS if form.fullmatch(bare)), "message")


def _boolean_fault(text: str) -> ValueFault:
    word = text.strip(XML_SPACE_TEXT).casefold()
    suggestion = "true" if word in _TRUE_WORDS else "false" if word in _FALSE_WORDS else None
    return ValueFault(FindingCode.BOOLEAN, "message", {}, ("true", "false"), suggestion)
