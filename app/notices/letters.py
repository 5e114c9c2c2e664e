"""Letters, and the one that tells people how a submission ended. It holds nothing of the file."""

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final
from uuid import UUID

from app.domain.mail_addresses import domain_of
from app.domain.submissions import Submission, SubmissionStatus

_HEADLINES: Final = {
    SubmissionStatus.ACCEPTED: "Case file accepted",
    SubmissionStatus.PARTIALLY_ACCEPTED: "Case file accepted in part",
    SubmissionStatus.REJECTED: "Case file rejected",
    SubmissionStatus.FAILED: "Case file not processed",
}
_MEANINGS: Final = {
    SubmissionStatus.ACCEPTED: "Every record is stored, or was stored before.",
    SubmissionStatus.PARTIALLY_ACCEPTED: (
        "The records with an error are not stored; the others are."
    ),
    SubmissionStatus.REJECTED: "Nothing of the file is stored. Please mend it and send it again.",
    SubmissionStatus.FAILED: (
        "The fault is ours. Nothing of the file is stored; please send it again."
    ),
}


def letter_about(
    submission: Submission,
    *,
    letter_id: UUID,
    sender: str,
    address: str,
    service_url: str,
    now: datetime,
) -> EmailMessage:
    return new_letter(
        letter_id=letter_id,
        sender=sender,
        address=address,
        subject=f"{_HEADLINES[submission.status]}{_where(submission)}",
        text=_text(submission, service_url),
        now=now,
    )


def new_letter(
    *, letter_id: UUID, sender: str, address: str, subject: str, text: str, now: datetime
) -> EmailMessage:
    """Return a letter. One that is sent twice has the same Message-ID both times."""
    letter = EmailMessage(policy=SMTP)
    letter["From"] = sender
    letter["To"] = address
    letter["Subject"] = subject
    letter["Date"] = format_datetime(now)
    letter["Message-ID"] = f"<{letter_id}@{domain_of(sender)}>"
    letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: no automatic answer, please
    letter.set_content(text)
    return letter


def _where(submission: Submission) -> str:
    sandbox = ", sandbox" if submission.sandbox else ""
    return f" (practice {submission.practice_id}{sandbox})"


def _text(submission: Submission, service_url: str) -> str:
    here = f"{service_url}/v1/submissions/{submission.id}"
    received = submission.received_at.strftime("%Y-%m-%d %H:%M")
    return f"""\
{_HEADLINES[submission.status]}{_where(submission)}.
{_MEANINGS[submission.status]}

Received:  {received} UTC
{_counts(submission)}
Receipt:   {here}
Findings:  {here}/report

To read them takes an API key that may see the submissions of the practice.

You get this mail because the case file names your address as one to notify.
"""


def _counts(submission: Submission) -> str:
    """A file that could not be processed has none."""
    if submission.status is SubmissionStatus.FAILED:
        return ""
    outcomes = ", ".join(
        f"{number} {outcome.value}" for outcome, number in submission.records.by_outcome().items()
    )
    return f"""\
Records:   {submission.records.total} ({outcomes})
Errors:    {submission.findings.error}
Warnings:  {submission.findings.warning}
"""
