"""One XSD file of a version: everything that it includes, each file once."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from lxml import etree

from app.xsd.parsing import new_parser

_XS: Final = "http://www.w3.org/2001/XMLSchema"
_INCLUDE: Final = f"{{{_XS}}}include"


def flattened(xsd: Path) -> bytes:
    """Return the schema at `xsd` with its includes put into it, in UTF-8.

    Includes only: the schemas neither import nor redefine.
    """
    root = etree.Element(f"{{{_XS}}}schema", nsmap={"xs": _XS})
    root.extend(_declarations(xsd.resolve(), seen=set()))
    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8") + b"\n"


def _declarations(xsd: Path, seen: set[Path]) -> Iterator[etree._Element]:
    """What stands in `xsd`, what it includes before what it declares itself."""
    if xsd in seen:
        return
    seen.add(xsd)
    schema = etree.parse(str(xsd), new_parser(keep_blanks=False)).getroot()
    for child in list(schema):
        if child.tag == _INCLUDE:
            yield from _declarations((xsd.parent / child.attrib["schemaLocation"]).resolve(), seen)
        else:
            yield child
