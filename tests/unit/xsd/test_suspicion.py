"""Where libxml2 found fault is all that has to be looked at: nothing is missed by it."""

import random

import pytest
from lxml import etree
from reading import CATALOGUE, read, sample
from test_faults import FAULTS, Fault

from app.domain.findings import Finding, FindingCode, Scope
from app.synthetic.faults import FAULTS as PLANTABLE
from app.synthetic.generate import GenerationPlan, generate_records
from app.xsd.explain import Place, explain
from app.xsd.suspicion import Suspicion

RECORDS = [
    record.xml.decode()
    for record in generate_records(GenerationPlan(cases=4, version="2020V1.0", seed=3))
]


def explained(record: etree._Element, version: str, *, guided: bool) -> list[Finding]:
    model = CATALOGUE.get(version).model.child("AnesthesiaRecord")
    assert model is not None
    schema = CATALOGUE.compiled(CATALOGUE.get(version))
    schema.validate(record)
    suspicion = Suspicion.of(record, list(schema.error_log)) if guided else None
    return explain(record, model, Place(path="/R", line=1, scope=Scope.RECORD), suspicion)


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault.is_xml], ids=str)
def test_one_fault_is_found_where_libxml2_points(fault: Fault) -> None:
    for record in fault.answer.records:
        assert record.element is not None
        guided = explained(record.element, fault.version, guided=True)
        assert guided == explained(record.element, fault.version, guided=False)


@pytest.mark.parametrize("seed", range(60))
def test_several_faults_are_found_where_libxml2_points(seed: int) -> None:
    chance = random.Random(seed)
    text = chance.choice(RECORDS)
    faults = chance.sample([each for each in PLANTABLE if each.expected > "AR2"], 4)
    for fault in sorted(faults, key=lambda each: each.expected is not FindingCode.WRONG_ORDER):
        text = fault.plant(text)
    record = etree.fromstring(text.encode(), etree.XMLParser(remove_blank_text=True))
    guided = explained(record, "2020V1.0", guided=True)
    assert guided
    assert guided == explained(record, "2020V1.0", guided=False)


def test_what_a_misspelt_section_holds_is_checked_too() -> None:
    text = sample("maximal").replace("PreOp>", "Preop>").replace("<Age>46", "<Age>old")
    found = [(f.code, f.path.rpartition("]/")[2]) for f in read(text.encode()).findings]
    assert found[:2] == [("AR203", "Preop"), ("AR207", "Preop/Age")]


def test_what_stands_without_its_set_is_checked_too() -> None:
    text = sample().replace("<AnesthesiaStaffSet>", "").replace("</AnesthesiaStaffSet>", "")
    (wrapped,) = read(text.encode()).findings
    assert wrapped.message == (
        "AnesthesiaStaff may not stand directly in AnesthesiaCase:"
        " put AnesthesiaStaffSet around it."
    )
    twice = read(text.replace("<NPI>", "<NPI>0").encode()).findings
    assert [finding.code for finding in twice] == ["AR203", "AR206"]
