"""Reads a provider list as people save it from a spreadsheet. Collects every fault, raises none."""

import csv
import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Final, TypeVar

from app.domain.identifiers import Npi, Tin, parse_npi
from app.domain.roster import Credentials
from app.domain.spans import Span
from app.domain.spreadsheets import unguarded_cell
from app.roster.list_lines import COLUMNS, Job, LineFinding, LineProblem, ListLine

_SEPARATORS: Final = (",", ";", "\t")
_SCIENTIFIC: Final = re.compile(r"\d+(?:[.,]\d*)?(?:[eE]\+?\d+)|\d+[.,]\d+", re.ASCII)
_TEN_DIGITS: Final = re.compile(r"\d{10}", re.ASCII)
_NINE_DIGITS: Final = re.compile(r"\d{9}", re.ASCII)
_FEWER_DIGITS: Final = re.compile(r"\d{7,8}", re.ASCII)
_HYPHENATED: Final = re.compile(r"(\d{2})-(\d{7})", re.ASCII)
_YEAR: Final = re.compile(r"20\d\d|2100", re.ASCII)
_ISO_DATE: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_US_DATE: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_LONGEST_NAME: Final = 200

T = TypeVar("T")
Cells = dict[str, str]


class _Fault(ValueError):
    def __init__(self, problem: LineProblem) -> None:
        super().__init__(problem)
        self.problem = problem


def read_provider_list(content: bytes) -> tuple[list[ListLine], list[LineFinding]]:
    """Return the lines that can be read, and what is wrong with the others.

    A byte order mark, semicolons or tabs as separators, hyphens in TINs and dates as 3/31/2024
    are read as what they mean; empty lines are passed over.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return [], [_finding(1, None, LineProblem.NOT_UTF_8)]
    try:
        rows = list(_rows(text))
    except csv.Error:
        return [], [_finding(1, None, LineProblem.NOT_CSV)]
    if not rows:
        return [], [_finding(1, column, LineProblem.COLUMN_MISSING) for column in COLUMNS]
    (_, header), *body = rows
    names = [name.strip().lower() for name in header]
    wrong = _faults_of_header(names)
    if wrong:
        return [], wrong
    return _lines(names, body)


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not empty, each with the line on which it begins."""
    if "\x00" in text:
        raise csv.Error
    lines = text.splitlines(keepends=True)
    first = next((line for line in lines if line.strip()), "")
    separator = max(_SEPARATORS, key=first.count)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    begins = 1
    for row in reader:
        if any(cell.strip() for cell in row):
            yield begins, row
        begins = reader.line_num + 1


def _faults_of_header(names: list[str]) -> list[LineFinding]:
    wrong = [
        _finding(1, column, LineProblem.COLUMN_MISSING) for column in COLUMNS if column not in names
    ]
    named = [name for name in names if name]
    if set(named) - set(COLUMNS) or len(set(named)) < len(named):
        wrong.append(_finding(1, None, LineProblem.COLUMN_UNKNOWN))
    return wrong


def _lines(
    names: list[str], body: list[tuple[int, list[str]]]
) -> tuple[list[ListLine], list[LineFinding]]:
    lines: list[ListLine] = []
    findings: list[LineFinding] = []
    for number, row in body:
        if any(cell.strip() for cell in row[len(names) :]):
            findings.append(_finding(number, None, LineProblem.TOO_MANY_CELLS))
            continue
        cells = dict.fromkeys(COLUMNS, "") | {
            name: unguarded_cell(cell.strip()) for name, cell in zip(names, row, strict=False)
        }
        reading = _Reading(number, cells)
        line = reading.line()
        findings += reading.findings
        if line is not None:
            lines.append(line)
    return lines, findings


class _Reading:
    """One line, cell by cell; a cell that cannot be read leaves a finding."""

    def __init__(self, number: int, cells: Cells) -> None:
        self._number = number
        self._cells = cells
        self.findings: list[LineFinding] = []

    def line(self) -> ListLine | None:
        npi = self._read("npi", _npi)
        name = self._read("name", _name)
        credentials = self._read("credentials", _credentials)
        years = self._read("asa_member_years", _years)
        job = self._job()
        if self.findings:
            return None
        assert npi is not None, "there is no finding"
        assert name is not None, "there is no finding"
        assert credentials is not None, "there is no finding"
        assert years is not None, "there is no finding"
        return ListLine(
            line=self._number,
            npi=npi,
            name=name,
            credentials=credentials,
            asa_member_years=years,
            job=job,
        )

    def _job(self) -> Job | None:
        if not any(self._cells[column] for column in ("tin", "starts_on", "ends_on")):
            return None
        tin = self._read("tin", _tin)
        starts_on = self._read("starts_on", _date)
        ends_on = self._read("ends_on", _date) if self._cells["ends_on"] else None
        if tin is None or starts_on is None:
            return None
        span = Span(first=starts_on, last=ends_on)
        if not span.is_possible:
            self.findings.append(_finding(self._number, "ends_on", LineProblem.ENDS_BEFORE_START))
        return Job(tin=tin, span=span)

    def _read(self, column: str, parse: Callable[[str], T]) -> T | None:
        try:
            return parse(self._cells[column])
        except _Fault as fault:
            self.findings.append(_finding(self._number, column, fault.problem))
            return None


def _npi(text: str) -> Npi:
    _require_digits(text)
    if not _TEN_DIGITS.fullmatch(text):
        raise _Fault(LineProblem.NOT_AN_NPI)
    try:
        return parse_npi(text)
    except ValueError:
        raise _Fault(LineProblem.CHECK_DIGIT) from None


def _tin(text: str) -> Tin:
    hyphenated = _HYPHENATED.fullmatch(text)
    digits = "".join(hyphenated.groups()) if hyphenated else text
    _require_digits(digits)
    if _FEWER_DIGITS.fullmatch(digits):
        raise _Fault(LineProblem.LEADING_ZEROS)
    if not _NINE_DIGITS.fullmatch(digits):
        raise _Fault(LineProblem.NOT_A_TIN)
    return Tin(digits)


def _require_digits(text: str) -> None:
    if not text:
        raise _Fault(LineProblem.MISSING)
    if _SCIENTIFIC.fullmatch(text):
        raise _Fault(LineProblem.NUMBER_FORMAT)


def _name(text: str) -> str:
    if len(text) > _LONGEST_NAME or not text.isprintable():
        raise _Fault(LineProblem.NOT_A_NAME)
    return text


def _credentials(text: str) -> Credentials:
    if not text:
        raise _Fault(LineProblem.MISSING)
    wanted = " ".join(text.split()).casefold()
    for each in Credentials:
        if each.casefold() == wanted:
            return each
    raise _Fault(LineProblem.CREDENTIALS_UNKNOWN)


def _years(text: str) -> tuple[int, ...]:
    years = re.split(r"[\s,;]+", text) if text else []
    if not all(_YEAR.fullmatch(year) for year in years):
        raise _Fault(LineProblem.NOT_YEARS)
    return tuple(sorted({int(year) for year in years}))


def _date(text: str) -> date:
    if not text:
        raise _Fault(LineProblem.MISSING)
    try:
        if iso := _ISO_DATE.fullmatch(text):
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        if us := _US_DATE.fullmatch(text):
            return date(int(us[3]), int(us[1]), int(us[2]))
    except ValueError:
        raise _Fault(LineProblem.NOT_A_DATE) from None
    raise _Fault(LineProblem.NOT_A_DATE)


def _finding(line: int, column: str | None, problem: LineProblem) -> LineFinding:
    return LineFinding(line=line, column=column, problem=problem)
