"""What a report counts and keeps: accepted findings are counted apart and crowd out no other."""

from datetime import date, datetime
from uuid import UUID

from app.checking.acceptance import InForce
from app.checking.tally import Tally
from app.domain.acceptances import Acceptance, Author
from app.domain.findings import Finding, FindingCode, Scope, Severity
from app.domain.identifiers import PracticeId
from app.domain.submissions import FindingCounts

ACCEPTED = Acceptance(
    id=UUID(int=7),
    practice_id=PracticeId("12345"),
    sandbox=False,
    code=FindingCode.NPI_CHECK_DIGIT,
    path=None,
    reason="The NPIs are those of the test bench.",
    expires_on=date(2024, 12, 31),
    accepted_at=datetime(2024, 5, 1),
    by=Author(key_id=UUID(int=1), role="practice", label=None),
)


def finding(code: FindingCode, severity: Severity) -> Finding:
    return Finding(code=code, severity=severity, scope=Scope.RECORD, message="", path="/a")


NPI = finding(FindingCode.NPI_CHECK_DIGIT, Severity.WARNING)
HELD = finding(FindingCode.TIN_NOT_REGISTERED, Severity.WARNING)
WRONG_SEX = finding(FindingCode.NOT_IN_LIST, Severity.ERROR)
REMARK = finding(FindingCode.VERSION_CLOSED, Severity.INFO)


def tally(*findings: Finding, max_findings: int = 10) -> Tally:
    made = Tally(max_findings, InForce([ACCEPTED]))
    for each in findings:
        made.add(each)
    return made


def test_errors_warnings_remarks_and_accepted_findings_are_all_findings() -> None:
    counted = tally(NPI, HELD, WRONG_SEX, REMARK, NPI)
    assert counted.counts == FindingCounts(error=1, warning=1, accepted=2, total=5)
    assert counted.kinds == {
        (Severity.WARNING, FindingCode.NPI_CHECK_DIGIT): 2,
        (Severity.WARNING, FindingCode.TIN_NOT_REGISTERED): 1,
        (Severity.ERROR, FindingCode.NOT_IN_LIST): 1,
        (Severity.INFO, FindingCode.VERSION_CLOSED): 1,
    }
    assert counted.accepted == {(Severity.WARNING, FindingCode.NPI_CHECK_DIGIT): 2}


def test_a_kept_finding_names_what_accepts_it() -> None:
    kept = tally(NPI, HELD).findings
    assert [each.acceptance for each in kept] == [ACCEPTED.id, None]


def test_ever_so_many_accepted_findings_leave_room_for_the_others_in_their_order() -> None:
    counted = tally(NPI, NPI, NPI, HELD, NPI, WRONG_SEX, HELD, max_findings=2)
    assert [each.code for each in counted.findings] == ["AR305", "AR305", "AR401", "AR201"]
    assert counted.counts == FindingCounts(error=1, warning=2, accepted=4, total=7)


def test_without_acceptances_the_first_findings_are_kept() -> None:
    counted = Tally(1)
    counted.add(NPI)
    counted.add(WRONG_SEX)
    assert counted.findings == [NPI]
    assert counted.counts == FindingCounts(error=1, warning=1, accepted=0, total=2)
