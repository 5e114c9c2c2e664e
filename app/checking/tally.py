"""Counts what is found in a case file, and keeps as many findings as are asked for."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from app.checking.acceptance import NOTHING_ACCEPTED, InForce
from app.checking.checker import Checked, CheckedRecord
from app.domain.findings import Finding, Severity
from app.domain.submissions import FindingCounts, FindingKind
from app.xsd.reads import HeaderRead


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
    _listed: Counter[bool] = field(default_factory=Counter)

    def add(self, checked: "Checked | Tally") -> None:
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
            case Tally():
                self._add_tally(checked)

    def _add_tally(self, other: "Tally") -> None:
        """`other` counted what follows, with the same `in_force` and as many findings."""
        for finding in other.findings:
            self._list(finding)
        self.records_total += other.records_total
        self.records_valid += other.records_valid
        self.errors += other.errors
        self.warnings += other.warnings
        self.findings_total += other.findings_total
        self.findings_accepted += other.findings_accepted
        self.kinds += other.kinds
        self.accepted += other.accepted

    def _add_finding(self, finding: Finding) -> None:
        self.findings_total += 1
        self.kinds[finding.severity, finding.code] += 1
        acceptance = self.in_force.covering(finding)
        if acceptance is not None:
            self.findings_accepted += 1
            self.accepted[finding.severity, finding.code] += 1
            self._list(replace(finding, acceptance=acceptance.id))
            return
        self.errors += finding.severity is Severity.ERROR
        self.warnings += finding.severity is Severity.WARNING
        self._list(finding)

    def _list(self, finding: Finding) -> None:
        is_accepted = finding.acceptance is not None
        if self._listed[is_accepted] < self.max_findings:
            self._listed[is_accepted] += 1
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


def sum_up(
    records: Iterable[CheckedRecord], *, max_findings: int, in_force: InForce = NOTHING_ACCEPTED
) -> Tally:
    tally = Tally(max_findings, in_force)
    for record in records:
        tally.add(record)
    return tally
