"""The question for a submission of the same bytes that would end alike today."""

from typing import Final

from sqlalchemy import ColumnElement, and_, bindparam, not_, select

from app.domain.findings import FindingCode
from app.domain.submissions import SubmissionStatus
from app.storage.fixed_statements import FixedStatement
from app.storage.intake.replacement_rows import is_given_up
from app.storage.tables.submissions import submission_findings, submissions


def _refused_for_its_day() -> ColumnElement[bool]:
    closed = (
        select(submission_findings.c.number)
        .where(
            submission_findings.c.practice_id == submissions.c.practice_id,
            submission_findings.c.submission_id == submissions.c.id,
            submission_findings.c.finding["code"].astext == FindingCode.VERSION_CLOSED.value,
        )
        .exists()
    )
    return and_(submissions.c.status == SubmissionStatus.REJECTED.value, closed)


SAME_BYTES: Final = FixedStatement(
    select(submissions)
    .where(
        submissions.c.practice_id == bindparam("practice"),
        submissions.c.sha256 == bindparam("hash"),
        submissions.c.on_error == bindparam("when_wrong"),
        submissions.c.sandbox == bindparam("in_sandbox"),
        submissions.c.status != SubmissionStatus.FAILED.value,
        submissions.c.purged_at.is_(None),
        submissions.c.replace_period.is_not_distinct_from(bindparam("period")),
        not_(_refused_for_its_day()),
        not_(is_given_up(submissions)),
    )
    .order_by(submissions.c.received_at, submissions.c.id)
    .limit(1)
)
