"""Records that hold only what became known later: outcomes, quality codes, the time after a case.

A record is stored as a whole, so they cannot be added to the case that they belong to. Held against
the schema they lack nearly everything; what their sender has to know is one thing.
"""

from typing import Final

from lxml import etree

from app.domain.findings import FindingCode
from app.xsd.parsing import XML_SPACE_TEXT
from app.xsd.place import Fault
from app.xsd.prolog import RECORD

_CASE: Final = "AnesthesiaCase"
_RECORD_ID: Final = "AnesthesiaRecordID"
_LATER: Final = frozenset({"PostOp", "OutcomesEvents"})
# None of these makes a case; the id may stand beside the sections where it has no other place.
_BESIDE: Final = frozenset({"Demographic", "TimingMilestones", "AnesthesiaDetails", _RECORD_ID})


def late_part(record: etree._Element, path: str) -> Fault | None:
    """Return the fault of a record that is only a late part; None for any other element."""
    if record.tag != RECORD:
        return None
    sections = {str(child.tag) for child in record.iterchildren(etree.Element) if _carries(child)}
    if not sections & _LATER or not sections <= _LATER | _BESIDE:
        return None
    return Fault(FindingCode.LATE_PART, record, path)


def _carries(section: etree._Element) -> bool:
    """Whether `section` holds anything, its case more than an id. Exports leave empty ones."""
    children = section.iterchildren(etree.Element)
    if section.tag == _CASE:
        return any(child.tag != _RECORD_ID and _carries(child) for child in children)
    return next(children, None) is not None or bool((section.text or "").strip(XML_SPACE_TEXT))
