"""Findings together with the lines that they are about."""

from collections.abc import Iterator

from app.domain.findings import Finding
from app.reports.checked_file import CheckedFile
from app.reports.excerpts import Excerpt, excerpts_of
from app.reports.places import places_of
from app.reports.utf8_file import as_utf8_file
from app.xsd.encoding import EncodingRefused


def marked_findings(checked: CheckedFile) -> Iterator[tuple[Finding, Excerpt | None]]:
    """Yield each listed finding with its excerpt.

    It is None where the file is not there, or cannot be read as text.
    """
    findings = checked.report.findings
    if findings:
        yield from zip(findings, _excerpts(checked), strict=True)


def _excerpts(checked: CheckedFile) -> list[Excerpt] | list[None]:
    findings = checked.report.findings
    if checked.source is None:
        return [None] * len(findings)
    try:
        with as_utf8_file(checked.source, checked.spool) as file:
            return excerpts_of(places_of(findings, file), file)
    except EncodingRefused:
        return [None] * len(findings)
