"""What is wrong with an element before its value or children are looked at."""

from collections.abc import Iterator
from itertools import islice
from typing import Final

from lxml import etree

from app.domain.findings import FindingCode, Severity
from app.xsd.model import ElementModel
from app.xsd.parsing import XML_SPACE_TEXT
from app.xsd.place import Fault
from app.xsd.prolog import XSI_NAMESPACE
from app.xsd.suggestions import closest_element
from app.xsd.texts import text_of

_MOST_ATTRIBUTES: Final = 64
NIL: Final = f"{{{XSI_NAMESPACE}}}nil"
_XSI_ATTRIBUTES: Final = frozenset(
    f"{{{XSI_NAMESPACE}}}{name}"
    for name in ("nil", "type", "schemaLocation", "noNamespaceSchemaLocation")
)


def foreign_attributes(element: etree._Element, model: ElementModel, path: str) -> Iterator[Fault]:
    if _XSI_ATTRIBUTES.issuperset(str(name) for name in element.attrib):
        return
    children = children_as_attributes(element, model)
    variant = "children" if children else "message"
    words = {"element": model.name, "children": " and ".join(children)}
    yield Fault(FindingCode.ATTRIBUTE, element, path, variant, words, children)


def children_as_attributes(element: etree._Element, model: ElementModel) -> tuple[str, ...]:
    """The children that are not there because they were written as attributes."""
    if not element.attrib or not model.children:
        return ()
    absent = [
        each.name for each in model.children if next(element.iterchildren(each.name), None) is None
    ]
    written = list(islice((str(name) for name in element.attrib), _MOST_ATTRIBUTES))
    meant = {closest_element(name, absent) for name in written}
    return tuple(name for name in absent if name in meant)


def stray_text(element: etree._Element, model: ElementModel, path: str) -> Fault:
    words = {"element": model.name, "place": _place_of_text(element, model)}
    return Fault(FindingCode.STRAY_TEXT, element, path, words=words)


def _place_of_text(element: etree._Element, model: ElementModel) -> str:
    """Beside which child the first text stands; only names of the schema are named."""
    if (element.text or "").strip(XML_SPACE_TEXT):
        return ""
    behind = next(each for each in element if (each.tail or "").strip(XML_SPACE_TEXT))
    declared = model.child(str(behind.tag))
    return f" behind {declared.name}" if declared else ""


def child_in_value(element: etree._Element, model: ElementModel, path: str) -> Iterator[Fault]:
    if next(element.iterchildren(etree.Element), None) is not None:
        yield Fault(FindingCode.CHILD_IN_VALUE, element, path, words={"element": model.name})


def is_nil(element: etree._Element) -> bool:
    return element.get(NIL, "").strip(XML_SPACE_TEXT) in ("true", "1")


def wrong_nil(element: etree._Element, model: ElementModel, path: str) -> Iterator[Fault]:
    """Of an element that carries the attribute nil."""
    variant = _nil_variant(element, model)
    if variant:
        yield Fault(FindingCode.NIL, element, path, variant, {"element": model.name})


def _nil_variant(element: etree._Element, model: ElementModel) -> str | None:
    if not model.nillable:
        return "optional" if not model.min_occurs else "required"
    if element.get(NIL, "").strip(XML_SPACE_TEXT) not in ("true", "false", "1", "0"):
        return "form"
    if is_nil(element) and (text_of(element) or len(element)):
        return "holds"
    return None


def accepted_nil(element: etree._Element, model: ElementModel, path: str) -> Fault:
    words = {"element": model.name}
    return Fault(FindingCode.NIL, element, path, "accepted", words, severity=Severity.WARNING)


def root_in_namespace(element: etree._Element, model: ElementModel, path: str) -> Fault:
    return Fault(FindingCode.NAMESPACE, element, path, words={"element": model.name})
