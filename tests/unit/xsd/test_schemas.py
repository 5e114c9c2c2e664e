"""Every version of the schema: what it accepts and refuses, and that two XSD engines agree."""

from collections import deque

import pytest
from lxml import etree
from schema_engines import (
    VERSIONS,
    XSI_NIL,
    declarations,
    first,
    is_valid,
    is_valid_value,
    leaves,
    libxml2,
    sample,
    xmlschema10,
)

PLAIN = [version for version in VERSIONS if not version.endswith("R")]
ANY_ORDER = [version for version in VERSIONS if version.endswith("R")]

every_version = pytest.mark.parametrize("version", VERSIONS)


@every_version
def test_a_version_compiles_and_names_the_parts_a_reader_checks(version: str) -> None:
    assert libxml2(version)
    assert set(xmlschema10(version).elements) == {
        "AnesthesiaRecords",
        "RecordHeader",
        "AnesthesiaRecord",
    }


@every_version
@pytest.mark.parametrize("name", ["minimal", "maximal"])
def test_a_sample_is_valid_as_a_whole_and_part_by_part(version: str, name: str) -> None:
    root = sample(version, name)
    assert is_valid(version, root)
    assert all(is_valid(version, part) for part in (root[0], root[1]))


@every_version
def test_the_maximal_sample_holds_every_element_and_repeated_ones_twice(version: str) -> None:
    root = sample(version)
    for path, declaration in declarations(version).items():
        fewest = min(
            len(parent.findall(declaration.local_name))
            for parent in root.iterfind(path.rpartition("/")[0] or ".")
        )
        assert fewest == (2 if declaration.max_occurs is None else 1), path


@every_version
def test_the_minimal_sample_needs_each_of_its_elements(version: str) -> None:
    for left_out in range(1, len(list(sample(version, "minimal").iter()))):
        root = sample(version, "minimal")
        element = list(root.iter())[left_out]
        element.getparent().remove(element)
        assert not libxml2(version).validate(root), element.tag


@every_version
def test_every_listed_value_is_accepted(version: str) -> None:
    root = sample(version)
    listed = [leaf for leaf in leaves(version) if leaf.values]
    assert len(listed) >= 25
    for leaf in listed:
        element = first(root, leaf.path)
        as_it_was = element.text
        for value in leaf.values:
            element.text = value
            assert is_valid_value(version, leaf, element), (leaf.path, value)
        element.text = as_it_was


@every_version
def test_a_near_miss_of_a_listed_value_is_refused(version: str) -> None:
    root = sample(version)
    for leaf in leaves(version):
        element = first(root, leaf.path)
        as_it_was = element.text
        for value in leaf.values:
            for near_miss in {f"{value}?", value.swapcase()} - set(leaf.values):
                element.text = near_miss
                assert not is_valid_value(version, leaf, element), (leaf.path, near_miss)
        element.text = as_it_was


@pytest.mark.parametrize("version", PLAIN)
def test_a_plain_version_takes_the_sections_in_one_order_only(version: str) -> None:
    record = first(sample(version), "AnesthesiaRecord")
    assert [is_valid(version, turned) for turned in rotations(record)] == [True] + [False] * 8


@pytest.mark.parametrize("version", ANY_ORDER)
def test_an_r_version_takes_the_sections_in_any_order(version: str) -> None:
    record = first(sample(version), "AnesthesiaRecord")
    assert [is_valid(version, turned) for turned in rotations(record)] == [True] * 9


@pytest.mark.parametrize("version", ANY_ORDER)
def test_an_r_version_takes_a_section_once(version: str) -> None:
    record = first(sample(version), "AnesthesiaRecord")
    record.append(etree.fromstring(etree.tostring(first(record, "PreOp"))))
    assert not is_valid(version, record)


@every_version
@pytest.mark.parametrize("section", ["Demographic", "AnesthesiaCase", "PostOp"])
def test_the_order_inside_a_section_is_strict(version: str, section: str) -> None:
    record = first(sample(version), "AnesthesiaRecord")
    inside = first(record, section)
    inside.append(inside[0])
    assert not is_valid(version, record)


@every_version
def test_an_optional_value_may_be_nil_and_a_required_one_may_not(version: str) -> None:
    never_nil = {"ProcedureName"} if version.startswith("2023") else set()
    for leaf in leaves(version):
        root = sample(version)
        element = first(root, leaf.path)
        element.text = None
        element.set(XSI_NIL, "true")
        optional = leaf.declaration.min_occurs == 0 and element.tag not in never_nil
        assert is_valid_value(version, leaf, element) is optional, leaf.path


@every_version
def test_the_root_takes_a_schema_hint_and_no_attribute_of_its_own(version: str) -> None:
    root = sample(version, "minimal")
    root.set(XSI_NIL.replace("nil", "noNamespaceSchemaLocation"), "anything.xsd")
    assert libxml2(version).validate(root)
    root.set("version", version)
    assert not libxml2(version).validate(root)


@every_version
def test_a_version_accepts_its_own_id_only(version: str) -> None:
    for other in VERSIONS:
        header = sample(version)[0]
        first(header, "AQIXMLVersion").text = other
        assert is_valid(version, header) is (other == version)


def rotations(record: etree._Element) -> list[etree._Element]:
    """`record` with its sections turned by 0, 1, 2 ... places."""
    turned = []
    sections = deque(record)
    for _ in range(len(sections)):
        copy = etree.Element(record.tag)
        copy.extend(etree.fromstring(etree.tostring(section)) for section in sections)
        turned.append(copy)
        sections.rotate(-1)
    return turned
