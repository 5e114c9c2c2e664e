"""Each planted fault spoils its record and no other."""

import io

import pytest
from generated_xml import is_valid_alone

from app.synthetic.faults import FAULTS
from app.synthetic.form import VERSIONS
from app.synthetic.generate import (
    GenerationPlan,
    generate_case_file,
    generate_records,
    planted_faults,
)
from app.xsd.catalogue import shipped_schemas
from app.xsd.reader import read_case_file
from app.xsd.reads import RecordRead


@pytest.mark.parametrize("version", VERSIONS)
def test_exactly_the_records_with_a_fault_are_invalid(version: str) -> None:
    plan = GenerationPlan(cases=60, version=version, fault_rate=0.4, detail="small")
    records = list(generate_records(plan))
    spoilt = [record.number for record in records if record.fault]
    assert 10 < len(spoilt) < 40
    assert [record.number for record in records if not is_valid_alone(record.xml, plan)] == spoilt


def test_every_fault_gets_its_turn() -> None:
    plan = GenerationPlan(cases=600, fault_rate=1.0, detail="small")
    planted = list(planted_faults(plan))
    assert len(planted) == 600
    assert {(fault.name, fault.expected) for fault in planted} == {
        (fault.name, fault.expected) for fault in FAULTS
    }


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
@pytest.mark.parametrize("detail", ["full", "small"])
def test_a_fault_can_be_planted_in_any_record(fault, detail: str) -> None:
    plan = GenerationPlan(cases=25, version="2020V1.0", detail=detail)
    for record in generate_records(plan):
        spoilt = fault.plant(record.xml.decode())
        assert not is_valid_alone(spoilt.encode(), plan)
        assert is_valid_alone(record.xml, plan)


def test_faults_leave_the_other_records_as_they_are() -> None:
    clean = [record.xml for record in generate_records(GenerationPlan(cases=80))]
    for record in generate_records(GenerationPlan(cases=80, fault_rate=0.3)):
        assert (record.xml == clean[record.number - 1]) == (record.fault is None)


def test_a_planted_fault_names_its_record() -> None:
    plan = GenerationPlan(cases=20, seed=5, fault_rate=1.0, detail="small")
    fault = list(planted_faults(plan))[6]
    assert fault.record == 7
    assert fault.anesthesia_record_id == "2023-5-0000007"


def test_without_a_fault_rate_nothing_is_spoilt() -> None:
    assert list(planted_faults(GenerationPlan(cases=200, detail="small"))) == []


@pytest.mark.parametrize("version", ["2017V1.0", "2020V1.0R", "2023V1.0"])
def test_the_reader_finds_what_was_planted_and_nothing_else(version: str) -> None:
    plan = GenerationPlan(cases=300, version=version, fault_rate=0.5, detail="small")
    case_file = io.BytesIO(b"".join(generate_case_file(plan)))
    found = {
        read.number: [finding.code for finding in read.findings if finding.is_error]
        for read in read_case_file(case_file, shipped_schemas())
        if isinstance(read, RecordRead)
    }
    planted = {fault.record: [fault.expected] for fault in planted_faults(plan)}
    assert found == {number: planted.get(number, []) for number in range(1, 301)}
