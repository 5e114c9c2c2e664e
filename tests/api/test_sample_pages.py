"""Sample case files: good ones pass everything, the faulty one gives what its page names."""

import re
from datetime import date

import pytest
from lxml import etree
from portal_service import SCHEMAS, XML, Visitor, create_test_app

from app.portal.sample_files import samples

VISITOR = Visitor()
VERSIONS = [version.id for version in SCHEMAS.versions()]
WORKFLOWS = {
    "general-anesthesia",
    "medical-direction",
    "labor-epidural",
    "surgery-center-sedation",
    "pediatric",
    "quality-and-outcomes",
}
# Elements that samples name and some versions do not have.
NOT_IN_EVERY_VERSION = {"ProcedureName"}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", samples())
def test_a_sample_gives_exactly_the_findings_that_its_page_names(version: str, name: str) -> None:
    visitor = Visitor(create_test_app(day=date(SCHEMAS.get(version).year, 12, 31)))
    file = visitor.get(f"/docs/samples/{version}/{name}.xml")
    assert file.headers["content-type"] == "application/xml"
    report = visitor.post("/v1/validate", content=file.content, headers=XML).json()
    assert report["schema_version"] == version
    found = [finding["code"] for finding in report["findings"]]
    # That a version is closed is no fault of the sample.
    assert [code for code in found if code != "AR105"] == list(samples()[name].codes)


def test_the_page_offers_every_sample_and_names_the_faults() -> None:
    page = VISITOR.get("/docs/samples/2023V1.0").text
    offered = re.findall(r'href="/docs/samples/2023V1.0/([\w-]+)\.xml"', page)
    assert offered == list(samples())
    assert set(offered) == {"minimal", "full", "faulty"} | WORKFLOWS
    named = re.findall(r'<a href="/docs/findings/(\w+)">', page)
    assert named[: len(samples()["faulty"].codes)] == list(samples()["faulty"].codes)


@pytest.mark.parametrize("name", sorted(WORKFLOWS))
def test_a_sample_of_an_older_version_lacks_only_what_that_version_has_not(name: str) -> None:
    newest = _elements("2023V1.0", name)
    for version in VERSIONS:
        renamed = {"CPTAnessSet": "CPTAnesSet", "CPTAnesModifer": "CPTAnesModifier"}
        present = {renamed.get(each, each) for each in _elements(version, name)}
        missing = newest - present
        if name == "pediatric" and version == "2017V1.0":  # its measure began in 2018
            missing -= {each for each in newest if each.startswith("QCDR")} | {"OutcomesEvents"}
        assert missing <= NOT_IN_EVERY_VERSION


def _elements(version: str, name: str) -> set[str]:
    content = VISITOR.get(f"/docs/samples/{version}/{name}.xml").content
    return {str(element.tag) for element in etree.fromstring(content).iter("*")}


def test_the_samples_without_a_version_are_those_of_the_newest_that_is_open() -> None:
    assert "2020V1.0/minimal.xml" in VISITOR.get("/docs/samples").text
