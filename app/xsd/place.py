"""Where something stands in the file, and a fault there before it is put into words."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from lxml import etree

from app.domain.finding_catalogue import message_of
from app.domain.findings import Finding, FindingCode, Scope, Severity
from app.xsd.parsing import line_in_piece

_NO_WORDS: Mapping[str, object] = {}


def nth_child(parent: etree._Element, name: str, number: int) -> etree._Element | None:
    """The child called `name`, the `number`th of them from 1.

    `parent.find("name[2]")` takes square time: it lists all the siblings of each it comes by.
    """
    return next(islice(parent.iterchildren(name), number - 1, None), None)


class Fault(NamedTuple):
    """`variant` is the message of the code that `words` fill; neither quotes a submitted value."""

    code: FindingCode
    element: etree._Element
    path: str
    variant: str = "message"
    words: Mapping[str, object] = _NO_WORDS
    expected: tuple[str, ...] = ()
    suggestion: str | None = None
    severity: Severity = Severity.ERROR


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

    def finding(self, fault: Fault) -> Finding:
        return Finding(
            code=fault.code,
            severity=fault.severity,
            scope=self.scope,
            record=self.record,
            anesthesia_record_id=self.anesthesia_record_id,
            path=fault.path,
            line=self.line + line_in_piece(fault.element, self.lines) - 1,
            message=message_of(fault.code, fault.variant, **fault.words),
            expected=fault.expected,
            suggestion=fault.suggestion,
        )
