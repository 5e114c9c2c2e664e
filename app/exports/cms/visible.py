"""Which of what was made for CMS somebody may see."""

from typing import Final
from uuid import UUID

from app.access.rights import Right, require, require_practice, sees_every_practice
from app.domain.cms import CmsDocument, CmsSubmission
from app.domain.errors.access import NotPermitted
from app.domain.principals import Principal
from app.domain.reporting import ReportingLevel
from app.exports.cms.service import find_document, find_submission
from app.storage.unit_of_work import OpenWork

_OTHER_PRACTICES: Final = (
    "A virtual group has cases of other practices: its document is for the staff of the registry."
)


def visible_submission(
    submission_id: UUID, caller: Principal, open_work: OpenWork
) -> CmsSubmission:
    """Raises: NotPermitted; CmsSubmissionUnknown, also for one of a practice out of reach."""
    require(caller, Right.SEE_CMS_FILES)
    with open_work() as work:
        found = find_submission(submission_id, work)
    require_practice(caller, Right.SEE_CMS_FILES, found.practice_id)
    return found


def visible_document(
    document_id: UUID, caller: Principal, right: Right, open_work: OpenWork
) -> CmsDocument:
    """Raises: NotPermitted; CmsDocumentUnknown, also for one of a practice out of reach."""
    require(caller, right)
    with open_work() as work:
        found = find_document(document_id, work)
    require_practice(caller, right, found.practice_id)
    if found.entity.level is ReportingLevel.VIRTUAL_GROUP and not sees_every_practice(caller):
        raise NotPermitted(_OTHER_PRACTICES)
    return found
