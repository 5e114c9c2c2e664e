"""Sound records give no warning: generated ones and the samples, of every version."""

import io
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from app.checking.checker import CheckedRecord, Expectation, check_case_file
from app.checking.standards import load_standards
from app.domain.findings import Finding, FindingCode, Severity
from app.synthetic.form import VERSIONS
from app.synthetic.generate import GenerationPlan, generate_case_file
from app.xsd.catalogue import SchemaVersion
from app.xsd.samples import sample_case_file

DATA = Path(__file__).parents[2] / "data"
STANDARDS = load_standards()
DAY = date(2026, 11, 1)


def findings_of_records(case_file: bytes) -> Iterator[Finding]:
    for checked in check_case_file(io.BytesIO(case_file), STANDARDS, Expectation(day=DAY)):
        if isinstance(checked, CheckedRecord):
            yield from checked.findings


def codes_of(case_file: bytes) -> list[FindingCode]:
    return [finding.code for finding in findings_of_records(case_file)]


@pytest.mark.parametrize("version", VERSIONS)
def test_generated_cases_are_sound(version: str) -> None:
    plan = GenerationPlan(cases=250, version=version, seed=len(version))
    case_file = b"".join(generate_case_file(plan))
    assert Counter(codes_of(case_file)) == {}


@pytest.mark.parametrize("year", [2024, 2025])
def test_generated_cases_of_later_years_are_sound(year: int) -> None:
    plan = GenerationPlan(cases=250, version="2023V1.0", year=year, seed=1, detail="small")
    assert codes_of(b"".join(generate_case_file(plan))) == []


@pytest.mark.parametrize(
    "path", sorted(DATA.glob("*/valid/maximal.xml")), ids=lambda path: path.parts[-3]
)
def test_a_full_sample_is_sound(path: Path) -> None:
    assert codes_of(path.read_bytes()) == []


@pytest.mark.parametrize(
    "path", sorted(DATA.glob("*/valid/minimal.xml")), ids=lambda path: path.parts[-3]
)
def test_what_the_schema_asks_for_leaves_out_both_codes_that_aqi_asks_for(path: Path) -> None:
    assert codes_of(path.read_bytes()) == [FindingCode.MINIMUM_FIELD_MISSING] * 2


@pytest.mark.parametrize("version", STANDARDS.schemas.versions(), ids=lambda version: version.id)
def test_the_schema_of_every_version_asks_for_a_payment_method(version: SchemaVersion) -> None:
    sample = sample_case_file(version).decode()
    without = re.sub(r"\s*<PaymentMethod>.*?</PaymentMethod>", "", sample, flags=re.DOTALL)
    assert codes_of(sample.encode()) == []
    found = list(findings_of_records(without.encode()))
    assert {(each.code, each.severity) for each in found} == {
        (FindingCode.MISSING_ELEMENT, Severity.ERROR)
    }
    assert all("PaymentMethod" in each.message for each in found)
