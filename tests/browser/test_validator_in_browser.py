"""The validator as somebody in front of a browser uses it."""

import csv
import gzip
import io
import json
from functools import cache
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.case_files import a_case_file, a_record, records

LIMIT = 4 << 20
GOOD = a_case_file(records("A-1", "A-2"))
BAD = a_case_file(
    a_record("A-1", sex="female"), a_record("A-2"), a_record("A-3", anesthesia_codes=("790",))
)
SEX_LINE = BAD[: BAD.index(b">female<")].count(b"\n") + 1


@cache
def full_size_file() -> bytes:
    """As large as may be checked; every hundredth record is faulty."""
    many = [a_record(f"A-{n}", sex="female" if n % 100 == 0 else "Female") for n in range(1, 2_901)]
    content = a_case_file(*many)
    assert len(content) <= LIMIT
    return content + b"\n" * (LIMIT - len(content))


def saved(folder: Path, content: bytes, name: str = "march.xml") -> Path:
    file = folder / name
    file.write_bytes(content)
    return file


def check(page: Page, file: Path, *, attested: bool = True) -> None:
    page.goto("/validator")
    page.get_by_label("Case file", exact=True).set_input_files(file)
    if attested:
        page.get_by_label("No data of real patients is in this file.").check()
    page.get_by_role("button", name="Check").click()


def test_a_good_file(page: Page, folder: Path) -> None:
    check(page, saved(folder, GOOD))
    expect(page.get_by_role("heading", name="Nothing was found")).to_be_visible()
    expect(page.locator(".verdict")).to_contain_text("march.xml")
    expect(page.locator(".card")).to_have_count(0)


def test_from_a_record_to_its_finding_to_its_line_and_back(page: Page, folder: Path) -> None:
    check(page, saved(folder, BAD))
    expect(page.get_by_role("heading", name="The file has errors")).to_be_visible()
    expect(page.locator(".strip li")).to_have_class(["error", "clean", "error"])
    page.get_by_title("Record 3: 1 finding").click()
    expect(page.get_by_role("heading", name="Record 3 A-3")).to_be_in_viewport()
    card = page.locator(".card").first
    expect(card).to_contain_text("PatientSex must be one of Male, Female, Missing, Unknown.")
    card.get_by_role("link", name=f"line {SEX_LINE}").click()
    line = page.locator(f"#L{SEX_LINE}")
    expect(line).to_be_in_viewport()
    expect(line).to_be_focused()
    expect(line).to_contain_text("<PatientSex>female</PatientSex>")
    page.locator("#r1").get_by_role("link").click()
    expect(card).to_be_in_viewport()


def test_findings_are_filtered_by_severity_code_record_and_words(page: Page, folder: Path) -> None:
    check(page, saved(folder, BAD))
    filters, cards = page.locator("#filter"), page.locator(".card:visible")
    expect(cards).to_have_count(2)
    filters.get_by_label("Code").select_option("AR206")
    expect(cards).to_have_count(1)
    expect(page.locator("#filter-status")).to_have_text("1 of 2 findings")
    expect(page.locator(".pin:visible")).to_have_count(1)
    filters.get_by_label("Code").select_option("")
    filters.get_by_label("Record").select_option("1")
    expect(cards).to_contain_text(["PatientSex"])
    filters.get_by_label("Record").select_option("")
    filters.get_by_label("Text").fill("cptanesvalue")
    expect(cards).to_contain_text(["CPTAnesValue"])
    filters.get_by_label("Text").fill("")
    filters.get_by_label("error").uncheck()
    expect(cards).to_have_count(0)


def test_pasted_text_is_checked_and_can_be_mended_at_once(page: Page) -> None:
    page.goto("/validator")
    page.get_by_text("Or paste it").click()
    text = page.get_by_label("Text of the case file")
    text.fill(BAD.decode())
    page.get_by_label("No data of real patients is in this file.").check()
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("heading", name="The file has errors")).to_be_visible()
    text.fill(GOOD.decode())
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("heading", name="Nothing was found")).to_be_visible()


def test_a_file_of_the_largest_size_that_is_checked(page: Page, folder: Path) -> None:
    check(page, saved(folder, full_size_file()))
    expect(page.get_by_role("heading", name="The file has errors")).to_be_visible()
    expect(page.locator(".verdict")).to_contain_text("4 MiB")
    expect(page.locator(".card")).to_have_count(29)
    expect(page.locator(".fold").first).to_contain_text("lines without findings")
    page.locator(".card .where").last.click()
    expect(page.locator(".row.found")).to_contain_text("<PatientSex>female</PatientSex>")


def test_folded_lines_are_shown_when_asked_for(page: Page, folder: Path) -> None:
    many = [a_record(f"A-{n}", sex="female" if n == 20 else "Female") for n in range(1, 41)]
    many[0] += "<!-- a\tb\u202ec\x9bd\xad -->"
    check(page, saved(folder, a_case_file(*many)))
    fold = page.locator(".fold").first
    expect(fold).to_contain_text("lines without findings (1 to")
    fold.get_by_role("button").click()
    expect(page.locator("#L2")).to_have_text("2<AnesthesiaRecords>")
    expect(page.locator("#L200")).to_be_visible()
    expect(page.get_by_text("a    b\ufffdc\ufffdd\ufffd", exact=False)).to_be_visible()
    expect(fold).to_contain_text("lines without findings (201 to")


def test_folded_lines_of_a_gzip_file_are_shown_too(page: Page, folder: Path) -> None:
    many = [a_record(f"A-{n}", sex="female" if n == 20 else "Female") for n in range(1, 41)]
    check(page, saved(folder, gzip.compress(a_case_file(*many)), "march.xml.gz"))
    page.locator(".fold").first.get_by_role("button").click()
    expect(page.locator("#L2")).to_have_text("2<AnesthesiaRecords>")


def test_a_file_is_attested_once_and_another_one_anew(page: Page, folder: Path) -> None:
    check(page, saved(folder, BAD))
    attested = page.get_by_label("No data of real patients is in this file.")
    expect(page.get_by_role("heading", name="The file has errors")).to_be_visible()
    with page.expect_response("**/validator"):
        page.get_by_role("button", name="Check").click()
    expect(attested).to_be_checked()
    page.get_by_label("Case file", exact=True).set_input_files(saved(folder, GOOD, "april.xml"))
    expect(attested).not_to_be_checked()
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("alert")).to_contain_text("no data of real patients")


def test_a_file_over_the_limit_is_not_even_sent(page: Page, folder: Path) -> None:
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    check(page, saved(folder, full_size_file() + b"\n"))
    expect(page.get_by_role("alert")).to_contain_text("up to 4 MiB are checked here")
    assert "POST" not in sent


def test_without_the_attestation_nothing_is_sent(page: Page, folder: Path) -> None:
    check(page, saved(folder, GOOD), attested=False)
    fault = page.get_by_role("alert")
    expect(fault).to_contain_text("no data of real patients")
    expect(fault).to_be_focused()
    fault.get_by_role("link").click()
    expect(page.get_by_label("No data of real patients is in this file.")).to_be_focused()


def test_a_dropped_file_is_checked(page: Page) -> None:
    page.goto("/validator")
    page.get_by_label("No data of real patients is in this file.").check()
    transfer = page.evaluate_handle(
        """(text) => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([text], "dropped.xml", { type: "text/xml" }));
            return transfer;
        }""",
        BAD.decode(),
    )
    page.locator("#drop").dispatch_event("drop", {"dataTransfer": transfer})
    expect(page.locator(".verdict")).to_contain_text("dropped.xml")
    expect(page.locator(".card")).to_have_count(2)


def test_the_report_is_saved_in_every_format(page: Page, folder: Path) -> None:
    check(page, saved(folder, BAD))
    saved_reports = {}
    buttons = page.locator("#downloads button")
    expect(buttons).to_have_count(5)
    for button in buttons.all():
        with page.expect_download() as download:
            button.click()
        name = download.value.suggested_filename
        saved_reports[name] = download.value.path().read_bytes()
    assert set(saved_reports) == {
        "march.report.txt",
        "march.report.json",
        "march.report.csv",
        "march.report.html",
        "march.checked.xml",
    }
    assert json.loads(saved_reports["march.report.json"])["findings_total"] == 2
    rows = list(csv.reader(io.StringIO(saved_reports["march.report.csv"].decode("utf-8-sig"))))
    assert len(rows) == 3
    assert b"AR201" in saved_reports["march.checked.xml"]


def test_a_faulty_sample_is_one_click_away(page: Page) -> None:
    page.goto("/validator")
    page.get_by_role("link", name="Try it with a faulty sample").click()
    expect(page.get_by_role("heading", name="The file has errors")).to_be_visible()
    with page.expect_download() as download:
        page.locator("#downloads").get_by_role("button", name="JSON").click()
    assert json.loads(download.value.path().read_bytes())["findings_total"] > 0


def test_a_service_that_is_away_is_told(page: Page, folder: Path) -> None:
    file = saved(folder, GOOD)
    page.goto("/validator")
    page.route("**/validator", lambda route: route.fulfill(status=502, body="Bad gateway"))
    page.get_by_label("Case file", exact=True).set_input_files(file)
    page.get_by_label("No data of real patients is in this file.").check()
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("alert")).to_contain_text("try again")


def test_everything_can_be_done_by_keyboard(page: Page) -> None:
    page.goto("/validator")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Case file", exact=True)).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # opens the field to paste into
    page.keyboard.press("Tab")
    expect(page.get_by_label("Text of the case file")).to_be_focused()
    page.keyboard.insert_text(BAD.decode())
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Check")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#result")).to_be_focused()
    link = page.get_by_role("link", name=f"line {SEX_LINE}").first
    for _ in range(40):
        page.keyboard.press("Tab")
        if link.evaluate("each => each === document.activeElement"):
            break
    expect(link).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(f"#L{SEX_LINE}")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#r1 a")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#f1")).to_be_focused()


def test_without_scripts_a_file_is_checked(page_without_scripts: Page, folder: Path) -> None:
    page = page_without_scripts
    check(page, saved(folder, GOOD))
    expect(page.get_by_role("heading", name="Nothing was found")).to_be_visible()


def test_without_scripts_findings_and_lines_lead_to_each_other(
    page_without_scripts: Page, folder: Path
) -> None:
    page = page_without_scripts
    check(page, saved(folder, BAD))
    expect(page.get_by_role("heading", name="The file has errors")).to_be_visible()
    page.get_by_role("link", name=f"line {SEX_LINE}").first.click()
    expect(page.locator(f"#L{SEX_LINE}")).to_be_in_viewport()
    page.locator("#r1").get_by_role("link").click()
    expect(page.locator("#f1")).to_be_in_viewport()


def test_without_scripts_a_report_is_saved(page_without_scripts: Page, folder: Path) -> None:
    page = page_without_scripts
    page.goto("/validator")
    page.get_by_label("Case file", exact=True).set_input_files(saved(folder, BAD))
    page.get_by_label("No data of real patients is in this file.").check()
    page.get_by_label("Answer as").select_option("csv")
    with page.expect_download() as download:
        page.get_by_role("button", name="Check").click()
    assert download.value.suggested_filename == "march.report.csv"


def test_without_scripts_a_file_over_the_limit_is_refused_in_words(
    page_without_scripts: Page, folder: Path
) -> None:
    check(page_without_scripts, saved(folder, full_size_file() + b"\n" * 200_000))
    expect(page_without_scripts.get_by_role("alert")).to_contain_text("larger than 4 MiB")
