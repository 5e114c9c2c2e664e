"""A provider list as CSV: the columns, what a line says, and what can be wrong with one."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.domain.identifiers import Npi, Tin
from app.domain.roster import Credentials
from app.domain.spans import Span

COLUMNS: Final = (
    "npi",
    "name",
    "credentials",
    "asa_member_years",
    "tin",
    "starts_on",
    "ends_on",
)


class LineProblem(StrEnum):
    """Published codes of findings about a provider list."""

    NOT_UTF_8 = "not-utf-8"
    NOT_CSV = "not-csv"
    COLUMN_MISSING = "column-missing"
    COLUMN_UNKNOWN = "column-unknown"
    TOO_MANY_CELLS = "too-many-cells"
    MISSING = "missing"
    NUMBER_FORMAT = "number-format"
    LEADING_ZEROS = "leading-zeros"
    NOT_AN_NPI = "not-an-npi"
    CHECK_DIGIT = "check-digit"
    NOT_A_TIN = "not-a-tin"
    TIN_NOT_REGISTERED = "tin-not-registered"
    CREDENTIALS_UNKNOWN = "credentials-unknown"
    NOT_A_NAME = "not-a-name"
    NOT_YEARS = "not-years"
    NOT_A_DATE = "not-a-date"
    ENDS_BEFORE_START = "ends-before-start"
    TOLD_TWICE = "told-twice"
    LINES_DISAGREE = "lines-disagree"
    OVERLAP = "overlap"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFinding:
    """`line` counts from 1, the header; `column` is None for what concerns all of the line."""

    line: int
    column: str | None
    problem: LineProblem

    @property
    def message(self) -> str:
        return _WORDS[self.problem][0]

    @property
    def mend(self) -> str:
        return _WORDS[self.problem][1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Where somebody bills, from when to when."""

    tin: Tin
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class ListLine:
    """`job` None: the clinician has no employment. `name` "": as it is on the list."""

    line: int
    npi: Npi
    name: str
    credentials: Credentials
    asa_member_years: tuple[int, ...]
    job: Job | None


_WORDS: Final = {
    LineProblem.NOT_UTF_8: (
        "The file is not written in UTF-8.",
        "In Excel, save it as `CSV UTF-8 (comma delimited)`.",
    ),
    LineProblem.NOT_CSV: (
        "The file is not readable as CSV.",
        "Look for a quotation mark that is not closed, or begin with an exported list.",
    ),
    LineProblem.COLUMN_MISSING: (
        "The header does not name this column.",
        f"The first line names the columns: {','.join(COLUMNS)}.",
    ),
    LineProblem.COLUMN_UNKNOWN: (
        "The header names a column that there is not, or one twice.",
        f"The columns are {', '.join(COLUMNS)}, in any order, each once.",
    ),
    LineProblem.TOO_MANY_CELLS: (
        "The line has more cells than the header.",
        "Put a cell that holds the separator into quotation marks.",
    ),
    LineProblem.MISSING: ("The cell is empty.", "Fill it in."),
    LineProblem.NUMBER_FORMAT: (
        "A spreadsheet has made a number of it, and digits may be lost.",
        "Format the column as text, and enter the digits again from the source.",
    ),
    LineProblem.LEADING_ZEROS: (
        "There are fewer than nine digits: a spreadsheet drops the zeros in front.",
        "Format the column as text, and put the zeros in front again.",
    ),
    LineProblem.NOT_AN_NPI: ("An NPI has exactly ten digits.", "Look it up in NPPES."),
    LineProblem.CHECK_DIGIT: (
        "The check digit of the NPI does not match: a digit is wrong.",
        "Look it up in NPPES.",
    ),
    LineProblem.NOT_A_TIN: ("A TIN has exactly nine digits.", "Enter the nine digits."),
    LineProblem.TIN_NOT_REGISTERED: (
        "The TIN is not registered for the practice.",
        "Correct it, or register the TIN for the practice first.",
    ),
    LineProblem.CREDENTIALS_UNKNOWN: (
        "No profession has this name.",
        f"Use one of: {'; '.join(Credentials)}.",
    ),
    LineProblem.NOT_A_NAME: (
        "A name has at most 200 characters, all of which print.",
        "Shorten it, and take out tabs and line breaks.",
    ),
    LineProblem.NOT_YEARS: (
        "Years are written with four digits and a space between them.",
        "Write them as 2023 2024.",
    ),
    LineProblem.NOT_A_DATE: (
        "It is not a date.",
        "Write it as 2024-03-31, or as 3/31/2024.",
    ),
    LineProblem.ENDS_BEFORE_START: ("The last day is before the first.", "Correct one of them."),
    LineProblem.TOLD_TWICE: (
        "A line before says the same employment: NPI, TIN and first day.",
        "Leave one of them.",
    ),
    LineProblem.LINES_DISAGREE: (
        "A line before says something else of this NPI.",
        "Say the same on every line of a clinician: name, credentials and years.",
    ),
    LineProblem.OVERLAP: (
        "The clinician works under this TIN already on some of these days, by another line or by"
        " the list.",
        "An employment is known by its first day: keep that, or end the other one first.",
    ),
}
