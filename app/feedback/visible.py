"""Which reports, and which requests of them, somebody may see, and which they may ask for."""

from dataclasses import replace
from typing import Final
from uuid import UUID

from app.access.rights import Right, require, require_figures, require_practice
from app.domain.errors.access import NotPermitted
from app.domain.errors.measures import FeedbackReportUnknown, FeedbackRequestUnknown
from app.domain.feedback import FeedbackReport, FeedbackRequest
from app.domain.principals import Principal
from app.feedback.service import find_report
from app.feedback.whose import AskedReport
from app.measures.dependencies import reach_of
from app.storage.unit_of_work import OpenWork

_ANOTHERS: Final = "A clinician sees the reports of their own NPI."
_OTHER_PRACTICES: Final = (
    "A virtual group has cases of other practices: its reports are for who may see the figures of"
    " each of them."
)


def require_counted(caller: Principal) -> None:
    """Raises: FeedbackReportUnknown to a sandbox, what is in it is not counted."""
    if caller.sandbox:
        raise FeedbackReportUnknown("Nothing of the sandbox counts, so it has no reports.")


def permitted(asked: AskedReport, caller: Principal) -> AskedReport:
    """What is asked for; a clinician who asks for a TIN is given their own report under it.

    Raises: NotPermitted.
    """
    if asked.is_of_a_group:
        require_practice(caller, Right.SEE_FIGURES, asked.practice)
        return asked
    return replace(asked, npi=require_figures(caller, asked.practice, asked.npi))


def visible_report(report_id: UUID, caller: Principal, open_work: OpenWork) -> FeedbackReport:
    """Raises: NotPermitted; FeedbackReportUnknown, also for one of a practice out of reach."""
    require(caller, Right.SEE_OWN_FIGURES)
    require_counted(caller)
    with open_work() as work:
        report = find_report(report_id, work)
    _require_whose(caller, report)
    return report


def visible_request(request_id: UUID, caller: Principal, open_work: OpenWork) -> FeedbackRequest:
    """Raises: NotPermitted; FeedbackRequestUnknown, also for one of a practice out of reach."""
    require(caller, Right.SEE_OWN_FIGURES)
    require_counted(caller)
    with open_work() as work:
        request = work.feedback_requests.get(request_id)
    if request is None:
        raise FeedbackRequestUnknown("No request of this id can be seen.")
    _require_whose(caller, request)
    return request


def _require_whose(caller: Principal, seen: FeedbackReport | FeedbackRequest) -> None:
    """Raises: NotPermitted."""
    entity = seen.entity
    if entity.group is not None:
        require_practice(caller, Right.SEE_FIGURES, seen.practice_id)
        if not all(map(reach_of(caller), entity.group.practices)):
            raise NotPermitted(_OTHER_PRACTICES)
    elif require_figures(caller, seen.practice_id, entity.npi) != entity.npi:
        raise NotPermitted(_ANOTHERS)
