"""Says what is wrong with a record or header that libxml2 refused: what, where, how to mend it.

Every element is held against the model of the schema. One fault gives one finding: a misspelt
element is not also missing, an element in the wrong place is not also unexpected.
"""

import re
from collections.abc import Iterator
from itertools import accumulate, islice
from typing import Final

from lxml import etree

from app.domain.finding_catalogue import message_of
from app.domain.findings import Finding, FindingCode, Severity
from app.xsd import markup_faults as markup
from app.xsd.late_parts import late_part
from app.xsd.model import ElementModel
from app.xsd.parsing import XML_SPACE_TEXT
from app.xsd.place import Fault, Place
from app.xsd.strangers import Elsewhere, Stranger, nowhere_else, strangers
from app.xsd.structure_faults import Children, misplaced, missing, repeated
from app.xsd.suspicion import Suspicion
from app.xsd.texts import text_of
from app.xsd.value_faults import value_fault

MOST_FINDINGS: Final = 10_000
"""For one record: memory stays flat, whatever a file does. One more tells that there are others."""

_MOST_LOOKED_FOR: Final = MOST_FINDINGS + 1

_POSITION = re.compile(r"\[\d+\]")


def explain(
    element: etree._Element,
    model: ElementModel,
    place: Place,
    suspicion: Suspicion | None = None,
    elsewhere: Elsewhere = nowhere_else,
) -> list[Finding]:
    """Return the faults of `element` against `model`, in document order, at most MOST_FINDINGS and
    one that tells of the others.

    `suspicion` says which parts libxml2 refused; without it all are looked at. `elsewhere` tells
    which other version has an element. A record that is only a late part has that one fault.
    """
    if late := late_part(element, place.path):
        return [place.finding(late)]
    explainer = _Explainer(model, place.path, suspicion, elsewhere)
    found = list(islice(explainer.faults(element), _MOST_LOOKED_FOR))
    findings = [place.finding(fault) for fault in explainer.without_echoes(found[:MOST_FINDINGS])]
    findings.sort(key=lambda finding: finding.line or 0)
    if len(found) > MOST_FINDINGS:
        findings.append(place.finding(_more(found[-1].element, place.path)))
    return findings


def _more(element: etree._Element, path: str) -> Fault:
    words = {"most": f"{MOST_FINDINGS:,}"}
    return Fault(FindingCode.OTHER_SCHEMA_FAULT, element, path, "more", words)


def remarks(element: etree._Element, model: ElementModel, place: Place) -> list[Finding]:
    """Return what is odd in a valid `element`: values sent as nil, which is as good as absent."""
    return [place.finding(f) for f in islice(_nils(element, model, place.path), MOST_FINDINGS)]


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
        message=message_of(FindingCode.OTHER_SCHEMA_FAULT),
    )


def _nils(element: etree._Element, model: ElementModel, path: str) -> Iterator[Fault]:
    if markup.is_nil(element):
        yield markup.accepted_nil(element, model, path)
    if model.children:
        for child, declared, child_path in Children(element, model, path).each():
            yield from _nils(child, declared, child_path)


class _Explainer:
    """`root` is the model of the record or header, which stands at `path`."""

    def __init__(
        self, root: ElementModel, path: str, suspicion: Suspicion | None, elsewhere: Elsewhere
    ) -> None:
        self._root = root
        self._elsewhere = elsewhere
        self._path = path
        self._suspicion = suspicion
        self._is_in_stranger = False
        self._found_elsewhere: set[str] = set()

    def faults(self, element: etree._Element) -> Iterator[Fault]:
        if etree.QName(element).namespace:
            yield markup.root_in_namespace(element, self._root, self._path)
        else:
            yield from self._element(element, self._root, self._path, self._suspicion)

    def without_echoes(self, found: list[Fault]) -> Iterator[Fault]:
        """What stands in a wrong element is not reported as missing in the right one, too."""
        for fault in found:
            is_missing = fault.code is FindingCode.MISSING_ELEMENT
            if not (is_missing and all(self._is_elsewhere(fault, n) for n in fault.expected)):
                yield fault

    def _is_elsewhere(self, fault: Fault, name: str) -> bool:
        below = fault.path.removeprefix(self._path)
        wanted = f"{_POSITION.sub('', below)}/{name}".removeprefix("/")
        return wanted in self._found_elsewhere

    def _element(
        self, element: etree._Element, model: ElementModel, path: str, suspicion: Suspicion | None
    ) -> Iterator[Fault]:
        if element.attrib:
            yield from markup.foreign_attributes(element, model, path)
            if markup.NIL in element.attrib:
                nil_faults = list(markup.wrong_nil(element, model, path))
                yield from nil_faults
                if nil_faults or markup.is_nil(element):
                    return
        if model.value is None:
            yield from self._content(element, model, path, suspicion)
        else:
            yield from self._leaf(element, model, path, suspicion)

    def _leaf(
        self, element: etree._Element, model: ElementModel, path: str, suspicion: Suspicion | None
    ) -> Iterator[Fault]:
        assert model.value is not None, "asked of leaves"
        if len(element):
            nested = list(markup.child_in_value(element, model, path))
            if nested:
                yield from nested
                return
        text = text_of(element)
        is_refused = suspicion is not None and suspicion.is_refused_value(element)
        if is_refused or not model.value.accepts(text):
            code, variant, words, expected, suggestion = value_fault(model.value, text)
            words["element"] = model.name
            yield Fault(code, element, path, variant, words, expected, suggestion)

    def _content(
        self, element: etree._Element, model: ElementModel, path: str, suspicion: Suspicion | None
    ) -> Iterator[Fault]:
        if text_of(element).strip(XML_SPACE_TEXT):
            yield markup.stray_text(element, model, path)
        children = Children(element, model, path)
        astray: list[Stranger] = []
        if children.strangers:
            found = strangers(children, self._root, self._elsewhere)
            astray = list(islice(found, _MOST_LOOKED_FOR))
        excused = {each.stands_for for each in astray if each.stands_for}
        excused.update(markup.children_as_attributes(element, model))
        structure = [each.fault for each in astray if each.fault]
        structure += missing(children, excused)
        structure += islice(misplaced(children), _MOST_LOOKED_FOR)
        structure += islice(repeated(children), _MOST_LOOKED_FOR)
        yield from structure
        if structure:
            suspicion = None  # libxml2 went no further behind the first of them
        for stranger in astray:
            yield from self._stranger(stranger)
        each = children.each() if suspicion is None else children.each(suspicion.is_on)
        for child, declared, child_path in each:
            yield from self._element(child, declared, child_path, suspicion)

    def _stranger(self, stranger: Stranger) -> Iterator[Fault]:
        """What is wrong inside one whose meaning is plain; but not in those that it holds again."""
        for home in stranger.homes:
            self._found_elsewhere.update(accumulate(home.split("/"), "{}/{}".format))
        meant = stranger.meant
        if meant is None or self._is_in_stranger or not _has_a_part_of(stranger.element, meant):
            return
        self._is_in_stranger = True
        yield from self._element(stranger.element, meant, stranger.path, None)
        self._is_in_stranger = False


def _has_a_part_of(element: etree._Element, model: ElementModel) -> bool:
    return any(child.tag in model.places for child in element)
