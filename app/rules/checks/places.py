"""Places in a record, for what a case does not hold."""

from typing import Final

from lxml import etree

from app.rules.definition import VersionYears

METHODS: Final = "AnesthesiaCase/AnesthesiaMethodSet/AnesthesiaMethod"
STAFF: Final = "AnesthesiaCase/AnesthesiaStaffSet/AnesthesiaStaff"

_CODES_RENAMED: Final = 2018


def path_in_record(element: etree._Element) -> str:
    """The path of `element` below its record, each step with its place among its like."""
    steps: list[str] = []
    while (parent := element.getparent()) is not None:
        number = 1 + sum(1 for _ in element.itersiblings(str(element.tag), preceding=True))
        steps.append(f"{element.tag!s}[{number}]")
        element = parent
    return "/".join(reversed(steps))


def anesthesia_codes_name(years: VersionYears) -> str:
    """The name of the set of anesthesia codes; to 2017V1.0 it was spelt otherwise."""
    return "CPTAnessSet" if years.first < _CODES_RENAMED else "CPTAnesSet"
