"""The public pages: every type of problem and every code of a finding leads to one."""

import re

import pytest
from portal_service import ADDRESS, Visitor

from app.domain.findings import FindingCode
from app.web.problems import problem_kinds

VISITOR = Visitor()
PAGES = [
    "/",
    "/docs",
    "/docs/schemas",
    "/docs/findings",
    "/docs/problems",
    *(f"/docs/findings/{code}" for code in FindingCode),
    *(f"/docs/problems/{kind.slug}" for kind in problem_kinds()),
]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_there_and_all_its_links_lead_somewhere(path: str) -> None:
    page = VISITOR.get(path)
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    for link in set(re.findall(r'(?:href|src)="(/[^"]*)"', page.text)):
        if not re.match(r"/docs/(findings|problems)/", link):  # these are asked for on their own
            assert VISITOR.get(link.replace("&amp;", "&")).status_code == 200


@pytest.mark.parametrize("path", ["/", "/docs/findings/AR201", "/docs/problems/not-found"])
def test_a_page_needs_nothing_from_elsewhere_and_runs_nothing(path: str) -> None:
    page = VISITOR.get(path)
    assert "http" not in page.text.replace(ADDRESS, "")
    assert "<script" not in page.text
    assert " style=" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert page.headers["referrer-policy"] == "no-referrer"


def test_examples_are_shown_as_text() -> None:
    page = VISITOR.get("/docs/findings/AR004").text
    assert "&lt;!DOCTYPE AnesthesiaRecords" in page
    assert "<!DOCTYPE AnesthesiaRecords" not in page


def test_the_list_of_findings_has_every_code() -> None:
    page = VISITOR.get("/docs/findings").text
    assert re.findall(r"<code>(AR\d{3})</code>", page) == sorted(FindingCode)


@pytest.mark.parametrize(
    ("path", "slug"),
    [
        ("/docs/findings/AR999", "finding-code-unknown"),
        ("/docs/problems/no-such", "problem-unknown"),
    ],
)
def test_what_was_never_published_is_a_problem(path: str, slug: str) -> None:
    response = VISITOR.get(path)
    assert response.status_code == 404
    assert response.json()["type"] == f"{ADDRESS}/docs/problems/{slug}"


def test_the_start_page_shows_how_to_check_a_file_here() -> None:
    page = VISITOR.get("/").text
    assert f"{ADDRESS}/v1/validate" in page
    assert "2020V1.0R" in page
    assert "2019V1.0" not in page  # closed


@pytest.mark.parametrize(
    ("version", "earlier"),
    [
        ("2018V1.0", "2017V1.0"),
        ("2018V1.0R", "2018V1.0"),  # the first that leaves the order free
        ("2019V1.0R", "2018V1.0R"),
        ("2023V1.0", "2022V1.0"),
    ],
)
def test_a_version_is_compared_with_the_one_its_senders_come_from(
    version: str, earlier: str
) -> None:
    page = VISITOR.get("/docs/schemas").text
    assert re.findall(rf"/v1/schemas/{version}/changes\?since=([^\"]+)", page) == [earlier]


def test_an_assumed_day_is_marked() -> None:
    page = VISITOR.get("/docs/schemas").text
    assert "<td>2019-04-01*</td>" in page
    assert "<td>2020-04-05</td>" in page  # announced
