"""Reports on case files, written as a person would ask for them."""

from datetime import date
from functools import cache
from io import BytesIO

from app.checking.report import ValidationReport, validate_case_file
from app.checking.standards import Standards, load_standards
from app.reports.checked_file import CheckedFile
from app.reports.formats import ReportFormat, write_report, writer_for

DAY = date(2024, 6, 1)
URL = "https://registry.example"


@cache
def standards() -> Standards:
    return load_standards()


def report_on(case_file: bytes, *, max_findings: int = 1000) -> ValidationReport:
    return validate_case_file(BytesIO(case_file), standards(), day=DAY, max_findings=max_findings)


def checked(case_file: bytes, *, name: str = "march.xml", max_findings: int = 1000) -> CheckedFile:
    return CheckedFile(
        name=name,
        report=report_on(case_file, max_findings=max_findings),
        source=BytesIO(case_file),
        service_url=URL,
    )


def written(case_file: bytes, format_: ReportFormat, **options: object) -> bytes:
    out = BytesIO()
    write_report(checked(case_file, **options), format_, out)  # type: ignore[arg-type]
    return out.getvalue()


def text_of(case_file: bytes, *, coloured: bool = False, **options: object) -> str:
    """The report as text, as a terminal would show it."""
    out = BytesIO()
    writer_for(ReportFormat.TEXT, coloured=coloured).write(
        checked(case_file, **options),  # type: ignore[arg-type]
        out,
    )
    return out.getvalue().decode()
