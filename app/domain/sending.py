"""What a practice has sent in a time: what became of the records, and what was found in them."""

from dataclasses import dataclass

from app.domain.findings import FindingCode, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class SentInMonth:
    """What became of the records of the files of a month, as 2024-03; `stored` without held ones.

    In UTC, by when the files were received. Files that are under way are not among them.
    """

    month: str
    files: int
    stored: int
    held: int
    rejected: int

    @property
    def records(self) -> int:
        return self.stored + self.held + self.rejected


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundKind:
    """How often a code was found in how many files; `accepted` of these by the practice."""

    code: FindingCode
    severity: Severity
    files: int
    findings: int
    accepted: int

    @property
    def open(self) -> int:
        return self.findings - self.accepted


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """Months without files are not there."""

    months: tuple[SentInMonth, ...]
    kinds: tuple[FoundKind, ...]
