"""Says what is wrong with a record or header that libxml2 refused: what, where, how to mend it.

Every element is held against the model of the schema. One fault gives one finding: a misspelt
element is not also missing, an element in the wrong place is not also unexpected.
"""

import difflib
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final

from lxml import etree

from app.domain.findings import Finding, FindingCode, Scope, Severity
from app.xsd.model import ElementModel, ValueKind, ValueModel
from app.xsd.parsing import XML_SPACE_TEXT, line_in_piece
from app.xsd.prolog import XSI_NAMESPACE

MOST_FINDINGS: Final = 1000
"""For one record: memory stays flat, whatever a file does."""

_MOST_LISTED: Final = 12
_LONGEST_COMPARED: Final = 200
_NIL = f"{{{XSI_NAMESPACE}}}nil"
_XSI_ATTRIBUTES = frozenset(
    f"{{{XSI_NAMESPACE}}}{name}"
    for name in ("nil", "type", "schemaLocation", "noNamespaceSchemaLocation")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the explained element stands in the file: its path, and the line it begins on.

    `lines` counts the lines of the elements in it, from 1, where libxml2 does not exactly.
    """

    path: str
    line: int
    scope: Scope
    record: int | None = None
    anesthesia_record_id: str | None = None
    lines: Mapping[etree._Element, int] | None = None

    def line_of(self, element: etree._Element) -> int:
        return self.line + line_in_piece(element, self.lines) - 1


def explain(element: etree._Element, model: ElementModel, place: Place) -> list[Finding]:
    """Return the faults of `element` against `model`, in document order, at most MOST_FINDINGS."""
    found = list(islice(_Explainer(place).faults(element, model), MOST_FINDINGS))
    return sorted(_without_echoes(found), key=lambda finding: finding.line or 0)


def remarks(element: etree._Element, model: ElementModel, place: Place) -> list[Finding]:
    """Return what is odd in a valid `element`: values sent as nil, which is as good as absent."""
    found = _Explainer(place).nils(element, model, place.path)
    return list(islice(found, MOST_FINDINGS))


def _without_echoes(found: list[Finding]) -> Iterator[Finding]:
    """What stands in a wrong element is not reported as missing in the right one, too."""
    elsewhere = {
        finding.path.rpartition("/")[2]
        for finding in found
        if finding.code is FindingCode.UNEXPECTED_ELEMENT
    }
    for finding in found:
        is_missing = finding.code is FindingCode.MISSING_ELEMENT
        if not (is_missing and elsewhere.issuperset(finding.expected)):
            yield finding


def unexplained(place: Place, line_in_piece: int) -> Finding:
    """A fault that libxml2 sees and the model does not: its place, in general words."""
    return Finding(
        code=FindingCode.OTHER_SCHEMA_FAULT,
        severity=Severity.ERROR,
        scope=place.scope,
        record=place.record,
        anesthesia_record_id=place.anesthesia_record_id,
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
        severity: Severity = Severity.ERROR,
    ) -> Finding:
        return Finding(
            code=code,
            severity=severity,
            scope=self._place.scope,
            record=self._place.record,
            anesthesia_record_id=self._place.anesthesia_record_id,
            path=path,
            line=self._place.line_of(element),
            message=message,
            expected=expected,
            suggestion=suggestion,
        )

    def faults(self, element: etree._Element, model: ElementModel) -> Iterator[Finding]:
        if etree.QName(element).namespace:
            yield self._finding(
                FindingCode.NAMESPACE,
                element,
                self._place.path,
                f"{model.name} stands in a namespace; NACOR elements have none.",
            )
        else:
            yield from self._element(element, model, self._place.path)

    def nils(self, element: etree._Element, model: ElementModel, path: str) -> Iterator[Finding]:
        if _is_nil(element):
            yield self._finding(
                FindingCode.NIL,
                element,
                path,
                f"{model.name} is sent as nil: leave the element out instead.",
                severity=Severity.WARNING,
            )
        for child, declared, child_path in _known_children(element, model, path):
            yield from self.nils(child, declared, child_path)

    def _element(
        self, element: etree._Element, model: ElementModel, path: str
    ) -> Iterator[Finding]:
        yield from self._attributes(element, model, path)
        if _NIL in element.attrib:
            nil_fault = _nil_fault(element, model)
            if nil_fault:
                yield self._finding(FindingCode.NIL, element, path, nil_fault)
            if nil_fault or _is_nil(element):
                return
        if model.value is None:
            yield from self._content(element, model, path)
        elif any(isinstance(child.tag, str) for child in element):
            yield self._finding(
                FindingCode.CHILD_IN_VALUE,
                element,
                path,
                f"{model.name} holds a value; no element may stand in it.",
            )
        else:
            yield from self._value(element, model.name, model.value, path)

    def _attributes(
        self, element: etree._Element, model: ElementModel, path: str
    ) -> Iterator[Finding]:
        if not _XSI_ATTRIBUTES.issuperset(str(name) for name in element.attrib):
            yield self._finding(
                FindingCode.ATTRIBUTE,
                element,
                path,
                f"{model.name} takes no attributes: remove them.",
            )

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
        free = _free_names(model, known)
        for child in strangers:
            yield self._stranger(child, model, path, free, excused)
        yield from self._missing(element, model, path, known, excused)
        yield from self._misplaced(model, path, known)
        yield from self._repeated(model, path, known)
        for child, declared, child_path in _known_children(element, model, path):
            yield from self._element(child, declared, child_path)

    def _stranger(
        self,
        child: etree._Element,
        model: ElementModel,
        path: str,
        free: list[str],
        excused: set[str],
    ) -> Finding:
        name = etree.QName(child).localname
        if etree.QName(child).namespace:
            excused.add(name)
            return self._finding(
                FindingCode.NAMESPACE,
                child,
                path,
                f"An element in {model.name} stands in a namespace; NACOR elements have none.",
            )
        meant = closest(name, free)
        if meant:
            excused.add(meant)
        return self._finding(
            FindingCode.UNEXPECTED_ELEMENT,
            child,
            f"{path}/{name}",
            f"{model.name} has no element of this name."
            + (f" Is {meant} meant?" if meant else " Remove it or move it where it belongs."),
            expected=tuple(each.name for each in model.children),
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
        missing = [
            child
            for child in model.children
            if child.min_occurs and child.name not in present and child.name not in excused
        ]
        if missing and not present and not excused:
            names = tuple(child.name for child in missing)
            message = f"{model.name} must hold {_listed(names)}."
            yield self._finding(FindingCode.MISSING_ELEMENT, element, path, message, expected=names)
            return
        for child in missing:
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

    def _value(
        self, element: etree._Element, name: str, value: ValueModel, path: str
    ) -> Iterator[Finding]:
        text = text_of(element)
        if value.accepts(text):
            return
        code, message, expected, suggestion = _value_fault(name, value, text)
        yield self._finding(code, element, path, message, expected=expected, suggestion=suggestion)


def _value_fault(
    name: str, value: ValueModel, text: str
) -> tuple[FindingCode, str, tuple[str, ...], str | None]:
    allowed = tuple(value.allowed)
    if not text.strip(XML_SPACE_TEXT) and "" not in allowed:
        return FindingCode.EMPTY_ELEMENT, f"{name} must carry a value.", allowed, None
    match value.kind:
        case ValueKind.LIST:
            message = f"{name} must be {_one_of(allowed)}."
            return (
                FindingCode.NOT_IN_LIST,
                message,
                allowed,
                closest(text.strip(XML_SPACE_TEXT), allowed),
            )
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


def _listed(names: tuple[str, ...]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def closest(text: str, candidates: tuple[str, ...] | list[str]) -> str | None:
    """The candidate that was probably meant: equal but for case and spacing, else similar."""
    if len(text) > _LONGEST_COMPARED:
        return None
    plain = {_plain(candidate): candidate for candidate in candidates if candidate}
    if _plain(text) in plain:
        return plain[_plain(text)]
    if text.strip(XML_SPACE_TEXT).isdigit():
        return None
    close = difflib.get_close_matches(_plain(text), plain, n=1, cutoff=0.8)
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


def _known_children(
    element: etree._Element, model: ElementModel, path: str
) -> Iterator[tuple[etree._Element, ElementModel, str]]:
    """Children that `model` declares, each with its declaration and its path."""
    seen: Counter[int] = Counter()
    for index, child in _sorted_out(element, model)[0]:
        seen[index] += 1
        declared = model.children[index]
        yield child, declared, _child_path(path, declared, seen[index])


def _free_names(model: ElementModel, known: list[tuple[int, etree._Element]]) -> list[str]:
    """Names of the children that could stand there still: only they can have been meant."""
    taken = {index for index, _ in known}
    return [
        child.name
        for index, child in enumerate(model.children)
        if child.repeats or index not in taken
    ]


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
    return bool(text_of(element).strip(XML_SPACE_TEXT))


def text_of(element: etree._Element) -> str:
    """The text that stands directly in `element`, around comments and instructions too."""
    text = element.text or ""
    return text + "".join(child.tail or "" for child in element) if len(element) else text


def _is_nil(element: etree._Element) -> bool:
    return element.get(_NIL, "").strip(XML_SPACE_TEXT) in ("true", "1")


def _nil_fault(element: etree._Element, model: ElementModel) -> str | None:
    if not model.nillable:
        instead = "give it a value" + ("" if model.min_occurs else " or leave the element out")
        return f"{model.name} may not be nil: {instead}."
    if element.get(_NIL, "").strip(XML_SPACE_TEXT) not in ("true", "false", "1", "0"):
        return f"The attribute nil of {model.name} must be true or false."
    if _is_nil(element) and (text_of(element) or len(element)):
        return f"{model.name} is sent as nil and holds something all the same."
    return None
