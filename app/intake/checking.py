"""The one way through a case file: request, worker, command line and page all take it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from app.domain.findings import Finding, FindingCode, Scope, Severity, has_error
from app.domain.identifiers import PracticeId
from app.intake.checks import Twins, storable_findings
from app.intake.decode import without_comments
from app.xsd.catalogue import SchemaCatalogue
from app.xsd.parsing import holds_comments
from app.xsd.prolog import HEADER, ROOT
from app.xsd.reader import HeaderRead, RecordRead, read_case_file
from app.xsd.window import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedRecord:
    """A record with all its findings: those of the schema, or else those of storing."""

    read: RecordRead
    findings: tuple[Finding, ...]

    @property
    def is_valid(self) -> bool:
        return self.read.checked and not has_error(self.findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What a submission must be beyond valid: from this practice, of a version open on this day.

    A validation expects nothing: `practice_id` None, and a closed version is only remarked on.
    """

    day: date
    practice_id: PracticeId | None = None

    @property
    def is_submission(self) -> bool:
        return self.practice_id is not None


Checked = HeaderRead | CheckedRecord | Finding


def check_case_file(
    source: Source, catalogue: SchemaCatalogue, expectation: Expectation
) -> Iterator[Checked]:
    """Yield the header, each record with its findings, and the findings about the file."""
    twins = Twins()
    for read in read_case_file(source, catalogue):
        if isinstance(read, RecordRead):
            yield _checked(read, twins)
        else:
            yield read
            if isinstance(read, HeaderRead):
                yield from _header_findings(read, catalogue, expectation)


def _checked(read: RecordRead, twins: Twins) -> CheckedRecord:
    if read.element is None or not read.checked or has_error(read.findings):
        return CheckedRecord(read=read, findings=read.findings)
    if holds_comments(read.data):
        without_comments(read.element)
    storable = storable_findings(read, read.element, twins)
    return CheckedRecord(read=read, findings=(*read.findings, *storable))


def _header_findings(
    header: HeaderRead, catalogue: SchemaCatalogue, expectation: Expectation
) -> Iterator[Finding]:
    expected = expectation.practice_id
    if expected is not None and header.practice_id not in (None, expected):
        yield Finding(
            code=FindingCode.OTHER_PRACTICE,
            severity=Severity.ERROR,
            scope=Scope.FILE,
            path=f"/{ROOT}/{HEADER}/PracticeID",
            line=header.practice_line,
            message="PracticeID is not the practice that the file is sent for.",
        )
    version = header.version
    if version is not None and not version.accepts_on(expectation.day):
        consequence = (
            "send a version that is open"
            if expectation.is_submission
            else "the file is checked all the same, but it cannot be submitted"
        )
        yield Finding(
            code=FindingCode.VERSION_CLOSED,
            severity=Severity.ERROR if expectation.is_submission else Severity.INFO,
            scope=Scope.FILE,
            path=f"/{ROOT}/{HEADER}/AQIXMLVersion",
            line=header.version_line,
            message=f"Version {version.id} is closed for submission: {consequence}.",
            expected=catalogue.open_ids(expectation.day),
        )
