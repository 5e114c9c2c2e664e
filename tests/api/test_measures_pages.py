"""The measures to read: lists by year, the rules of one in plain words, and what changed."""

import re
from html import unescape

import pytest
from portal_service import TODAY, Visitor, create_test_app

from app.measures.catalogue.catalogue import shipped_catalogue

VISITOR = Visitor()
CATALOGUE = shipped_catalogue()


def page(path: str) -> str:
    response = VISITOR.get(path)
    assert response.status_code == 200, path
    return response.text


def words(path: str) -> str:
    """The text of a page as it is read, without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page(path))).split())


def ids(path: str) -> list[str]:
    return re.findall(r'<td><a href="/docs/measures/([^?]+)\?', page(path))


@pytest.mark.parametrize("year", CATALOGUE.register.years)
def test_the_list_of_a_year_has_the_measures_that_the_interface_lists(year: int) -> None:
    listed = VISITOR.get(f"/v1/measures?performance_year={year}")
    assert listed.status_code == 404, "the portal alone has no such call"
    known = {facts.measure_id for facts in CATALOGUE.register.listed_in(year)}
    assert set(ids(f"/docs/measures?performance_year={year}")) == known


def test_without_a_year_it_is_the_list_of_today() -> None:
    assert f"<h1>Quality measures of {TODAY.year}</h1>" in page("/docs/measures")


@pytest.mark.parametrize(
    ("show", "shown"),
    [
        ("set", ["404", "430", "463", "477"]),
        ("mvp", ["404", "430", "463", "477", "ABG44", "AQI48", "EPREOP31"]),
        ("outcome", ["404", "AQI18", "AQI48", "AQI65", "EPREOP31"]),
    ],
)
def test_a_list_can_be_made_shorter(show: str, shown: list[str]) -> None:
    found = ids(f"/docs/measures?performance_year=2026&show={show}")
    assert [each for each in found if not each.startswith("ASC")] == shown


@pytest.mark.parametrize("facts", CATALOGUE.register.listed_in(2024), ids=lambda f: f.measure_id)
def test_every_measure_of_a_year_has_a_page(facts) -> None:
    assert facts.title in words(f"/docs/measures/{facts.measure_id}?performance_year=2024")


def test_a_page_tells_the_rules_in_the_order_in_which_they_decide() -> None:
    text = words("/docs/measures/463?performance_year=2024")
    in_order = [
        "4554F An inhalational anesthetic agent was used for maintenance",
        "Younger than 3 or older than 17",
        "G9955 An inhalational anesthetic agent was used for induction only",
        "G9956 Two or more prophylactic antiemetics",
        "G9957 Medical reason documented",
        "Not counted against: Antiemetics of two classes or more were recorded by anesthesia end",
        "G9958 Antiemetics of fewer than two classes",
        "met, if the record says: Antiemetics of two classes or more were recorded",
        "Medications were recorded, with antiemetics of fewer than two classes",
        "Else it was not reported",
        "Every eligible child has the risk factor age",
    ]
    places = [text.index(part) for part in in_order]
    assert places == sorted(places)


def test_each_rate_has_rules_of_its_own() -> None:
    text = words("/docs/measures/AQI73?performance_year=2023")
    arm, groin = text.index("Rate a, brachialRadialTibial"), text.index("Rate b, femoralAxillary")
    assert arm < text.index("11A74 All elements followed") < groin
    assert groin < text.index("11A77 All elements followed, maximal barrier")
    assert "Over the cases of both parts together" in text


def test_a_measure_without_results_says_why() -> None:
    assert "are not public" in words("/docs/measures/AQI49?performance_year=2024")
    assert "blood pressures" in words("/docs/measures/EPREOP31?performance_year=2024")
    assert "never a measure of MIPS" in words("/docs/measures/ASC-13")


def test_a_measure_that_ended_is_shown_in_its_last_year() -> None:
    late = Visitor(create_test_app(day=TODAY.replace(year=2026)))
    assert "<title>424 in 2025" in late.get("/docs/measures/424").text


def test_benchmarks_stand_with_their_deciles() -> None:
    text = words("/docs/measures/404?performance_year=2024")
    assert "7.7 41.38 59.25 66.67 73.175 77.27 80.16 85.48 91.27 96.45" in text


def test_what_changed_between_two_years() -> None:
    text = words("/docs/measures/changes?since=2025&until=2026")
    assert "424 Perioperative Temperature Management No longer among the measures" in text
    assert "AQI82 Intraoperative Antibiotic Redosing in Open Cardiac Surgeries New" in text
    assert "differ from itself" in words("/docs/measures/changes?since=2024&until=2024")


@pytest.mark.parametrize(
    "path",
    [
        "/docs/measures?performance_year=2001",
        "/docs/measures/999",
        "/docs/measures/424?performance_year=2026",
        "/docs/measures/changes?since=2001&until=2024",
    ],
)
def test_what_is_not_there_is_not_found(path: str) -> None:
    assert VISITOR.get(path).status_code == 404
