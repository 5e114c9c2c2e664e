"""What findings say: always a template of the table, and no template that nothing says."""

import re
from functools import cache

import pytest
from reading import CATALOGUE as SCHEMAS
from test_faults import FAULTS

from app.domain.finding_catalogue import finding_catalogue
from app.domain.findings import Finding, FindingCode
from app.intake.too_many_records import too_many_records
from app.xsd.explain import MOST_FINDINGS
from app.xsd.model import ValueKind
from app.xsd.value_faults import form_in_words
from tests.finding_samples import (
    EXAMPLES,
    LARGE_SAMPLES,
    PRACTICE,
    findings_of,
    findings_of_example,
    with_the_fault,
    with_value,
)

CATALOGUE = finding_catalogue()
# Said by the registry or by a rule alone: each rule has tests of its own.
BEYOND = {code for code in FindingCode if code > FindingCode.VALUE_OUT_OF_RANGE}
MORE = [
    with_value("LengthOfHospitalStay", "200000"),
    with_value("WeightInKg", f"75.{'0' * 60}"),
    with_value("AnesthesiaStartTime", "12020-03-01T07:30:00"),
    with_value("Age", "46</Age>" + "<X/>" * (MOST_FINDINGS + 1) + "<Age>46"),
]


@cache
def said() -> tuple[Finding, ...]:
    """What is found in every sample with a fault."""
    found = [finding for fault in FAULTS for finding in fault.answer.findings]
    found += [finding for entry in EXAMPLES for finding in findings_of_example(entry)]
    found += [finding for make in LARGE_SAMPLES.values() for finding in findings_of(make())]
    closed = next(entry for entry in EXAMPLES if entry.code is FindingCode.VERSION_CLOSED)
    found += findings_of(with_the_fault(closed), PRACTICE)
    found.append(too_many_records(500_000))
    for case_file in MORE:
        found += findings_of(case_file)
    return tuple(found)


def says(template: str, message: str) -> bool:
    """Whether `message` is `template` with words in its places."""
    parts = [re.escape(part) for part in re.split(r"\{\w+\}", template)]
    return re.fullmatch(".*".join(parts), message, re.DOTALL) is not None


@pytest.mark.parametrize("code", [code for code in FindingCode if code not in BEYOND])
def test_no_template_is_dead(code: FindingCode) -> None:
    messages = [finding.message for finding in said() if finding.code is code]
    for variant, template in CATALOGUE[code].messages.items():
        assert any(says(template, message) for message in messages), variant


def test_every_message_is_a_template_with_its_words() -> None:
    for finding in said():
        templates = CATALOGUE[finding.code].messages.values()
        assert any(says(template, finding.message) for template in templates), finding.message
        assert not re.search(r"[{}]|None", finding.message)


def test_every_form_of_every_schema_is_told_in_words() -> None:
    for version in SCHEMAS.versions():
        for path, element in version.model.walk():
            if element.value is not None and element.value.kind is ValueKind.PATTERN:
                assert form_in_words(element.value.patterns), (version.id, path)
