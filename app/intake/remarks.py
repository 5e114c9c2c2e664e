"""What the registry adds to the findings of a record: what only it can know."""

from typing import Final

from app.checking.checker import CheckedRecord
from app.domain.finding_catalogue import message_of
from app.domain.findings import Finding, FindingCode, Scope, Severity

_STAFF: Final = "AnesthesiaCase/AnesthesiaStaffSet"
_METHODS: Final = "AnesthesiaCase/AnesthesiaMethodSet"


def held(record: CheckedRecord) -> CheckedRecord:
    """`record`, with the remark that a TIN of it is not registered."""
    return _with(
        record, FindingCode.TIN_NOT_REGISTERED, Severity.WARNING, Scope.RECORD, f"/{_STAFF}"
    )


def outside_period(record: CheckedRecord) -> CheckedRecord:
    """`record`, refused with its file for its date of service."""
    return _with(
        record, FindingCode.SERVICE_OUTSIDE_PERIOD, Severity.ERROR, Scope.FILE, f"/{_METHODS}"
    )


def without_known_case(record: CheckedRecord) -> CheckedRecord:
    """`record`, refused with its file for it names no case that could be kept."""
    return _with(record, FindingCode.CASE_OF_RECORD_UNKNOWN, Severity.ERROR, Scope.FILE, "")


def _with(
    record: CheckedRecord, code: FindingCode, severity: Severity, scope: Scope, below: str
) -> CheckedRecord:
    read = record.read
    finding = Finding(
        code=code,
        severity=severity,
        scope=scope,
        record=read.number,
        anesthesia_record_id=read.anesthesia_record_id,
        path=f"{read.path}{below}",
        line=read.line,
        message=message_of(code),
    )
    return CheckedRecord(read=read, findings=(*record.findings, finding), case=record.case)
