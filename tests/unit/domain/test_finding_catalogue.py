"""The help for finding codes: complete, and every example in it really gives its finding."""

import io
import re
from datetime import date

import pytest

from app.domain.finding_catalogue import FindingHelp, finding_catalogue
from app.domain.findings import Finding, FindingCode
from app.domain.identifiers import PracticeId
from app.intake.checking import CheckedRecord, Expectation, check_case_file
from app.xsd.catalogue import SchemaCatalogue
from app.xsd.samples import sample_case_file

CATALOGUE = finding_catalogue()
SCHEMAS = SchemaCatalogue()
DAY = date(2020, 6, 1)
NEEDS_A_PRACTICE = {FindingCode.OTHER_PRACTICE}
EXAMPLES = [entry for entry in CATALOGUE.values() if entry.bad is not None]
WITHOUT_EXAMPLE = {
    FindingCode.RECORD_TOO_LARGE,
    FindingCode.OTHER_SCHEMA_FAULT,
    FindingCode.TEXT_TOO_LONG,
    FindingCode.TIN_NOT_REGISTERED,
}


def close_up(xml: str) -> str:
    """`xml` without the white space between tags, so that parts can be found in it."""
    return re.sub(r">\s+<", "><", xml)


SAMPLE = close_up(sample_case_file(SCHEMAS.get("2020V1.0")).decode())


def findings_of(case_file: str, practice: PracticeId | None = None) -> list[Finding]:
    found: list[Finding] = []
    source = io.BytesIO(case_file.encode())
    for checked in check_case_file(source, SCHEMAS, Expectation(day=DAY, practice_id=practice)):
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


def test_every_code_is_explained() -> None:
    assert list(CATALOGUE) == sorted(FindingCode)


def test_only_codes_that_no_short_text_shows_are_without_an_example() -> None:
    assert set(CATALOGUE) - {entry.code for entry in EXAMPLES} == WITHOUT_EXAMPLE


def test_the_sample_has_no_fault() -> None:
    assert findings_of(SAMPLE, PracticeId("12345")) == []


@pytest.mark.parametrize("entry", EXAMPLES, ids=lambda entry: entry.code)
def test_the_bad_example_gives_the_finding(entry: FindingHelp) -> None:
    practice = PracticeId("12345") if entry.code in NEEDS_A_PRACTICE else None
    found = findings_of(with_the_fault(entry), practice)
    assert {finding.code for finding in found} == {entry.code}
    assert {finding.severity for finding in found} <= set(entry.severities)
