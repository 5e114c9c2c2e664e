"""What a report is written from: the findings, and the case file that they are about."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from app.checking.report import ValidationReport
from app.domain.findings import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedFile:
    """`source` gives the file as it was checked, uncompressed; it is sought back to its beginning.

    Where it is None the file is not there any more: no report can quote it.

    `name` is what its sender calls it. `service_url` is where the pages about findings are,
    without a slash at the end. `reasons` has why the practice accepts findings, by acceptance.
    `spool` is the folder of what is too large for the memory; None: that of the system.
    """

    name: str
    report: ValidationReport
    source: BinaryIO | None
    service_url: str
    reasons: Mapping[UUID, str] = field(default_factory=dict)
    spool: Path | None = None

    def accepted_because(self, finding: Finding) -> str | None:
        """Return None for a finding that is not accepted."""
        return None if finding.acceptance is None else self.reasons[finding.acceptance]
