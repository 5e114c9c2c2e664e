"""What a schema says about an element, in words that need no knowledge of XML Schema."""

from typing import Final

from app.xsd.model import ElementModel, ValueKind, ValueModel
from app.xsd.value_faults import form_in_words

_OF_BASE: Final = {
    "string": "text",
    "token": "text",
    "normalizedString": "text",
    "date": "a date, as 2023-03-01",
    "dateTime": "a date and time, as 2023-03-01T07:30:00",
    "boolean": "true or false",
    "decimal": "a number, decimals after a point",
    "integer": "a whole number",
    "nonNegativeInteger": "a whole number from 0",
    "positiveInteger": "a whole number from 1",
}
_RECORD_PREFIX: Final = "/AnesthesiaRecords/AnesthesiaRecord/"
_FILE_PREFIX: Final = "/AnesthesiaRecords/"


def occurrence_words(element: ElementModel) -> str:
    if element.min_occurs:
        return "one or more" if element.repeats else "exactly one"
    return "any number" if element.repeats else "at most one"


def occurrence_sign(element: ElementModel) -> str:
    """Return the bounds as in UML: "1", "0..1", "1..*"."""
    most = "*" if element.max_occurs is None else str(element.max_occurs)
    least = str(element.min_occurs)
    return least if least == most else f"{least}..{most}"


def type_words(value: ValueModel | None) -> str:
    """Return what stands in an element; None is an element that holds elements."""
    if value is None:
        return "elements"
    if value.kind is ValueKind.LIST:
        number = len(value.allowed)
        return "one fixed value" if number == 1 else f"one of {number} values"
    if value.kind is ValueKind.PATTERN:
        return form_in_words(value.patterns) or "text of a set form"
    return _OF_BASE.get(value.base, "text")


def schema_anchor(path: str) -> str:
    """Return the name by which a page about a schema has the element at `path`.

    Within a record the path begins at its sections: "Procedure/CPTSet/CPT". Positions, as the
    paths of findings have them, are left out.
    """
    plain = plain_path(path)
    for prefix in (_RECORD_PREFIX, _FILE_PREFIX):
        if plain.startswith(prefix):
            return plain.removeprefix(prefix)
    return plain.lstrip("/")


def plain_path(path: str) -> str:
    """Return the path of a finding without positions and prefixes."""
    return "/".join(step.partition("[")[0].rpartition(":")[2] for step in path.split("/"))
