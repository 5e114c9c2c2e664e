"""Who may see a case, and that they did."""

from app.access.rights import Right, may_reach
from app.domain.audit import AuditAction
from app.domain.errors.intake import CaseUnknown
from app.domain.identifiers import PracticeId
from app.domain.principals import Principal, Role
from app.intake.case_wire import CaseOut
from app.storage.cases.case_queries import StoredCase
from app.storage.unit_of_work import UnitOfWork


def visible_case(
    case: StoredCase | None, caller: Principal, right: Right = Right.SEE_CASES
) -> StoredCase:
    """A clinician sees the cases that they are on the staff of; `case` is read with its staff.

    Raises: CaseUnknown, also for one that the caller may not see.
    """
    if case is None or not _may_see(case, caller, right):
        raise CaseUnknown("No case of this id can be seen with this key.")
    return case


def _may_see(case: StoredCase, caller: Principal, right: Right) -> bool:
    if case.sandbox != caller.sandbox or not may_reach(caller, right, case.practice_id):
        return False
    if caller.role is not Role.CLINICIAN:
        return True
    return caller.npi is not None and any(each["npi"] == caller.npi for each in case.staff)


def record_reading(
    action: AuditAction, case: StoredCase | CaseOut, caller: Principal, work: UnitOfWork
) -> None:
    """Nobody has seen a case before it is written down that they did."""
    practice = PracticeId(case.practice_id)
    work.audit.record(caller.actor, action, practice=practice, about=("case", case.case_id))
