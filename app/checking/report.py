"""A validation report: honest totals, and as many findings as were asked for."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from app.checking.checker import Checked, Expectation, check_case_file
from app.checking.pool import CheckingPool
from app.checking.read_ahead import reading_ahead
from app.checking.spread import check_in_runs
from app.checking.standards import Standards
from app.checking.tally import Tally, sum_up
from app.domain.findings import Finding, Severity
from app.domain.submissions import FindingKind
from app.xsd.window import Source

DEFAULT_MAX_FINDINGS = 1_000
_DRAIN_BYTES = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidationReport:
    """`findings` holds the first ones; `findings_omitted` more were counted and left out.

    `kinds` counts all of them, by severity and code; `accepted` those that a practice accepts.
    """

    schema_version: str | None
    practice_id: str | None
    sha256: str
    bytes: int
    records_total: int
    records_valid: int
    findings: tuple[Finding, ...]
    findings_total: int
    errors: int
    kinds: Mapping[FindingKind, int]
    accepted: Mapping[FindingKind, int] = field(default_factory=dict)

    @property
    def is_valid(self) -> bool:
        return self.errors == 0

    @property
    def warnings(self) -> int:
        return sum(self.kinds[kind] for kind in self.kinds if kind[0] is Severity.WARNING)

    @property
    def findings_omitted(self) -> int:
        return self.findings_total - len(self.findings)


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
    standards: Standards,
    *,
    day: date,
    max_findings: int = DEFAULT_MAX_FINDINGS,
    pool: CheckingPool | None = None,
) -> ValidationReport:
    """Check a case file without storing anything. `day` decides which versions are open.

    With `pool` other processes check the records; the report is the same.
    """
    expectation = Expectation(day=day)
    hashed = HashingSource(source)
    tally = Tally(max_findings)
    with reading_ahead(hashed) as ahead:
        for checked in _checked(ahead, standards, expectation, max_findings, pool):
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
        kinds=tally.kinds,
    )


def _checked(
    source: Source,
    standards: Standards,
    expectation: Expectation,
    max_findings: int,
    pool: CheckingPool | None,
) -> Iterator[Checked | Tally]:
    if pool is None:
        return check_case_file(source, standards, expectation)
    sum_up_run = partial(sum_up, max_findings=max_findings)
    return check_in_runs(source, standards, expectation, pool=pool, sum_up=sum_up_run)
