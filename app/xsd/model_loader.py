"""Builds the model of a schema from its XSD, which the `xmlschema` package reads.

A module of its own because `xmlschema` costs 20 MiB and a second that a valid file never needs.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import xmlschema
from xmlschema.validators import XsdElement, XsdGroup, XsdType

from app.xsd.model import ElementModel, ValueKind, ValueModel


def load_model(xsd: Path) -> ElementModel:
    """Return the model of the root element of the schema at `xsd`."""
    schema = xmlschema.XMLSchema10(str(xsd), allow="local", defuse="always")
    return _element(schema.elements["AnesthesiaRecords"])


def _element(element: XsdElement) -> ElementModel:
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
        children=() if group is None else tuple(_declared_in(group)),
        value=_value(xsd_type) if group is None else None,
    )


def _group(xsd_type: XsdType) -> XsdGroup | None:
    content = getattr(xsd_type, "content", None)
    return content if isinstance(content, XsdGroup) else None


def _declared_in(group: XsdGroup) -> Iterator[ElementModel]:
    for child in group.iter_elements():
        assert isinstance(child, XsdElement), "the schemas use no wildcards"
        yield _element(child)


def _value(xsd_type: XsdType) -> ValueModel:
    allowed = _allowed(xsd_type)
    patterns = tuple(_patterns(xsd_type))
    base = _base_name(xsd_type)
    return ValueModel(
        kind=_kind(base, allowed, patterns),
        type_name=xsd_type.local_name or base,
        base=base,
        allowed=allowed,
        patterns=patterns,
        accepts=xsd_type.text_is_valid,
    )


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
    current: Any = xsd_type
    while current.local_name is None or not current.name.startswith("{http://www.w3.org/2001/XML"):
        if getattr(current, "member_types", None):
            current = current.member_types[0]
        elif current.base_type is None:
            return "string"
        else:
            current = current.base_type
    return str(current.local_name)


def _members(xsd_type: Any) -> list[Any]:
    return list(getattr(xsd_type, "member_types", None) or [xsd_type])


def _allowed(xsd_type: Any) -> dict[str, str]:
    allowed: dict[str, str] = {}
    for member in _members(xsd_type):
        facets = _facets_of(member, "enumeration")
        for facet in facets:
            for node in facet.elem if facet.elem.tag.endswith("restriction") else facet:
                if node.tag.endswith("enumeration"):
                    allowed[node.get("value")] = _text_of(node)
    return allowed


def _facets_of(xsd_type: Any, name: str) -> list[Any]:
    facets = getattr(xsd_type, "facets", {}) or {}
    return [facet for key, facet in facets.items() if key is not None and key.endswith("}" + name)]


def _patterns(xsd_type: Any) -> Iterator[str]:
    for member in _members(xsd_type):
        for facet in _facets_of(member, "pattern"):
            yield from facet.regexps


def _text_of(node: Any) -> str:
    texts = [
        text for part in node.iter() if part.tag.endswith("documentation") for text in [part.text]
    ]
    return _one_line(" ".join(text for text in texts if text))


def _documentation(component: Any) -> str:
    annotation = component.annotation
    if annotation is None:
        return ""
    return _one_line(" ".join(node.text or "" for node in annotation.documentation))


def _assumptions(component: Any) -> tuple[str, ...]:
    annotation = component.annotation
    if annotation is None:
        return ()
    return tuple(
        _one_line(node.text or "")
        for node in annotation.appinfo
        if node.get("source") == "urn:nacor:assumption"
    )


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
