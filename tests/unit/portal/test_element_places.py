"""Where an element stands in a case file, found by the path that a finding gives."""

import pytest

from app.portal.element_places import element_places

FILE = """\
<?xml version="1.0"?>
<!-- <AnesthesiaRecord> in a comment is none -->
<AnesthesiaRecords>
  <AnesthesiaRecord><PreOp><Age>1</Age></PreOp><IntraOp/></AnesthesiaRecord>
  <AnesthesiaRecord>
    <PreOp><Age unit="years">2</Age><Age>3</Age></PreOp>
    <IntraOp/>
    <PostOp><![CDATA[<Age>]]></PostOp>
  </AnesthesiaRecord>
</AnesthesiaRecords>
"""
RECORDS = "/AnesthesiaRecords/AnesthesiaRecord"


@pytest.mark.parametrize(
    ("path", "begins"),
    [
        ("/AnesthesiaRecords", "<AnesthesiaRecords>"),
        (f"{RECORDS}[1]/PreOp/Age", "<Age>1<"),
        (f"{RECORDS}[2]/PreOp/Age", '<Age unit="years">2<'),
        (f"{RECORDS}[2]/PreOp/Age[2]", "<Age>3<"),
        (f"{RECORDS}[2]/PostOp", "<PostOp>"),
        (f"{RECORDS}[2]/PreOp/ASAClass", "<PreOp><Age unit"),  # missing: the nearest parent
        (f"{RECORDS}[2]/ns:PreOp/Age", '<Age unit="years">2<'),
    ],
)
def test_the_element_of_a_path_is_found(path: str, begins: str) -> None:
    assert FILE[element_places(FILE, [path])[path] :].startswith(begins)


def test_a_path_into_nothing_has_no_place() -> None:
    assert element_places(FILE, ["/Other", "/"]) == {}


@pytest.mark.parametrize("text", ["", "PK\x03\x04", "<AnesthesiaRecords", "<!-- never closed"])
def test_what_is_no_xml_has_no_places(text: str) -> None:
    assert element_places(text, [f"{RECORDS}[1]"]) == {}


def test_a_tag_too_many_does_not_end_the_search() -> None:
    text = "</a></b><AnesthesiaRecords></c><AnesthesiaRecord>"
    assert element_places(text, ["/AnesthesiaRecords"]) == {"/AnesthesiaRecords": 8}
