"""Says what is wrong with a record or header that libxml2 refused: what, where, how to mend it.

Every element is held against the model of the schema. One fault gives one finding: a misspelt
element is not also missing, an element in the wrong place is not also unexpected.
"""

import difflib
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from app.domain.findings import Finding, FindingCode, Scope, Severity
from app.xsd.model import ElementModel, ValueKind, ValueModel
from app.xsd.prolog import XSI_NAMESPACE

_MOST_LISTED = 12
_NIL = f"{{{XSI_NAMESPACE}}}nil"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the explained element stands in the file: its path, and the line it begins on."""

    path: str
    line: int
    scope: Scope
    record: int | None = None


def explain(element: etree._Element, model: ElementModel, place: Place) -> list[Finding]:
    """Return every fault of `element` against `model`, in document order."""
    return list(_Explainer(place)._element(element, model, place.path))


def unexplained(place: Place, line_in_piece: int) -> Finding:
    """A fault that libxml2 sees and the model does not: its place, in general words."""
    return Finding(
        code=FindingCode.OTHER_SCHEMA_FAULT,
        severity=Severity.ERROR,
        scope=place.scope,
        record=place.record,
        path=place.path,
        line=place.line + max(line_in_piece, 1) - 1,
        message="This part of the file does not agree with the schema.",
    )


class _Explainer:
    def __init__(self, place: Place) -> None:
        self._place = place

    def _finding(
        self,
        code: FindingCode,
        element: etree._Element,
        path: str,
        message: str,
        *,
        expected: tuple[str, ...] = (),
        suggestion: str | None = None,
    ) -> Finding:
        return Finding(
            code=code,
            severity=Severity.ERROR,
            scope=self._place.scope,
            record=self._place.record,
            path=path,
            line=self._place.line + (element.sourceline or 1) - 1,
            message=message,
            expected=expected,
            suggestion=suggestion,
        )

    def _element(
        self, element: etree._Element, model: ElementModel, path: str
    ) -> Iterator[Finding]:
        yield from self._attributes(element, model, path)
        if model.value is None:
            yield from self._content(element, model, path)
        elif any(isinstance(child.tag, str) for child in element):
            yield self._finding(
                FindingCode.CHILD_IN_VALUE,
                element,
                path,
                f"{model.name} holds a value; no element may stand in it.",
            )
        elif not _is_nil(element):
            yield from self._value(element, model.name, model.value, path)

    def _attributes(
        self, element: etree._Element, model: ElementModel, path: str
    ) -> Iterator[Finding]:
        for name in element.attrib:
            if name == _NIL:
                if not model.nillable:
                    yield self._finding(
                        FindingCode.NIL,
                        element,
                        path,
                        f"{model.name} may not be nil: give it a value"
                        + ("." if model.min_occurs else " or leave the element out."),
                    )
            elif not str(name).startswith(f"{{{XSI_NAMESPACE}}}"):
                yield self._finding(
                    FindingCode.ATTRIBUTE,
                    element,
                    path,
                    f"{model.name} takes no attributes: remove them.",
                )
                return

    def _content(
        self, element: etree._Element, model: ElementModel, path: str
    ) -> Iterator[Finding]:
        if _has_text(element):
            yield self._finding(
                FindingCode.STRAY_TEXT,
                element,
                path,
                f"Text stands directly in {model.name}, where only elements may stand.",
            )
        known, strangers = _sorted_out(element, model)
        excused: set[str] = set()
        for child in strangers:
            yield self._stranger(child, model, path, excused)
        yield from self._missing(element, model, path, known, excused)
        yield from self._misplaced(model, path, known)
        yield from self._repeated(model, path, known)
        yield from self._children(model, path, known)

    def _stranger(
        self, child: etree._Element, model: ElementModel, path: str, excused: set[str]
    ) -> Finding:
        name = etree.QName(child).localname
        declared = [each.name for each in model.children]
        if etree.QName(child).namespace:
            excused.add(name)
            return self._finding(
                FindingCode.NAMESPACE,
                child,
                path,
                f"An element in {model.name} stands in a namespace; NACOR elements have none.",
            )
        meant = _closest(name, declared)
        if meant:
            excused.add(meant)
        return self._finding(
            FindingCode.UNEXPECTED_ELEMENT,
            child,
            f"{path}/{name}",
            f"{model.name} has no element of this name."
            + (f" Is {meant} meant?" if meant else " Remove it or move it where it belongs."),
            expected=tuple(declared),
            suggestion=meant,
        )

    def _missing(
        self,
        element: etree._Element,
        model: ElementModel,
        path: str,
        known: list[tuple[int, etree._Element]],
        excused: set[str],
    ) -> Iterator[Finding]:
        present = {model.children[index].name for index, _ in known}
        for child in model.children:
            if child.min_occurs and child.name not in present and child.name not in excused:
                yield self._finding(
                    FindingCode.MISSING_ELEMENT,
                    element,
                    path,
                    f"{model.name} must hold {child.name}{_where(model, child, present)}.",
                    expected=(child.name,),
                )

    def _misplaced(
        self, model: ElementModel, path: str, known: list[tuple[int, etree._Element]]
    ) -> Iterator[Finding]:
        if model.in_any_order:
            return
        present = {model.children[index].name for index, _ in known}
        in_order = _longest_ordered([index for index, _ in known])
        for position, (index, child) in enumerate(known):
            if position not in in_order:
                declared = model.children[index]
                yield self._finding(
                    FindingCode.WRONG_ORDER,
                    child,
                    _child_path(path, declared, _number_of(position, known)),
                    f"{declared.name} stands in the wrong place{_where(model, declared, present)}.",
                    expected=tuple(each.name for each in model.children),
                )

    def _repeated(
        self, model: ElementModel, path: str, known: list[tuple[int, etree._Element]]
    ) -> Iterator[Finding]:
        seen: Counter[int] = Counter()
        for index, child in known:
            seen[index] += 1
            declared = model.children[index]
            if declared.max_occurs is not None and seen[index] > declared.max_occurs:
                yield self._finding(
                    FindingCode.REPEATED_ELEMENT,
                    child,
                    f"{path}/{declared.name}[{seen[index]}]",
                    f"{declared.name} may stand only once in {model.name}.",
                )

    def _children(
        self, model: ElementModel, path: str, known: list[tuple[int, etree._Element]]
    ) -> Iterator[Finding]:
        seen: Counter[int] = Counter()
        for index, child in known:
            seen[index] += 1
            declared = model.children[index]
            yield from self._element(child, declared, _child_path(path, declared, seen[index]))

    def _value(
        self, element: etree._Element, name: str, value: ValueModel, path: str
    ) -> Iterator[Finding]:
        text = _text(element)
        if value.accepts(text):
            return
        code, message, expected, suggestion = _value_fault(name, value, text)
        yield self._finding(code, element, path, message, expected=expected, suggestion=suggestion)


def _value_fault(
    name: str, value: ValueModel, text: str
) -> tuple[FindingCode, str, tuple[str, ...], str | None]:
    allowed = tuple(value.allowed)
    if not text.strip() and "" not in allowed:
        return FindingCode.EMPTY_ELEMENT, f"{name} must carry a value.", allowed, None
    match value.kind:
        case ValueKind.LIST:
            message = f"{name} must be {_one_of(allowed)}."
            return FindingCode.NOT_IN_LIST, message, allowed, _closest(text.strip(), allowed)
        case ValueKind.PATTERN | ValueKind.TEXT:
            message = f"{name} does not have the form that the schema asks for."
            return FindingCode.PATTERN, message, value.patterns, None
        case ValueKind.NUMBER:
            words = _NUMBER_WORDS.get(value.base, "a number")
            return FindingCode.NUMBER, f"{name} must be {words}.", (words,), None
        case ValueKind.DATE_TIME:
            form = "YYYY-MM-DD" if value.base == "date" else "YYYY-MM-DDThh:mm:ss"
            message = f"{name} must be a real {_DATE_WORDS[value.base]} written as {form}."
            return FindingCode.DATE_TIME, message, (form,), None
        case ValueKind.BOOLEAN:
            return FindingCode.BOOLEAN, f"{name} must be true or false.", ("true", "false"), None


_DATE_WORDS = {"date": "date", "dateTime": "date and time"}
_NUMBER_WORDS = {
    "nonNegativeInteger": "a whole number of 0 or more",
    "positiveInteger": "a whole number of 1 or more",
    "integer": "a whole number",
    "decimal": "a decimal number with a point, such as 71.5",
}


def _one_of(allowed: tuple[str, ...]) -> str:
    if len(allowed) > _MOST_LISTED:
        return f"one of the {len(allowed)} values of its list"
    named = [each or "empty" for each in allowed]
    return named[0] if len(named) == 1 else f"one of {', '.join(named)}"


def _closest(text: str, candidates: tuple[str, ...] | list[str]) -> str | None:
    """The candidate that was probably meant: equal but for case and spacing, else similar."""
    plain = {_plain(candidate): candidate for candidate in candidates if candidate}
    if _plain(text) in plain:
        return plain[_plain(text)]
    if text.strip().isdigit():
        return None
    close = difflib.get_close_matches(_plain(text), plain, n=1, cutoff=0.75)
    if close:
        return plain[close[0]]
    starts = [
        meant for key, meant in plain.items() if _plain(text) and key.startswith(_plain(text))
    ]
    return starts[0] if len(starts) == 1 else None


def _plain(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _where(model: ElementModel, child: ElementModel, present: set[str]) -> str:
    """Where `child` belongs among the siblings that are there, when that matters."""
    if model.in_any_order:
        return ""
    index = model.children.index(child)
    before = [each.name for each in model.children[:index] if each.name in present]
    after = [each.name for each in model.children[index + 1 :] if each.name in present]
    if before:
        return f": it comes after {before[-1]}"
    return f": it comes before {after[0]}" if after else ""


def _sorted_out(
    element: etree._Element, model: ElementModel
) -> tuple[list[tuple[int, etree._Element]], list[etree._Element]]:
    """Children that `model` declares, each with its place in the declaration, and the others."""
    places = {child.name: index for index, child in enumerate(model.children)}
    known: list[tuple[int, etree._Element]] = []
    strangers: list[etree._Element] = []
    for child in element:
        if not isinstance(child.tag, str):
            continue
        if child.tag in places:
            known.append((places[child.tag], child))
        else:
            strangers.append(child)
    return known, strangers


def _longest_ordered(places: list[int]) -> set[int]:
    """Positions of a longest run of `places` that never falls; the others are out of order."""
    lowest_ends: list[int] = []  # the lowest place on which a run of each length can end
    end_positions: list[int] = []
    before: list[int | None] = []
    for position, place in enumerate(places):
        length = bisect_right(lowest_ends, place)
        before.append(end_positions[length - 1] if length else None)
        lowest_ends[length : length + 1] = [place]
        end_positions[length : length + 1] = [position]
    run: set[int] = set()
    at = end_positions[-1] if end_positions else None
    while at is not None:
        run.add(at)
        at = before[at]
    return run


def _number_of(position: int, known: list[tuple[int, etree._Element]]) -> int:
    index = known[position][0]
    return sum(1 for other, _ in known[: position + 1] if other == index)


def _child_path(path: str, declared: ElementModel, number: int) -> str:
    if declared.repeats or number > 1:
        return f"{path}/{declared.name}[{number}]"
    return f"{path}/{declared.name}"


def _has_text(element: etree._Element) -> bool:
    return bool((element.text or "").strip()) or any(
        (child.tail or "").strip() for child in element
    )


def _text(element: etree._Element) -> str:
    """The text of a leaf, around comments and processing instructions too."""
    return (element.text or "") + "".join(child.tail or "" for child in element)


def _is_nil(element: etree._Element) -> bool:
    return element.get(_NIL, "").strip() in ("true", "1")
