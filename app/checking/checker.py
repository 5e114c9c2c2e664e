"""The one way through a case file: request, worker, command line and page all take it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from lxml import etree

from app.checking.decode import decode_case, without_comments
from app.checking.decoded_values import OutOfRange
from app.checking.rule_findings import RecordRules
from app.checking.standards import Standards
from app.checking.storable import Twins, is_bounded, twin_findings, unstorable_findings
from app.domain.cases import AnesthesiaCase
from app.domain.finding_catalogue import message_of
from app.domain.findings import Finding, FindingCode, Scope, Severity, has_error
from app.domain.identifiers import PracticeId
from app.xsd.catalogue import SchemaCatalogue
from app.xsd.parsing import holds_comments
from app.xsd.prolog import HEADER, ROOT
from app.xsd.reader import read_case_file
from app.xsd.reads import HeaderRead, Read, RecordRead
from app.xsd.window import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedRecord:
    """A record with all its findings: those of the schema, or else of storing, or else of rules.

    `case` is the record decoded, where nothing keeps it from being stored but a rule.
    """

    read: RecordRead
    findings: tuple[Finding, ...]
    case: AnesthesiaCase | None = None

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
    source: Source, standards: Standards, expectation: Expectation
) -> Iterator[Checked]:
    """Yield the header, each record with its findings, and the findings about the file."""
    checker = Checker(standards, expectation)
    for read in read_case_file(source, standards.schemas):
        yield from checker.check(read)


class Checker:
    """Holds what is read of one file, in its order, against all that the schema leaves open."""

    def __init__(self, standards: Standards, expectation: Expectation) -> None:
        self._standards = standards
        self._expectation = expectation
        self.twins = Twins()
        self.records: RecordChecker | None = None

    def check(self, read: Read) -> Iterator[Checked]:
        match read:
            case HeaderRead():
                yield read
                yield from self._begin(read)
            case RecordRead():
                yield _as_read(read) if self.records is None else self.records.check(read)
            case Finding():
                yield read

    def _begin(self, header: HeaderRead) -> Iterator[Finding]:
        schemas, expected = self._standards.schemas, self._expectation
        if header.version is not None:
            rules = RecordRules(self._standards.rules, header.version, schemas, expected.day)
            self.records = RecordChecker(rules, self.twins)
        yield from _header_findings(header, schemas, expected)


class RecordChecker:
    """Holds the records of one file, or of a run of it, against all that the schema leaves open."""

    def __init__(self, rules: RecordRules, twins: Twins) -> None:
        self._rules = rules
        self._twins = twins

    def check(self, read: RecordRead) -> CheckedRecord:
        element = read.element
        if element is None or not read.checked or has_error(read.findings):
            return _as_read(read)
        if holds_comments(read.data):
            without_comments(element)
        case = _case_of(read, element)
        if case is None:  # a rejected record is nobody's twin
            return _unstorable(read, unstorable_findings(read, element))
        if twins := twin_findings(read, self._twins):
            return _unstorable(read, twins)
        remarks = self._rules.findings(read, element, case)
        return CheckedRecord(read=read, findings=(*read.findings, *remarks), case=case)


def _as_read(read: RecordRead) -> CheckedRecord:
    return CheckedRecord(read=read, findings=read.findings)


def _unstorable(read: RecordRead, why: Iterable[Finding]) -> CheckedRecord:
    return CheckedRecord(read=read, findings=(*read.findings, *why))


def _case_of(read: RecordRead, element: etree._Element) -> AnesthesiaCase | None:
    """The case, or None when the database could not hold it."""
    if read.anesthesia_record_id is None:
        return None
    try:
        case = decode_case(element)
    except OutOfRange:
        return None
    return case if is_bounded(case) else None


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
            message=message_of(FindingCode.OTHER_PRACTICE),
        )
    version = header.version
    if version is not None and not version.accepts_on(expectation.day):
        asked_for = "submitted" if expectation.is_submission else "validated"
        yield Finding(
            code=FindingCode.VERSION_CLOSED,
            severity=Severity.ERROR if expectation.is_submission else Severity.INFO,
            scope=Scope.FILE,
            path=f"/{ROOT}/{HEADER}/AQIXMLVersion",
            line=header.version_line,
            message=message_of(FindingCode.VERSION_CLOSED, asked_for, version=version.id),
            expected=catalogue.open_ids(expectation.day),
        )
