"""The finding about a case file that holds more records than one transaction should."""

from app.domain.finding_catalogue import message_of
from app.domain.findings import Finding, FindingCode, Scope, Severity
from app.xsd.file_findings import record_path


def too_many_records(limit: int) -> Finding:
    """It stands at the first record beyond `limit`, whose line a run of records does not tell."""
    return Finding(
        code=FindingCode.TOO_MANY_RECORDS,
        severity=Severity.ERROR,
        scope=Scope.FILE,
        path=record_path(limit + 1),
        message=message_of(FindingCode.TOO_MANY_RECORDS, limit=limit),
    )
