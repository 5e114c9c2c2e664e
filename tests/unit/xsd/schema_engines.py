"""The schema versions as two engines read them: libxml2, through lxml, and xmlschema."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lxml import etree
from xmlschema import XMLSchema10
from xmlschema.validators import XsdElement

ROOT = Path(__file__).parents[3]
XSDS = ROOT / "schemas" / "xsd"
SAMPLES = ROOT / "tests" / "data"
VERSIONS = sorted(entry.parent.name for entry in XSDS.glob("*/AnesthesiaRecords.xsd"))
XSI_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"


@dataclass(frozen=True)
class Leaf:
    """A declared element that holds a value; `path` leads to it from the root."""

    path: str
    declaration: XsdElement

    @property
    def values(self) -> list[str]:
        """The closed list it takes its value from; empty when there is none."""
        return [str(value) for value in self.declaration.type.enumeration or ()]


def year_of(version: str) -> int:
    return int(version[:4])


def entry_file(version: str) -> Path:
    return XSDS / version / "AnesthesiaRecords.xsd"


@cache
def libxml2(version: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(entry_file(version))))


@cache
def xmlschema10(version: str) -> XMLSchema10:
    return XMLSchema10(entry_file(version))


def is_valid(version: str, element: etree._Element) -> bool:
    """What both engines say of a case file, a RecordHeader or an AnesthesiaRecord."""
    verdict = libxml2(version).validate(element)
    assert xmlschema10(version).is_valid(element) is verdict, "the engines disagree"
    return verdict


def is_valid_value(version: str, leaf: Leaf, element: etree._Element) -> bool:
    """What both engines say when `element` is the one thing that changed in its case file.

    xmlschema is asked about the element alone, since it takes a thousand times as long as libxml2.
    """
    verdict = libxml2(version).validate(element.getroottree())
    assert leaf.declaration.is_valid(element) is verdict, f"the engines disagree on {leaf.path}"
    return verdict


def sample(version: str, name: str = "maximal") -> etree._Element:
    path = SAMPLES / version / "valid" / f"{name}.xml"
    return etree.parse(str(path), etree.XMLParser(remove_blank_text=True)).getroot()


def first(root: etree._Element, path: str) -> etree._Element:
    element = root.find(path)
    assert element is not None, path
    return element


@cache
def declarations(version: str) -> dict[str, XsdElement]:
    """Every declared element by its path below the root, in document order."""
    return dict(_below(xmlschema10(version).elements["AnesthesiaRecords"], ""))


def leaves(version: str) -> list[Leaf]:
    return [
        Leaf(path, declaration)
        for path, declaration in declarations(version).items()
        if not declaration.type.has_complex_content()
    ]


def _below(parent: XsdElement, path: str) -> Iterator[tuple[str, XsdElement]]:
    for child in parent.type.content.iter_elements():
        here = f"{path}/{child.local_name}" if path else str(child.local_name)
        yield here, child
        if child.type.has_complex_content():
            yield from _below(child, here)
