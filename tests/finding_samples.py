"""Case files with one fault each: the examples of the table of findings, and larger ones."""

import io
import re
from collections.abc import Callable
from datetime import date

from app.checking.checker import CheckedRecord, Expectation, check_case_file
from app.checking.standards import load_standards
from app.domain.finding_catalogue import FindingHelp, finding_catalogue
from app.domain.findings import Finding, FindingCode
from app.domain.identifiers import PracticeId
from app.xsd.samples import sample_case_file

CATALOGUE = finding_catalogue()
STANDARDS = load_standards()
PRACTICE = PracticeId("12345")
DAY = date(2020, 6, 1)
NEEDS_A_PRACTICE = {FindingCode.OTHER_PRACTICE}
EXAMPLES = [entry for entry in CATALOGUE.values() if entry.bad is not None]


def close_up(xml: str) -> str:
    """`xml` without the white space between tags, so that parts can be found in it."""
    return re.sub(r">\s+<", "><", xml)


SAMPLE = close_up(sample_case_file(STANDARDS.schemas.get("2020V1.0")).decode())


def findings_of(case_file: str, practice: PracticeId | None = None) -> list[Finding]:
    found: list[Finding] = []
    source = io.BytesIO(case_file.encode())
    for checked in check_case_file(source, STANDARDS, Expectation(day=DAY, practice_id=practice)):
        if isinstance(checked, Finding):
            found.append(checked)
        elif isinstance(checked, CheckedRecord):
            found += checked.findings
    return found


def with_the_fault(entry: FindingHelp) -> str:
    assert entry.bad is not None
    if entry.bad_is_file:
        return close_up(entry.bad)
    assert entry.good is not None
    assert close_up(entry.good) in SAMPLE, "the good part stands in the sample"
    return SAMPLE.replace(close_up(entry.good), close_up(entry.bad), 1)


def findings_of_example(entry: FindingHelp) -> list[Finding]:
    practice = PRACTICE if entry.code in NEEDS_A_PRACTICE else None
    return findings_of(with_the_fault(entry), practice)


def with_value(element: str, value: str) -> str:
    """The sample with another value in its first `element`."""
    changed, count = re.subn(f"<{element}>[^<]*", lambda _: f"<{element}>{value}", SAMPLE, count=1)
    assert count, f"{element} stands in the sample"
    return changed


# What no short text shows.
LARGE_SAMPLES: dict[FindingCode, Callable[[], str]] = {
    FindingCode.RECORD_TOO_LARGE: lambda: with_value("ProcedureNotes", "x" * (17 << 20)),
    FindingCode.TEXT_TOO_LONG: lambda: with_value("PatientID", "x" * 256),
}
