"""A report for a terminal or a log: each finding with its line of the file and a caret below it."""

from collections.abc import Iterator
from typing import BinaryIO, Final

from app.domain.findings import Finding, Severity
from app.reports import words
from app.reports.checked_file import CheckedFile
from app.reports.columns import columns
from app.reports.excerpts import Excerpt
from app.reports.marking import marked_findings
from app.reports.printable import printable

_COLOURS: Final = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.INFO: "34"}
_QUIET: Final = "2"


class TextReports:
    """The first line of a finding has the form that editors and CI logs make into links."""

    def __init__(self, *, coloured: bool) -> None:
        self._coloured = coloured

    def begin(self, out: BinaryIO) -> None: ...

    def write(self, checked: CheckedFile, out: BinaryIO) -> None:
        for finding, excerpt in marked_findings(checked):
            for line in self._lines(finding, excerpt, checked):
                out.write(f"{line}\n".encode())
            out.write(b"\n")
        report = checked.report
        told = filter(None, (words.verdict(report), words.records(report), words.omitted(report)))
        out.write(f"{printable(checked.name)}: {'; '.join(told)}\n".encode())

    def end(self, out: BinaryIO) -> None: ...

    def _lines(
        self, finding: Finding, excerpt: Excerpt | None, checked: CheckedFile
    ) -> Iterator[str]:
        place = f"{printable(checked.name)}:{finding.line or 1}"
        if excerpt and excerpt.line == finding.line:
            place += f":{excerpt.column}"
        kind = self._painted(f"{finding.severity} {finding.code}", finding.severity)
        yield f"{place}: {kind}: {printable(finding.message)}"
        margin = " " * len(str(excerpt.line if excerpt else ""))
        if excerpt:
            yield from self._quoted(excerpt, margin, finding.severity)
        yield f"{margin} = {_whereabouts(finding)}"
        suggestion = words.suggested(finding)
        if suggestion:
            yield f"{margin} = help: {printable(suggestion)}"
        reason = checked.accepted_because(finding)
        if reason:
            yield f"{margin} = accepted: {printable(reason)}"
        yield f"{margin} = {self._quiet(words.help_url(finding, checked.service_url))}"

    def _quoted(self, excerpt: Excerpt, margin: str, severity: Severity) -> Iterator[str]:
        carets = "^" * max(columns(excerpt.marked), 1)
        yield self._quiet(f"{margin} |")
        yield (
            f"{self._quiet(f'{excerpt.line} |')} "
            f"{excerpt.before}{excerpt.marked}{excerpt.after}".rstrip()
        )
        indent = " " * columns(excerpt.before)
        yield f"{self._quiet(f'{margin} |')} {indent}{self._painted(carets, severity)}"

    def _painted(self, text: str, severity: Severity) -> str:
        return f"\x1b[1;{_COLOURS[severity]}m{text}\x1b[0m" if self._coloured else text

    def _quiet(self, text: str) -> str:
        return f"\x1b[{_QUIET}m{text}\x1b[0m" if self._coloured else text


def _whereabouts(finding: Finding) -> str:
    if finding.anesthesia_record_id is None:
        return printable(finding.path)
    return f"{printable(finding.path)} of {printable(finding.anesthesia_record_id)}"
