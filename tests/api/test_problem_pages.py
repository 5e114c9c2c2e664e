"""The public pages: each is there, leads on, needs nothing else, and keeps its address."""

import re
from functools import cache

import pytest
from portal_service import ADDRESS, Visitor

from app.domain.finding_catalogue import finding_catalogue
from app.domain.findings import FindingCode
from app.web.problems import problem_kinds

VISITOR = Visitor()
PAGES = [
    "/",
    "/docs",
    "/docs/api",
    "/docs/findings",
    "/docs/problems",
    "/docs/quick-start",
    "/docs/samples",
    "/docs/samples/2018V1.0R",
    "/docs/schemas",
    "/docs/schemas/2020V1.0",
    "/docs/schemas/2020V1.0/changes",
    "/validator",
    "/validator/samples/2020V1.0/faulty",
]
HELP_PAGES = [
    *(f"/docs/findings/{code}" for code in FindingCode),
    *(f"/docs/problems/{kind.slug}" for kind in problem_kinds()),
]
ASKED_ON_THEIR_OWN = re.compile(r"/docs/(findings|problems)/|/validator/|/docs/schemas/.*changes")


@cache
def status_of(link: str) -> int:
    """Asked once: every page has the links of the navigation."""
    return VISITOR.get(link).status_code


@pytest.mark.parametrize("path", [*PAGES, *HELP_PAGES])
def test_a_page_is_there_and_all_its_links_lead_somewhere(path: str) -> None:
    page = VISITOR.get(path)
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    for link in set(re.findall(r'(?:href|src)="(/[^"#]*)', page.text)):
        if not ASKED_ON_THEIR_OWN.match(link):
            assert status_of(link.replace("&amp;", "&")) == 200, link


@pytest.mark.parametrize("path", PAGES)
def test_links_within_a_page_lead_to_something_on_it(path: str) -> None:
    page = VISITOR.get(path).text
    names = re.findall(r'\bid="([^"]+)"', page)
    assert len(names) == len(set(names))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(names)


@pytest.mark.parametrize("path", [*PAGES, "/docs/findings/AR201", "/docs/problems/not-found"])
def test_a_page_needs_nothing_from_elsewhere_and_holds_no_script_or_style(path: str) -> None:
    page = VISITOR.get(path)
    assert re.findall(r'(?:src|href|action)="(?!/|#)[^"]*"', page.text) == []
    assert re.findall(r"<script(?! src=\"/static/)", page.text) == []
    assert not re.search(r" style=|<style| on[a-z]+=", page.text)
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert page.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("path", [*PAGES, "/docs/findings/AR201", "/docs/problems/not-found"])
def test_a_page_has_one_heading_a_language_and_a_way_past_the_navigation(path: str) -> None:
    page = VISITOR.get(path).text
    assert page.count("<h1") == 1
    assert '<html lang="en">' in page
    assert '<a class="skip" href="#content">' in page
    assert len(re.findall(r"<title>[^<]+ · Anesthesia registry</title>", page)) == 1


def test_examples_are_shown_as_text() -> None:
    page = VISITOR.get("/docs/findings/AR004").text
    assert "DOCTYPE AnesthesiaRecords" in page
    assert "<!DOCTYPE AnesthesiaRecords" not in page


def test_the_list_of_findings_has_every_code() -> None:
    page = VISITOR.get("/docs/findings").text
    assert re.findall(r"<code>(AR\d{3})</code>", page) == sorted(FindingCode)


def test_a_finding_is_explained_with_what_a_report_says_and_both_examples() -> None:
    page = VISITOR.get("/docs/findings/AR201").text
    help_ = finding_catalogue()[FindingCode.NOT_IN_LIST]
    assert help_.title in page
    assert help_.explanation in page
    assert help_.mend in page
    assert "&lt;PatientSex&gt;<del>F</del>&lt;/PatientSex&gt;" in page
    assert "&lt;PatientSex&gt;<ins>Female</ins>&lt;/PatientSex&gt;" in page
    assert 'href="/validator/examples/AR201"' in page


@pytest.mark.parametrize("path", [*PAGES, *HELP_PAGES])
def test_names_in_a_text_are_shown_as_code_and_not_in_backticks(path: str) -> None:
    page = VISITOR.get(path).text
    assert "`" not in re.sub(r"<(pre|textarea|ol)\b.*?</\1>", "", page, flags=re.DOTALL)


def test_what_stands_between_backticks_is_escaped() -> None:
    page = VISITOR.get("/docs/problems/not-authenticated").text
    assert "<code>Authorization: Bearer &lt;key&gt;</code>" in page


def test_from_finding_to_finding_there_is_a_way_through_all_of_them() -> None:
    code: str | None = "AR001"
    passed = []
    while code:
        passed.append(code)
        onward = re.search(r'rel="next" href="/docs/findings/(\w+)"', _finding_page(code))
        code = onward[1] if onward else None
    assert passed == sorted(FindingCode)


def _finding_page(code: str) -> str:
    return VISITOR.get(f"/docs/findings/{code}").text


@pytest.mark.parametrize(
    ("path", "slug"),
    [
        ("/docs/findings/AR999", "finding-code-unknown"),
        ("/docs/problems/no-such", "problem-unknown"),
        ("/docs/schemas/2021V1.0", "schema-version-unknown"),
        ("/docs/samples/2021V1.0", "schema-version-unknown"),
        ("/docs/samples/2020V1.0/no-such.xml", "not-found"),
        ("/validator/samples/2020V1.0/no-such", "not-found"),
        ("/validator/examples/AR999", "finding-code-unknown"),
        ("/static/no-such.css", "not-found"),
        ("/static/..%2Fpages.py", "not-found"),
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


def test_what_a_page_loads_may_be_kept_until_it_changes() -> None:
    stylesheet = re.search(r'href="(/static/portal\.css\?v=\w+)"', VISITOR.get("/").text)
    assert stylesheet is not None
    first = VISITOR.get(stylesheet[1])
    assert first.headers["content-type"] == "text/css; charset=utf-8"
    assert "max-age" in first.headers["cache-control"]
    again = VISITOR.get(stylesheet[1], headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304


def test_the_reference_has_every_call() -> None:
    page = VISITOR.get("/docs/api").text
    for path, operations in VISITOR.get("/openapi.json").json()["paths"].items():
        for method in operations:
            call = f'<span class="method {method}">{method.upper()}</span> <code>{path}</code>'
            assert call in page
