"""Receipts and what hangs on them, as JSON."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from app.domain.submissions import (
    OnError,
    RecordOutcome,
    RecordResult,
    Submission,
    SubmissionStatus,
)

_EXAMPLE: JsonDict = {
    "id": "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f21",
    "practice_id": "12345",
    "status": "partially_accepted",
    "sandbox": False,
    "schema_version": "2020V1.0",
    "on_error": "record",
    "received_at": "2026-11-21T10:00:00Z",
    "finished_at": "2026-11-21T10:00:01Z",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "bytes": 118244,
    "file_name": "march.xml",
    "records": {
        "total": 5,
        "created": 3,
        "replaced": 1,
        "unchanged": 0,
        "held": 0,
        "rejected": 1,
    },
    "findings": {"error": 1, "warning": 2, "accepted": 3},
    "links": {
        "self": "https://registry.example/v1/submissions/01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f21",
        "report": "https://registry.example/v1/submissions/01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f21/report",
        "records": "https://registry.example/v1/submissions/01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f21/records",
        "file": "https://registry.example/v1/submissions/01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f21/file",
    },
}


class RecordCountsOut(BaseModel):
    """`created + replaced + unchanged + held + rejected == total`, always."""

    total: int
    created: int
    replaced: int
    unchanged: int
    held: int
    rejected: int


class FindingCountsOut(BaseModel):
    error: int
    warning: int = Field(description="Those that the practice has not accepted.")
    accepted: int = Field(description="Warnings and remarks that the practice has accepted.")


class ReceiptLinks(BaseModel):
    self: str
    report: str
    records: str
    file: str


class Receipt(BaseModel):
    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    id: UUID
    practice_id: str
    status: SubmissionStatus
    sandbox: bool
    schema_version: str | None
    on_error: OnError
    received_at: datetime
    finished_at: datetime | None
    sha256: str = Field(description="Of the file without compression, in hexadecimal.")
    bytes: int
    file_name: str | None
    records: RecordCountsOut
    findings: FindingCountsOut
    links: ReceiptLinks

    @classmethod
    def of(cls, submission: Submission, *, service_url: str) -> "Receipt":
        here = f"{service_url}/v1/submissions/{submission.id}"
        records = submission.records
        return cls(
            id=submission.id,
            practice_id=submission.practice_id,
            status=submission.status,
            sandbox=submission.sandbox,
            schema_version=submission.schema_version,
            on_error=submission.on_error,
            received_at=submission.received_at,
            finished_at=submission.finished_at,
            sha256=submission.sha256,
            bytes=submission.bytes,
            file_name=submission.file_name,
            records=RecordCountsOut(
                total=records.total,
                created=records.created,
                replaced=records.replaced,
                unchanged=records.unchanged,
                held=records.held,
                rejected=records.rejected,
            ),
            findings=FindingCountsOut(
                error=submission.findings.error,
                warning=submission.findings.warning,
                accepted=submission.findings.accepted,
            ),
            links=ReceiptLinks(
                self=here,
                report=f"{here}/report",
                records=f"{here}/records",
                file=f"{here}/file",
            ),
        )


class RecordResultOut(BaseModel):
    """What became of one record; `case_id` is null when it was rejected."""

    number: int
    line: int
    anesthesia_record_id: str | None
    outcome: RecordOutcome
    case_id: UUID | None

    @classmethod
    def of(cls, result: RecordResult) -> "RecordResultOut":
        return cls(
            number=result.number,
            line=result.line,
            anesthesia_record_id=result.anesthesia_record_id,
            outcome=result.outcome,
            case_id=result.case_id,
        )
