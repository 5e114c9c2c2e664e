"""The page that stands alone: everything on it, nothing loaded, nothing run."""

import re
import time

import pytest
from checking import URL, written
from lxml import etree, html

from app.reports.formats import ReportFormat
from tests.case_files import a_case_file, a_record

FAULTY = a_case_file(
    a_record("A-1", sex="female"), a_record("A-2"), a_record("A-3", age="old", sex="male")
)


def page(case_file: bytes, **options: object) -> etree._Element:
    return html.document_fromstring(written(case_file, ReportFormat.HTML, **options))


def texts(found: list[etree._Element]) -> list[str]:
    return [" ".join(each.text_content().split()) for each in found]


def test_the_verdict_stands_on_top() -> None:
    (verdict,) = texts(page(FAULTY).find_class("verdict"))
    assert verdict.startswith("3 errors")
    assert texts(page(FAULTY).findall(".//h2")) == ["march.xml"]


def test_all_findings_are_counted_by_severity_and_code() -> None:
    for limit in (1000, 1):
        rows = page(FAULTY, max_findings=limit).xpath("//table//tr[td]")
        counted = {row[1].text_content().strip(): row[-1].text_content().strip() for row in rows}
        assert (counted["AR201"], counted["AR207"]) == ("2", "1")


def test_findings_are_grouped_by_record() -> None:
    headings = texts(page(FAULTY).findall(".//h3"))
    assert [heading for heading in headings if heading != "Record 2, A-2"] == [
        "Record 1, A-1",
        "Record 3, A-3",
    ]


def test_each_finding_shows_its_lines_and_marks_the_fault() -> None:
    article = page(FAULTY).xpath("//article[contains(., 'AR201')]")[0]
    assert article.findtext(".//mark") == "female"
    above, line, carets, below = article.find("pre").text_content().splitlines()
    assert "<AnesthesiaRecord>" in above
    assert "<Procedure>" in below
    assert line.index("female") == carets.index("^^^^^^")
    assert "Did you mean Female?" in article.text_content()


def test_it_loads_and_runs_nothing() -> None:
    whole = page(FAULTY)
    assert not whole.xpath("//script | //link | //img | //iframe | //@src | //@style")
    assert not re.search(r"url\(|@import", whole.findtext(".//style"))
    assert all(link.startswith(f"{URL}/docs/findings/AR") for link in whole.xpath("//@href"))


def test_nothing_of_the_file_becomes_part_of_the_page() -> None:
    hostile = "<script>alert(1)</script>"
    sent = a_case_file(a_record("&lt;script&gt;", sex=hostile.replace("<", "&lt;")))
    whole = page(sent, name=f"{hostile}.xml")
    assert not whole.xpath("//script")
    assert texts(whole.findall(".//h2")) == [f"{hostile}.xml"]


def a_thousand_faults_behind(comments: str) -> bytes:
    faults = f"</ASAClass>{comments}<ICDSet>{'<ICD/>' * 1_000}</ICDSet>"
    return a_case_file(a_record().replace("</ASAClass>", faults))


def a_thousand_faults_beside(notes: str) -> bytes:
    tag = f'<AnesthesiaRecord xmlns:x="urn:example" notes="{notes}">'
    return a_case_file(a_record().replace("<AnesthesiaRecord>", tag + "<x:y/>" * 999))


LARGE = {
    "behind comments": a_thousand_faults_behind(f"<!--{'x' * 5_000_000}-->" * 3),
    "beside an attribute": a_thousand_faults_beside("n" * 9_500_000),
}


@pytest.mark.parametrize("case_file", LARGE.values(), ids=list(LARGE))
def test_a_large_record_with_many_findings_takes_seconds(case_file: bytes) -> None:
    began = time.process_time()
    articles = page(case_file).xpath("//article")
    seconds = time.process_time() - began
    assert len(articles) == 1_000
    assert seconds < 5


def test_a_file_without_findings_has_a_short_page() -> None:
    clean = page(a_case_file(), max_findings=0)
    assert texts(clean.find_class("verdict"))[0].startswith("Valid")
    assert not clean.findall(".//article")
