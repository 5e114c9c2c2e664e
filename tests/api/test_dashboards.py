"""The dashboards of a practice, its clinicians and facilities, as people open them."""

import csv
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest
from anyio.from_thread import BlockingPortal
from httpx import Response
from lxml import html
from sqlalchemy import Engine, event

from app.domain.principals import Role
from app.portal.pages import STATIC, asset
from tests.billing import enter_prices, order
from tests.case_files import NPI, OTHER_NPI, OTHER_TIN, TIN, a_case_file, a_record
from tests.people import Browser, browser_of, text_of
from tests.registry import OTHER_PRACTICE, PRACTICE, Registry
from tests.rosters import Staff
from tests.smokers import ABSTAINED, SMOKED, smoker

ROOT: Final = f"/practices/{PRACTICE}/dashboard"
FEW_QUERIES: Final = 10
SMALL: Final = 100_000


@pytest.fixture
def robin(registry: Registry, portal: BlockingPortal) -> Browser:
    return browser_of(registry, portal, Role.PRACTICE)


def on(day: str, record_id: str, **facts: Any) -> str:
    return a_record(record_id, start=f"{day}T07:30:00", end=f"{day}T09:30:00", **facts)


def csv_of(answer: Response) -> list[list[str]]:
    assert answer.headers["Content-Type"].startswith("text/csv"), answer.text
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def table_of(browser: Browser, path: str, figure: str, **state: str) -> list[list[str]]:
    """What a figure shows, as its link to the CSV gives it."""
    page = browser.get(path, params=state or None)
    assert page.status_code == 200, page.text
    [link] = html.fromstring(page.text).xpath(
        f"//figure[@id='{figure}']//a[contains(., 'CSV')]/@href"
    )
    return csv_of(browser.get(str(link)))


def chart_of(page: Response, figure: str) -> Any:
    [data] = html.fromstring(page.text).xpath(f"//figure[@id='{figure}']//script/text()")
    return json.loads(str(data))


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The statements that are run meanwhile; those that bind a transaction are none."""
    seen: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


# The practice


def test_a_practice_sees_its_year_beside_the_last_one_and_its_order(
    registry: Registry, staff: Staff, robin: Browser
) -> None:
    staff.bring_in_robin()
    enter_prices(registry)
    order(registry.practice(), cases=5)
    registry.vendor().send(
        a_case_file(
            on("2023-02-01", "B-1"),
            on("2023-09-01", "B-2"),
            on("2024-02-01", "A-1"),
            on("2024-02-02", "A-2"),
            on("2024-03-02", "A-3"),
            on("2024-03-03", "A-4", staff=[(OTHER_TIN, NPI)]),  # held, so it does not count
        )
    )
    page = robin.get(ROOT, params={"year": "2024"})
    told = text_of(page)
    assert "Cases of 2024 3 +200.0 % against 2023, until the end of May" in told
    assert "60.0 % 5 ordered; at this pace 7" in told  # three in five months
    months = table_of(robin, ROOT, "cases-by-month", year="2024")
    assert months[0] == ["Month", "2024", "2023"]
    assert months[2] == ["Feb", "2", "1"]
    assert months[7] == ["Jul", "", "0"], "it is the first of June"
    assert months[9] == ["Sep", "", "1"]
    sums = table_of(robin, ROOT, "cases-against-order", year="2024")
    assert sums[3] == ["Mar", "3", "1", "5"]
    chart = chart_of(page, "cases-by-month")
    assert [series["values"][1] for series in chart["series"]] == [2, 1]
    assert "3 cases of 2024" in chart["summary"]


def test_the_address_of_a_page_says_all_that_it_shows(registry: Registry, robin: Browser) -> None:
    registry.vendor().send(a_case_file(on("2023-02-01", "B-1")))
    today = robin.get(ROOT)
    [link] = html.fromstring(today.text).xpath(
        "//figure[@id='cases-by-month']//a[contains(., 'Link')]/@href"
    )
    assert link == f"{ROOT}?year=2024#cases-by-month"
    assert table_of(robin, ROOT, "cases-by-month", year="2023")[2] == ["Feb", "1", "0"]


def test_what_was_sent_is_told_with_its_findings(registry: Registry, robin: Browser) -> None:
    registry.vendor().send(
        a_case_file(a_record("A-1"), a_record("A-2", sex="female"), a_record("A-3", sex="X"))
    )
    page = robin.get(ROOT)
    told = text_of(page)
    assert "33.33 % of 3 records in 1 file were accepted" in told
    *_, sent = table_of(robin, ROOT, "records-by-month")
    assert sent[1:5] == ["1", "0", "2", "1"]
    kinds = table_of(robin, ROOT, "open-findings")
    assert ["AR201", "2", "error", "0", "1"] in [[*row[:2], *row[3:]] for row in kinds]
    [_, last] = table_of(robin, ROOT, "last-submissions")
    assert last[1] == "partially accepted"
    [report] = html.fromstring(page.text).xpath("//figure[@id='last-submissions']//th/a/@href")
    assert "AR201" in robin.get(str(report)).text


def test_measures_stand_beside_their_benchmark_with_what_would_help(
    registry: Registry, robin: Browser
) -> None:
    answers = [ABSTAINED] * 15 + [SMOKED] * 5
    registry.vendor().send(
        a_case_file(
            *(smoker(f"S-{number}", answer) for number, answer in enumerate(answers)),
            *(smoker(f"N-{number}") for number in range(10)),
        )
    )
    page = robin.get(ROOT)
    rates = {row[0]: row for row in table_of(robin, ROOT, "rates-1")}
    assert rates["404"][1] == "75"
    assert rates["404"][2:6] == ["5", "≥ 77.27", "0", "data is not complete"]
    place = [row[0] for row in table_of(robin, ROOT, "rates-1")[1:]].index("404")
    chart = chart_of(page, "rates-1")
    assert chart["values"][place] == 75.0
    assert [band[0] for band in chart["bands"][place]][-1] == 10
    completeness = {row[0]: row for row in table_of(robin, ROOT, "completeness-1")}
    assert completeness["404"][2:] == ["30", "10", "3"]  # 75 % of 30 is 22.5
    assert f"Answer more cases of TIN {TIN}: 3 of 404" in text_of(page)
    steps = text_of(robin.get(f"{ROOT}/score"))
    assert "How the estimate comes about" in steps
    assert "the threshold is 75" in steps


def test_a_year_without_anything_says_so(robin: Browser) -> None:
    for year in ("2001", "2024"):
        told = text_of(robin.get(ROOT, params={"year": year}))
        assert f"The practice has 0 cases of {year}" in told
        assert f"No measure of {year} has an eligible case." in told
    assert "is not known here" in text_of(robin.get(f"{ROOT}/score", params={"year": "2001"}))


def test_a_figure_that_is_not_there_is_told_on_a_page(robin: Browser) -> None:
    for query in ({"format": "csv"}, {"format": "csv", "figure": "x"}, {"format": "pdf"}):
        answer = robin.get(ROOT, params=query)
        assert answer.status_code == 422
        assert "To your practices" in answer.text


# Clinicians


def test_the_clinicians_are_listed_and_each_has_a_page(
    registry: Registry, staff: Staff, robin: Browser
) -> None:
    clinician = staff.bring_in_robin()
    registry.vendor().send(
        a_case_file(on("2024-02-01", "A-1"), on("2024-02-02", "A-2", staff=[(TIN, OTHER_NPI)]))
    )
    rows = table_of(robin, f"{ROOT}/clinicians", "clinicians")
    assert rows[1:] == [
        ["Robin Example", NPI, "missing", "1", "0"],
        ["not on the roster", OTHER_NPI, "", "1", "0"],
    ]
    second = robin.get(f"{ROOT}/clinicians", params={"year": "2024", "start": "1"})
    assert OTHER_NPI in second.text, "a page goes on where the one before ended"
    assert NPI not in second.text
    [before] = html.fromstring(second.text).xpath("//p[@class='years']/a[@rel='prev']/@href")
    assert before == f"{ROOT}/clinicians?year=2023", "another year begins at its first page"
    assert table_of(robin, f"{ROOT}/clinicians", "clinicians", start="1") == rows
    [path] = html.fromstring(robin.get(f"{ROOT}/clinicians").text).xpath("//figure//th/a/@href")
    assert NPI not in str(path)
    told = text_of(robin.get(str(path)))
    assert "Robin Example has 1 case of 2024" in told
    assert "the practice is not registered for the year" in told
    own = f"{ROOT}/clinicians/{clinician['id']}"
    assert table_of(robin, own, "cases-by-month", year="2024")[2] == ["Feb", "1", "0"]
    taken = [
        entry["details"]["list"]
        for entry in registry.admin().read("/v1/audit", practice_id=PRACTICE)["items"]
        if entry["action"] == "list.exported"
    ]
    assert taken == ["cases_of_clinicians"] * 2, "whoever takes people along is written down"


def test_a_clinician_sees_their_own_figures_and_nobody_else_s(
    registry: Registry, portal: BlockingPortal, staff: Staff, robin: Browser
) -> None:
    clinician = staff.bring_in_robin()
    registry.vendor().send(
        a_case_file(
            *(smoker(f"S-{number}", ABSTAINED) for number in range(3)),
            on("2024-02-02", "A-2", staff=[(TIN, OTHER_NPI)]),
        )
    )
    themself = browser_of(registry, portal, Role.CLINICIAN)
    [door] = html.fromstring(themself.get("/home").text).xpath("//a[text()='Dashboard']/@href")
    told = text_of(themself.get(str(door)))
    assert "Robin Example" in told
    assert "Cases of 2024 3" in told
    assert table_of(themself, f"{ROOT}/me", "rates-1")[1][:2] == ["404", "100"]
    for path in ("", "/clinicians", f"/clinicians/{clinician['id']}", "/facilities", "/score"):
        assert themself.get(f"{ROOT}{path}").status_code == 403, path
    assert themself.get(f"/practices/{OTHER_PRACTICE}/dashboard/me").status_code == 403
    assert robin.get(f"{ROOT}/me").status_code == 403, "who has no NPI has no such page"


# Facilities


def test_a_facility_has_what_can_be_told_and_says_what_cannot(
    registry: Registry, staff: Staff, robin: Browser
) -> None:
    staff.bring_in_robin()
    staff.add("facilities", facility_id="F-01", name="Northgate Day Surgery", place_of_service=24)
    registry.vendor().send(
        a_case_file(on("2025-02-01", "A-1"), on("2025-02-02", "A-2", facility="F & 2"))
    )
    rows = table_of(robin, f"{ROOT}/facilities", "facilities", year="2025")
    assert rows[1:] == [
        ["not on the roster", "F & 2", "", "1", "0"],
        ["Northgate Day Surgery", "F-01", "24", "1", "0"],
    ]
    page = robin.get(f"{ROOT}/facilities", params={"year": "2025"})
    strange, known = html.fromstring(page.text).xpath("//figure//th/a/@href")
    assert "Facility id F & 2, not on the roster" in text_of(robin.get(str(strange)))
    told = text_of(robin.get(str(known)))
    assert "a record that is rejected is not stored" in told
    assert "Measures of surgical centers" in told
    assert table_of(robin, str(known), "clinicians")[1] == ["Robin Example", NPI, "1", "0"]
    assert table_of(robin, str(known), "asc-measures")[1][0] == "ASC-1"
    assert robin.get(f"{ROOT}/facilities/facility", params={"facility": "F-99"}).status_code == 404


# What it costs


def test_a_page_asks_few_questions(registry: Registry, staff: Staff, robin: Browser) -> None:
    """Besides the one that tells who is signed in."""
    clinician = staff.bring_in_robin()
    registry.vendor().send(a_case_file(*(smoker(f"S-{number}", SMOKED) for number in range(2))))
    pages = ("", "/score", "/clinicians", f"/clinicians/{clinician['id']}", "/facilities")
    found = {}
    for page in (*pages, "/facilities/facility?facility=F-01&year=2025"):
        with counted(registry.engine) as statements:
            assert robin.get(f"{ROOT}{page}").status_code == 200
        own = [each for each in statements if "FROM sessions" not in each]
        found[page] = len(own)
    assert max(found.values()) <= FEW_QUERIES, found
    assert found[""] >= 8, "the statements are seen"


def test_the_files_of_a_dashboard_are_small_besides_the_library(robin: Browser) -> None:
    page = html.fromstring(robin.get(ROOT).text)
    loaded = [*page.xpath("//script/@src"), *page.xpath("//link/@href")]
    library = asset("echarts.min.js")
    assert library in loaded
    sizes = {
        each: len(robin.get(str(each), headers={"Accept-Encoding": "identity"}).content)
        for each in loaded
        if each != library
    }
    assert len(sizes) >= 5
    assert sum(sizes.values()) < SMALL, sizes
    assert (STATIC / "figures.js").stat().st_size < 15_000
