"""Counts what is found in a case file, and keeps as many findings as are asked for."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from app.domain.findings import Finding, Severity
from app.domain.submissions import FindingCounts, FindingKind
from app.intake.acceptance import NOTHING_ACCEPTED, InForce
from app.intake.checking import Checked, CheckedRecord
from app.xsd.reader import HeaderRead


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedRun:
    """What was found in some records, one after the other."""

    records: int
    valid: int
    findings: tuple[Finding, ...]


def sum_up(records: Sequence[CheckedRecord]) -> CheckedRun:
    return CheckedRun(
        records=len(records),
        valid=sum(record.is_valid for record in records),
        findings=tuple(finding for record in records for finding in record.findings),
    )


@dataclass(slots=True)
class Tally:
    """Counts what passes by and keeps the first `max_findings` findings.

    Of those that `in_force` accepts it keeps as many besides: they crowd out no other.
    """

    max_findings: int
    in_force: InForce = NOTHING_ACCEPTED
    header: HeaderRead | None = None
    records_total: int = 0
    records_valid: int = 0
    errors: int = 0
    warnings: int = 0
    findings_total: int = 0
    findings_accepted: int = 0
    findings: list[Finding] = field(default_factory=list)
    kinds: Counter[FindingKind] = field(default_factory=Counter)
    accepted: Counter[FindingKind] = field(default_factory=Counter)

    def add(self, checked: Checked | CheckedRun) -> None:
        match checked:
            case HeaderRead():
                self.header = checked
            case CheckedRecord():
                self.add_records(1, int(checked.is_valid), checked.findings)
            case CheckedRun():
                self.add_records(checked.records, checked.valid, checked.findings)
            case Finding():
                self._add_finding(checked)

    def add_records(self, records: int, valid: int, findings: Iterable[Finding]) -> None:
        self.records_total += records
        self.records_valid += valid
        for finding in findings:
            self._add_finding(finding)

    def _add_finding(self, finding: Finding) -> None:
        self.findings_total += 1
        self.kinds[finding.severity, finding.code] += 1
        acceptance = self.in_force.covering(finding)
        if acceptance is not None:
            self._add_accepted(replace(finding, acceptance=acceptance.id))
            return
        self.errors += finding.severity is Severity.ERROR
        self.warnings += finding.severity is Severity.WARNING
        if self.findings_total - self.findings_accepted <= self.max_findings:
            self.findings.append(finding)

    def _add_accepted(self, finding: Finding) -> None:
        self.findings_accepted += 1
        self.accepted[finding.severity, finding.code] += 1
        if self.findings_accepted <= self.max_findings:
            self.findings.append(finding)

    @property
    def counts(self) -> FindingCounts:
        return FindingCounts(
            error=self.errors,
            warning=self.warnings,
            accepted=self.findings_accepted,
            total=self.findings_total,
        )

    @property
    def schema_version(self) -> str | None:
        return self.header.version_id if self.header else None
