"""The words in which a page says what a schema says."""

import pytest

from app.portal.schema_tree import tree_of
from app.portal.schema_words import schema_anchor
from app.xsd.catalogue import shipped_schemas

SCHEMAS = shipped_schemas()


@pytest.mark.parametrize(
    ("path", "anchor"),
    [
        ("/AnesthesiaRecords/AnesthesiaRecord[3]/Procedure/CPTSet/CPT[2]", "Procedure/CPTSet/CPT"),
        ("/AnesthesiaRecords/AnesthesiaRecord", "AnesthesiaRecord"),
        ("/AnesthesiaRecords/RecordHeader/PracticeID", "RecordHeader/PracticeID"),
        ("/AnesthesiaRecords", "AnesthesiaRecords"),
        ("/AnesthesiaRecords/AnesthesiaRecord[1]/n:PreOp/Age", "PreOp/Age"),
    ],
)
def test_the_path_of_a_finding_leads_to_the_element(path: str, anchor: str) -> None:
    assert schema_anchor(path) == anchor


@pytest.mark.parametrize("version", [each.id for each in SCHEMAS.versions()])
def test_every_form_of_every_version_is_said_in_words(version: str) -> None:
    nodes = list(tree_of(SCHEMAS.get(version)).walk())
    assert {node.type_words for node in nodes if node.patterns} & {"text of a set form"} == set()


@pytest.mark.parametrize("version", [each.id for each in SCHEMAS.versions()])
def test_every_element_has_an_anchor_of_its_own(version: str) -> None:
    anchors = [node.anchor for node in tree_of(SCHEMAS.get(version)).walk()]
    assert len(anchors) == len(set(anchors))


def test_an_element_is_described_as_a_sender_needs_it() -> None:
    nodes = {node.anchor: node for node in tree_of(SCHEMAS.get("2023V1.0")).walk()}
    sex = nodes["Demographic/PatientSex"]
    assert (sex.occurrence, sex.occurrence_words) == ("1", "exactly one")
    assert (sex.type_words, next(iter(sex.allowed))) == ("one of 4 values", "Male")
    staff = nodes["AnesthesiaCase/AnesthesiaStaffSet/AnesthesiaStaff"]
    assert (staff.occurrence, staff.type_words) == ("1..*", "elements")
    weight = nodes["PreOp/WeightInKg"]
    assert (weight.occurrence_words, weight.nillable) == ("at most one", True)
    npi = nodes["AnesthesiaCase/AnesthesiaStaffSet/AnesthesiaStaff/NPI"]
    assert (npi.type_words, npi.patterns) == ("ten digits", ("[0-9]{10}",))
