"""A validation report: honest totals, and as many findings as were asked for."""

import hashlib
from dataclasses import dataclass, field
from datetime import date

from app.domain.findings import Finding, Severity
from app.domain.submissions import FindingCounts
from app.intake.checking import Checked, CheckedRecord, Expectation, check_case_file
from app.intake.read_ahead import reading_ahead
from app.xsd.catalogue import SchemaCatalogue
from app.xsd.reader import HeaderRead
from app.xsd.window import Source

DEFAULT_MAX_FINDINGS = 1_000
_DRAIN_BYTES = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidationReport:
    """`findings` holds the first ones; `findings_omitted` more were counted and left out."""

    schema_version: str | None
    practice_id: str | None
    sha256: str
    bytes: int
    records_total: int
    records_valid: int
    findings: tuple[Finding, ...]
    findings_total: int
    errors: int

    @property
    def is_valid(self) -> bool:
        return self.errors == 0

    @property
    def findings_omitted(self) -> int:
        return self.findings_total - len(self.findings)


@dataclass(slots=True)
class Tally:
    """Counts what passes by and keeps the first `max_findings` findings."""

    max_findings: int
    header: HeaderRead | None = None
    records_total: int = 0
    records_valid: int = 0
    errors: int = 0
    warnings: int = 0
    findings_total: int = 0
    findings: list[Finding] = field(default_factory=list)

    def add(self, checked: Checked) -> None:
        match checked:
            case HeaderRead():
                self.header = checked
            case CheckedRecord():
                self.records_total += 1
                self.records_valid += checked.is_valid
                for finding in checked.findings:
                    self._add_finding(finding)
            case Finding():
                self._add_finding(checked)

    def _add_finding(self, finding: Finding) -> None:
        self.findings_total += 1
        self.errors += finding.severity is Severity.ERROR
        self.warnings += finding.severity is Severity.WARNING
        if len(self.findings) < self.max_findings:
            self.findings.append(finding)

    @property
    def counts(self) -> FindingCounts:
        return FindingCounts(error=self.errors, warning=self.warnings, total=self.findings_total)

    @property
    def schema_version(self) -> str | None:
        return self.header.version_id if self.header else None


class HashingSource:
    """Passes bytes on and remembers their SHA-256 and number."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._hash = hashlib.sha256()
        self.bytes = 0

    def read(self, size: int, /) -> bytes:
        data = self._source.read(size)
        self._hash.update(data)
        self.bytes += len(data)
        return data

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()


def validate_case_file(
    source: Source,
    catalogue: SchemaCatalogue,
    *,
    day: date,
    max_findings: int = DEFAULT_MAX_FINDINGS,
) -> ValidationReport:
    """Check a case file without storing anything. `day` decides which versions are open."""
    hashed = HashingSource(source)
    tally = Tally(max_findings)
    with reading_ahead(hashed) as ahead:
        for checked in check_case_file(ahead, catalogue, Expectation(day=day)):
            tally.add(checked)
        while ahead.read(_DRAIN_BYTES):
            pass  # what the reader left counts in the hash and the size too
    return ValidationReport(
        schema_version=tally.schema_version,
        practice_id=tally.header.practice_id if tally.header else None,
        sha256=hashed.sha256,
        bytes=hashed.bytes,
        records_total=tally.records_total,
        records_valid=tally.records_valid,
        findings=tuple(tally.findings),
        findings_total=tally.findings_total,
        errors=tally.errors,
    )
