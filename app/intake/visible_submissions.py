"""Submissions as far as a key may see them."""

from uuid import UUID

from app.access.rights import Right, may_reach, require
from app.domain.errors.intake import SubmissionUnknown
from app.domain.principals import Principal
from app.domain.submissions import Submission
from app.storage.unit_of_work import OpenWork


def visible_submission(
    submission_id: UUID,
    caller: Principal,
    open_work: OpenWork,
    *,
    right: Right = Right.SEE_SUBMISSIONS,
) -> Submission:
    """Raises: NotPermitted; SubmissionUnknown, also for one that the caller may not see."""
    require(caller, right)
    with open_work() as work:
        submission = work.submissions.get(submission_id)
    if submission is None or submission.sandbox != caller.sandbox:
        raise SubmissionUnknown("No submission of this id can be seen with this key.")
    if not may_reach(caller, right, submission.practice_id):
        raise SubmissionUnknown("No submission of this id can be seen with this key.")
    return submission
