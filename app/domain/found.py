"""What was found in the files of a practice, by code and month."""

from dataclasses import dataclass
from uuid import UUID

from app.domain.findings import FindingCode, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingsOfMonth:
    """Of the files received in a month (1 to 12), UTC; `newest`: the last submission of these."""

    code: FindingCode
    severity: Severity
    month: int
    findings: int
    accepted: int
    newest: UUID
