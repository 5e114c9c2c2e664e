"""Builds the model of a schema from its XSD, which the `xmlschema` package reads.

A module of its own because `xmlschema` costs 20 MiB and a second that a valid file never needs.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Protocol
from xml.etree.ElementTree import Element

import xmlschema
from lxml import etree
from xmlschema.validators import XsdElement, XsdGroup, XsdType

from app.xsd.acceptance import Acceptance, plainly_right
from app.xsd.model import ElementModel, ValueKind, ValueModel
from app.xsd.parsing import is_valid, new_parser

_XSD = "{http://www.w3.org/2001/XMLSchema}"


class _Annotation(Protocol):
    @property
    def documentation(self) -> Iterable[Element]: ...
    @property
    def appinfo(self) -> Iterable[Element]: ...


class _Annotated(Protocol):
    @property
    def annotation(self) -> _Annotation | None: ...


@cache
def load_model(xsd: Path) -> ElementModel:
    """Return the model of the root element of the schema at `xsd`, read once a process."""
    # The tests hold the schema itself against that of XML Schema: here it took half of the time.
    schema = xmlschema.XMLSchema10(str(xsd), allow="local", defuse="always", validation="skip")
    return _element(schema.elements["AnesthesiaRecords"], _Judge(xsd, schema))


class _Judge:
    """Says whether a text is a value of a type: libxml2 does, as it is it that accepts records.

    It and `xmlschema` differ on some dates and numbers. One compiled schema serves all threads:
    only its error log, which nobody reads, would be wrong.
    """

    def __init__(self, xsd: Path, schema: xmlschema.XMLSchema10) -> None:
        driver = etree.Element(f"{_XSD}schema", nsmap={"xs": _XSD.strip("{}")})
        etree.SubElement(driver, f"{_XSD}include", schemaLocation=xsd.name)
        names = [f"xs:{name}" for name in _BUILT_IN]
        names += [str(each.local_name) for each in schema.types.values() if each.is_simple()]
        for name in names:
            attributes = {"name": self._element_name(name), "type": name}
            etree.SubElement(driver, f"{_XSD}element", attributes)
        text = etree.tostring(driver)
        tree = etree.fromstring(
            text, new_parser(keep_blanks=False), base_url=str(xsd.with_name("values.xsd"))
        )
        self._schema = etree.XMLSchema(tree)

    def accepts(self, type_name: str, text: str) -> bool:
        element = etree.Element(self._element_name(type_name))
        element.text = text
        return is_valid(self._schema, element)

    @staticmethod
    def _element_name(type_name: str) -> str:
        return f"a.{type_name.replace(':', '.')}"


_BUILT_IN = (
    *("string", "boolean", "date", "dateTime"),
    *("decimal", "integer", "nonNegativeInteger", "positiveInteger"),
)


def _element(element: XsdElement, judge: _Judge) -> ElementModel:
    xsd_type = element.type
    group = _group(xsd_type)
    return ElementModel(
        name=element.local_name,
        min_occurs=element.min_occurs,
        max_occurs=element.max_occurs,
        nillable=element.nillable,
        in_any_order=group is not None and group.model == "all",
        documentation=_documentation(element) or _documentation(xsd_type),
        assumptions=_assumptions(element),
        children=() if group is None else tuple(_declared_in(group, judge)),
        value=_value(xsd_type, judge) if group is None else None,
    )


def _group(xsd_type: XsdType) -> XsdGroup | None:
    content = getattr(xsd_type, "content", None)
    return content if isinstance(content, XsdGroup) else None


def _declared_in(group: XsdGroup, judge: _Judge) -> Iterator[ElementModel]:
    for child in group.iter_elements():
        assert isinstance(child, XsdElement), "the schemas use no wildcards"
        yield _element(child, judge)


def _value(xsd_type: XsdType, judge: _Judge) -> ValueModel:
    allowed = _allowed(xsd_type)
    patterns = tuple(_patterns(xsd_type))
    base = _base_name(xsd_type)
    return ValueModel(
        kind=_kind(base, allowed, patterns),
        type_name=xsd_type.local_name or base,
        base=base,
        allowed=allowed,
        patterns=patterns,
        accepts=Acceptance(
            plainly=plainly_right(
                base,
                allowed=allowed,
                patterns=patterns,
                # A built-in type has no rules of its own; an own one may have more than these.
                is_bare=(xsd_type.name or "").startswith(_XSD) or bool(allowed or patterns),
            ),
            exactly=partial(judge.accepts, _reference(xsd_type)),
        ),
    )


def _reference(xsd_type: XsdType) -> str:
    """The name by which a schema refers to a type."""
    assert xsd_type.local_name, "every simple type has a name or is built in"
    is_built_in = (xsd_type.name or "").startswith(_XSD)
    return f"xs:{xsd_type.local_name}" if is_built_in else str(xsd_type.local_name)


def _kind(base: str, allowed: dict[str, str], patterns: tuple[str, ...]) -> ValueKind:
    if allowed:
        return ValueKind.LIST
    if patterns:
        return ValueKind.PATTERN
    return _KIND_OF_BASE.get(base, ValueKind.NUMBER)


_KIND_OF_BASE = {
    "string": ValueKind.TEXT,
    "token": ValueKind.TEXT,
    "normalizedString": ValueKind.TEXT,
    "dateTime": ValueKind.DATE_TIME,
    "date": ValueKind.DATE_TIME,
    "boolean": ValueKind.BOOLEAN,
}


def _base_name(xsd_type: XsdType) -> str:
    """The built-in type that the values are derived from; of a union, that of its first member."""
    current: XsdType | None = xsd_type
    while current is not None and not (current.name or "").startswith(_XSD):
        members = _members(current)
        current = members[0] if members[0] is not current else current.base_type
    return "string" if current is None else str(current.local_name)


def _members(xsd_type: XsdType) -> list[XsdType]:
    return list(getattr(xsd_type, "member_types", None) or [xsd_type])


def _facets(xsd_type: XsdType, name: str) -> Iterator[object]:
    """The facets called `name` of a type, or of each member of a union."""
    for member in _members(xsd_type):
        facets: Mapping[str | None, object] = getattr(member, "facets", None) or {}
        if f"{_XSD}{name}" in facets:
            yield facets[f"{_XSD}{name}"]


def _allowed(xsd_type: XsdType) -> dict[str, str]:
    """The values of a closed list, each with its meaning."""
    allowed: dict[str, str] = {}
    for facet in _facets(xsd_type, "enumeration"):
        assert isinstance(facet, Iterable)
        for node in facet:
            allowed[node.get("value")] = _words(node.iter(f"{_XSD}documentation"))
    return allowed


def _patterns(xsd_type: XsdType) -> Iterator[str]:
    for facet in _facets(xsd_type, "pattern"):
        yield from getattr(facet, "regexps", ())


def _documentation(component: _Annotated) -> str:
    annotation = component.annotation
    return "" if annotation is None else _words(annotation.documentation)


def _assumptions(component: _Annotated) -> tuple[str, ...]:
    annotation = component.annotation
    if annotation is None:
        return ()
    return tuple(
        _words([node])
        for node in annotation.appinfo
        if node.get("source") == "urn:nacor:assumption"
    )


def _words(nodes: Iterable[Element]) -> str:
    return re.sub(r"\s+", " ", " ".join(node.text or "" for node in nodes)).strip()
