"""JSON and CSV: for programs. They never quote what the file holds."""

import csv
import io
import json
import re

import pytest
from checking import URL, report_on, written

from app.checking.wire import ValidationReportOut
from app.reports.formats import ReportFormat, report_name
from tests.case_files import a_case_file, a_record
from tests.corpus import corpus

SECRET = "Secretsex"


def test_the_json_is_that_of_the_published_interface() -> None:
    for case_file in list(corpus().values())[::7]:
        model = ValidationReportOut.of(report_on(case_file), service_url=URL)
        assert json.loads(written(case_file, ReportFormat.JSON)) == model.model_dump(mode="json")


def test_csv_has_a_row_for_each_finding() -> None:
    sent = a_case_file(a_record("=1+1", sex="female"))
    rows = list(csv.DictReader(io.StringIO(written(sent, ReportFormat.CSV).decode(), newline="")))
    assert len(rows) == report_on(sent).findings_total
    (row,) = (row for row in rows if row["code"] == "AR201")
    assert (row["file"], row["record"], row["suggestion"]) == ("march.xml", "1", "Female")
    assert row["anesthesia_record_id"] == "'=1+1"  # no formula


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_no_spreadsheet_finds_a_formula_wherever_it_splits(separator: str) -> None:
    """Where a comma writes decimals, a spreadsheet splits at semicolons."""
    ids = ["=1+1", "x;=1+1", 'x;"=1+1', "x; @SUM(A1)", "x;;-1", "x\t+1", "x|=1+1", '"";=1+1;"']
    told = written(a_case_file(*(a_record(each, sex="female") for each in ids)), ReportFormat.CSV)
    cells = [
        cell
        for row in csv.reader(io.StringIO(told.decode(), newline=""), delimiter=separator)
        for cell in row
    ]
    assert [cell for cell in cells if cell.strip(' "').startswith(("=", "+", "-", "@"))] == []


def test_every_cell_of_csv_is_quoted() -> None:
    told = written(a_case_file(a_record(sex="female")), ReportFormat.CSV).decode()
    for line in told.splitlines():
        assert re.fullmatch(r'"[^"]*"(,"[^"]*")*', line)


@pytest.mark.parametrize("format_", [ReportFormat.JSON, ReportFormat.CSV])
def test_values_stay_in_the_file(format_: ReportFormat) -> None:
    sent = a_case_file(a_record(sex=SECRET, age=SECRET, start=SECRET))
    assert SECRET.encode() not in written(sent, format_)


@pytest.mark.parametrize(
    ("name", "format_", "saved"),
    [
        ("march.xml", ReportFormat.CSV, "march.report.csv"),
        ("march.xml.gz", ReportFormat.XML, "march.checked.xml"),
        ("Fall 3", ReportFormat.HTML, "Fall 3.report.html"),
        (None, ReportFormat.TEXT, "case-file.report.txt"),
    ],
)
def test_a_report_is_saved_under_the_name_of_its_file(
    name: str | None, format_: ReportFormat, saved: str
) -> None:
    assert report_name(name, format_) == saved


def test_every_format_tells_what_it_is() -> None:
    assert all(each.label and each.media_type and each.suffix for each in ReportFormat)
    assert len({each.media_type for each in ReportFormat}) == len(ReportFormat)
