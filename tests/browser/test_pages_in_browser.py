"""The pages as people see them: on a desk and a phone, in light and dark, by keyboard, in print."""

import pytest
from phones import PHONE, fits_the_window, is_readable
from playwright.sync_api import Page, expect

PAGES = [
    "/",
    "/docs/api",
    "/docs/findings",
    "/docs/findings/AR204",
    "/docs/measures?performance_year=2024",
    "/docs/measures/AQI71?performance_year=2024",
    "/docs/measures/424?performance_year=2025",
    "/docs/measures/changes?since=2024&until=2025",
    "/docs/quick-start",
    "/docs/samples",
    "/docs/schemas",
    "/docs/schemas/2023V1.0",
    "/docs/schemas/2022V1.0/changes?since=2017V1.0",
    "/validator",
    "/validator/samples/2023V1.0/faulty",
]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_legible_for_everybody(page: Page, path: str) -> None:
    page.goto(path)
    is_readable(page)
    page.set_viewport_size(PHONE)
    fits_the_window(page)


def test_where_the_keyboard_is_can_be_seen(page: Page) -> None:
    page.goto("/")
    for _ in range(8):
        page.keyboard.press("Tab")
        style = "getComputedStyle(document.activeElement)"
        assert page.evaluate(f"{style}.outlineStyle") != "none"
        assert page.evaluate(f"parseFloat({style}.outlineWidth)") >= 2


def test_in_print_the_controls_are_left_out(page: Page) -> None:
    page.goto("/validator/samples/2023V1.0/faulty")
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
    expect(page.locator("#form")).to_be_hidden()
    expect(page.get_by_role("heading", name="The file has errors")).to_be_visible()


def test_the_path_of_a_finding_opens_the_element_in_the_schema(page: Page) -> None:
    page.goto("/validator/samples/2023V1.0/faulty")
    page.locator("#f1 .path a").click()
    element = page.locator("[id='Demographic/PatientSex']")
    expect(element).to_be_in_viewport()
    expect(element.get_by_role("cell", name="Female", exact=True).first).to_be_visible()


def test_the_schema_is_searched_by_names_meanings_and_values(page: Page) -> None:
    page.goto("/docs/schemas/2023V1.0")
    search, shown = page.get_by_role("searchbox"), page.locator("details.element.hit:visible")
    search.fill("taxid")
    expect(shown).to_have_count(1)
    expect(page.get_by_role("status")).to_have_text("1 element")
    search.fill("malignant hyperthermia")
    expect(shown.locator("summary .name").first).to_have_text("OutcomeID")
    search.fill("")
    expect(shown).to_have_count(0)
    expect(page.locator("[id='Demographic']")).to_be_visible()


def test_without_scripts_the_schema_opens_and_closes(page_without_scripts: Page) -> None:
    page = page_without_scripts
    page.goto("/docs/schemas/2023V1.0")
    sex = page.locator("[id='Demographic/PatientSex']")
    expect(sex).to_be_hidden()
    page.locator("[id='Demographic'] > summary").click()
    sex.locator("summary").click()
    expect(sex.get_by_role("cell", name="Female", exact=True).first).to_be_visible()
    expect(page.get_by_role("searchbox")).to_have_count(0)


def test_two_versions_are_compared(page: Page) -> None:
    page.goto("/docs/schemas/2023V1.0/changes")
    page.get_by_label("From").select_option("2018V1.0")
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "What changed from 2018V1.0 to 2023V1.0"
    )
    page.get_by_role("link", name="Procedure/ProcedureName").first.click()
    expect(page.locator("[id='Procedure/ProcedureName']")).to_be_in_viewport()


def test_findings_are_searched(page: Page) -> None:
    page.goto("/docs/findings")
    page.get_by_label("Search the findings").fill("twice file")
    expect(page.locator("tbody tr:visible")).to_contain_text(["The record id stands twice"])
    expect(page.get_by_role("heading", name="The schema", exact=True)).to_be_hidden()


def test_the_example_of_a_finding_is_seen_in_the_validator(page: Page) -> None:
    page.goto("/docs/findings/AR201")
    page.get_by_role("link", name="See it in the validator").click()
    expect(page.locator(".card")).to_contain_text(["AR201"])


def test_a_sample_is_downloaded(page: Page) -> None:
    page.goto("/docs/samples/2023V1.0")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download Labor epidural").click()
    assert download.value.suggested_filename == "labor-epidural-2023V1.0.xml"
    assert b"<CPTAnesValue>01967</CPTAnesValue>" in download.value.path().read_bytes()
