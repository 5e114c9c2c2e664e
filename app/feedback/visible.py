"""Which reports, and which requests of them, somebody may see."""

from typing import Final
from uuid import UUID

from app.access.rights import Right, require, require_figures
from app.domain.errors.access import NotPermitted
from app.domain.errors.measures import FeedbackReportUnknown, FeedbackRequestUnknown
from app.domain.feedback import FeedbackReport, FeedbackRequest
from app.domain.principals import Principal
from app.feedback.service import find_report
from app.storage.unit_of_work import OpenWork

_ANOTHERS: Final = "A clinician sees the reports of their own NPI."


def require_counted(caller: Principal) -> None:
    """Raises: FeedbackReportUnknown to a sandbox, what is in it is not counted."""
    if caller.sandbox:
        raise FeedbackReportUnknown("Nothing of the sandbox counts, so it has no reports.")


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
    if require_figures(caller, seen.practice_id, seen.npi) != seen.npi:
        raise NotPermitted(_ANOTHERS)
