"""How a spreadsheet's habits are read: what is meant is taken, what is lost is told."""

from datetime import date

import pytest

from app.domain.roster import Credentials
from app.roster.list_lines import Job, LineFinding, LineProblem
from app.roster.list_reading import read_provider_list
from tests.case_files import NPI, TIN

HEADER = "npi,name,credentials,asa_member_years,tin,starts_on,ends_on"


def a_line(
    *,
    npi: str = NPI,
    name: str = "Robin Example",
    credentials: str = "Anesthesiologist",
    years: str = "2024",
    tin: str = TIN,
    starts_on: str = "2024-01-01",
    ends_on: str = "",
) -> str:
    return ",".join((npi, name, credentials, years, tin, starts_on, ends_on))


def read(text: str) -> list[tuple[int, str | None, str]]:
    """What is wrong with a list."""
    _, findings = read_provider_list(text.encode())
    return [(each.line, each.column, each.problem.value) for each in findings]


READ_AS_MEANT = {
    "as it should be": f"{HEADER}\n{a_line()}\n",
    "a byte order mark": f"\ufeff{HEADER}\r\n{a_line()}\r\n",
    "semicolons, as of a European Excel": f"{HEADER}\n{a_line()}\n".replace(",", ";"),
    "tabs, as pasted": f"{HEADER}\n{a_line()}\n".replace(",", "\t"),
    "a TIN with its hyphen": f"{HEADER}\n{a_line(tin='89-1234567')}\n",
    "dates as Excel shows them": f"{HEADER}\n{a_line(starts_on='1/1/2024')}\n",
    "empty lines and cells": f"{HEADER},,\n\n,,,,,,\n{a_line()},,\n",
    "other cases and spaces": f"{HEADER.upper()}\n{a_line(credentials=' anesthesiologist ')}\n",
}


@pytest.mark.parametrize("text", READ_AS_MEANT.values(), ids=list(READ_AS_MEANT))
def test_the_habits_of_spreadsheets_are_read_as_what_they_mean(text: str) -> None:
    [line], findings = read_provider_list(text.encode())
    assert findings == []
    assert (line.npi, line.name, line.credentials) == (
        NPI,
        "Robin Example",
        Credentials.ANESTHESIOLOGIST,
    )
    assert line.asa_member_years == (2024,)
    assert isinstance(line.job, Job)
    assert (line.job.tin, line.job.span.first) == (TIN, date(2024, 1, 1))


FAULTS = [
    ({"npi": ""}, "npi", "missing"),
    ({"npi": "1.23457E+09"}, "npi", "number-format"),
    ({"npi": "1234567893.0"}, "npi", "number-format"),
    ({"npi": "123456789"}, "npi", "not-an-npi"),
    ({"npi": "1234567890"}, "npi", "check-digit"),
    ({"tin": "12345678"}, "tin", "leading-zeros"),
    ({"tin": "8.91E+08"}, "tin", "number-format"),
    ({"tin": "89123456X"}, "tin", "not-a-tin"),
    ({"tin": ""}, "tin", "missing"),
    ({"credentials": "MD"}, "credentials", "credentials-unknown"),
    ({"credentials": ""}, "credentials", "missing"),
    ({"years": "24"}, "asa_member_years", "not-years"),
    ({"starts_on": ""}, "starts_on", "missing"),
    ({"starts_on": "2024-02-30"}, "starts_on", "not-a-date"),
    ({"starts_on": "45292"}, "starts_on", "not-a-date"),
    ({"ends_on": "2023-12-31"}, "ends_on", "ends-before-start"),
    ({"name": "x" * 201}, "name", "not-a-name"),
]


@pytest.mark.parametrize(("cells", "column", "wrong"), FAULTS)
def test_what_is_wrong_is_told_with_its_line_and_column(
    cells: dict[str, str], column: str, wrong: str
) -> None:
    assert read(f"{HEADER}\n{a_line()}\n{a_line(**cells)}\n") == [(3, column, wrong)]


def test_every_fault_of_a_line_is_told_at_once() -> None:
    told = read(f"{HEADER}\n{a_line(npi='1', tin='2', credentials='MD')}\n")
    assert [column for _, column, _ in told] == ["npi", "credentials", "tin"]


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    text = f'{HEADER}\n{NPI},"Robin\nExample",Anesthesiologist,,,,\n\n{a_line(npi="1")}\n'
    assert read(text) == [(2, "name", "not-a-name"), (5, "npi", "not-an-npi")]


def test_a_header_that_lacks_a_column_or_has_another_is_told() -> None:
    assert read(f"npi,name,salary\n{NPI},Robin,1\n") == [
        *((1, column, "column-missing") for column in HEADER.split(",")[2:]),
        (1, None, "column-unknown"),
    ]
    assert len(read("")) == 7


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        (HEADER.encode() + "\nRené".encode("latin-1"), "not-utf-8"),
        (HEADER.encode() + b'\n"Robin', "not-csv"),
        (HEADER.encode() + b"\n\x00", "not-csv"),
    ],
)
def test_a_file_that_is_no_csv_in_utf_8_is_told(content: bytes, wrong: str) -> None:
    lines, [finding] = read_provider_list(content)
    assert (lines, finding.problem) == ([], wrong)


def test_every_problem_says_what_is_wrong_and_how_to_mend_it() -> None:
    for problem in LineProblem:
        finding = LineFinding(line=1, column=None, problem=problem)
        assert finding.message.endswith(".")
        assert finding.mend.endswith(".")
