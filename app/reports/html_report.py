"""A report as a page that stands alone: no script, no address that is loaded, fit for printing."""

from functools import cache
from itertools import groupby
from pathlib import Path
from typing import BinaryIO, Final

from jinja2 import Environment, FileSystemLoader

from app.checking.report import ValidationReport
from app.domain.finding_catalogue import finding_catalogue
from app.domain.findings import Finding, FindingCode, Severity
from app.reports import words
from app.reports.checked_file import CheckedFile
from app.reports.columns import columns
from app.reports.excerpts import Excerpt
from app.reports.marking import marked_findings
from app.reports.printable import printable

_TEMPLATES: Final = Path(__file__).parent / "templates"
_GRAVITY: Final = tuple(Severity)


class HtmlReports:
    def begin(self, out: BinaryIO) -> None:
        out.write(_rendered("begin.html"))

    def write(self, checked: CheckedFile, out: BinaryIO) -> None:
        found = groupby(marked_findings(checked), key=_record_of)
        page = _rendered(
            "file.html",
            name=printable(checked.name),
            report=checked.report,
            service_url=checked.service_url,
            accepted_because=checked.accepted_because,
            kinds=_kinds(checked.report),
            groups=((record, list(marked)) for record, marked in found),
            help=finding_catalogue(),
        )
        out.write(page)

    def end(self, out: BinaryIO) -> None:
        out.write(_rendered("end.html"))


def _record_of(marked: tuple[Finding, Excerpt | None]) -> int | None:
    return marked[0].record


def _kinds(report: ValidationReport) -> list[tuple[Severity, FindingCode, int]]:
    """All findings, listed or not: the gravest first."""
    counted = [(severity, code, number) for (severity, code), number in report.kinds.items()]
    return sorted(counted, key=lambda kind: (_GRAVITY.index(kind[0]), kind[1]))


def _carets(excerpt: Excerpt) -> str:
    return " " * columns(excerpt.before) + "^" * max(columns(excerpt.marked), 1)


def _rendered(template: str, **values: object) -> bytes:
    return _environment().get_template(template).render(values).encode()


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["printable"] = printable
    made.globals.update(words=words, carets=_carets)
    return made
