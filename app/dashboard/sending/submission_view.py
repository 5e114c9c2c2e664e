"""A submission as somebody in front of a page sees it: how far it is, then what was found."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from app.domain.finding_catalogue import finding_catalogue
from app.domain.findings import Finding, FindingCode, Severity
from app.domain.principals import Principal
from app.domain.submissions import FindingKinds, Submission, SubmissionStatus
from app.intake.visible_submissions import visible_submission
from app.storage.unit_of_work import OpenWork

MOST_FINDINGS: Final = 50
_WORDS: Final = {
    SubmissionStatus.RECEIVED: "It is received and waits for a worker.",
    SubmissionStatus.PROCESSING: "It is taken in.",
    SubmissionStatus.AWAITING_CONFIRMATION: "It is read and waits to be confirmed.",
    SubmissionStatus.ACCEPTED: "Every record is stored.",
    SubmissionStatus.PARTIALLY_ACCEPTED: "Some records are stored, others are rejected.",
    SubmissionStatus.REJECTED: "Nothing is stored.",
    SubmissionStatus.FAILED: "It failed through no fault of the file, and nothing is stored.",
}
_GRAVEST_FIRST: Final = tuple(Severity)


@dataclass(frozen=True, slots=True, kw_only=True)
class KindRow:
    """How many findings of one code and severity; `accepted` of them the practice accepts."""

    code: FindingCode
    severity: Severity
    title: str
    found: int
    accepted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionView:
    """`kinds`: the gravest and most frequent first; `findings` are the first of them."""

    submission: Submission
    kinds: tuple[KindRow, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def words(self) -> str:
        return _WORDS[self.submission.status]

    @property
    def is_under_way(self) -> bool:
        return self.submission.status.is_under_way

    @property
    def percent_read(self) -> int:
        """Whole percent of the bytes. While what was read is stored, it stays below 100."""
        progress = self.submission.progress
        if progress is None or not self.submission.bytes:
            return 0
        return min(99, 100 * progress.bytes_read // self.submission.bytes)

    @property
    def has_report(self) -> bool:
        """Whether the report can be asked for: its records were read, and are not purged."""
        submission = self.submission
        is_read = not self.is_under_way and submission.status is not SubmissionStatus.FAILED
        return is_read and submission.purged_at is None

    @property
    def has_file(self) -> bool:
        submission = self.submission
        is_kept = submission.status is not SubmissionStatus.REJECTED
        return is_kept and submission.purged_at is None


def look_at(submission_id: UUID, caller: Principal, open_work: OpenWork) -> SubmissionView:
    """Raises: NotPermitted, SubmissionUnknown."""
    submission = visible_submission(submission_id, caller, open_work)
    view = SubmissionView(submission=submission)
    if not view.has_report:
        return view
    with open_work() as work:
        kinds = work.submissions.kinds_of(submission)
        findings = work.submissions.findings_of(submission, limit=MOST_FINDINGS)
    return SubmissionView(submission=submission, kinds=kind_rows(kinds), findings=tuple(findings))


def kind_rows(kinds: FindingKinds) -> tuple[KindRow, ...]:
    rows = (
        KindRow(
            code=code,
            severity=severity,
            title=title_of(code),
            found=number,
            accepted=kinds.accepted.get((severity, code), 0),
        )
        for (severity, code), number in kinds.found.items()
    )
    return tuple(
        sorted(rows, key=lambda row: (_GRAVEST_FIRST.index(row.severity), -row.found, row.code))
    )


def title_of(code: FindingCode) -> str:
    return finding_catalogue()[code].title
