"""Receipts, and what became of each record, as JSON."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from app.domain.findings import FindingCode
from app.domain.submissions import (
    OnError,
    Progress,
    RecordOutcome,
    RecordResult,
    Submission,
    SubmissionStatus,
)
from app.intake.replacement_wire import ReplacementOut

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
    "progress": None,
    "replacement": None,
    "purged_at": None,
    "links": {
        "self": "https://registry.example/v1/submissions/01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f21",
        "report": "https://registry.example/v1/submissions/01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f21/report",
        "records": "https://registry.example/v1/submissions/01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f21/records",
        "file": "https://registry.example/v1/submissions/01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f21/file",
    },
}


_RECORD_EXAMPLE: JsonDict = {
    "number": 3,
    "line": 214,
    "anesthesia_record_id": "A-0003",
    "outcome": "rejected",
    "case_id": None,
    "finding_codes": ["AR201"],
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


class ProgressOut(BaseModel):
    """How far the file is read; at first, and after an interruption, it begins at 0."""

    records_read: int
    bytes_read: int = Field(description="Of `bytes`.")


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
    progress: ProgressOut | None = Field(
        default=None, description="While the file is taken in; afterwards null."
    )
    replacement: ReplacementOut | None = Field(
        default=None, description="Of a file sent with `replace_period`; of others null."
    )
    purged_at: datetime | None = Field(
        default=None, description="Since when the file, its records and findings are gone."
    )
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
            progress=_progress_of(submission),
            replacement=ReplacementOut.of(submission),
            purged_at=submission.purged_at,
            links=ReceiptLinks(
                self=here,
                report=f"{here}/report",
                records=f"{here}/records",
                file=f"{here}/file",
            ),
        )


def _progress_of(submission: Submission) -> ProgressOut | None:
    if not submission.status.is_under_way:
        return None
    read = submission.progress or Progress()
    return ProgressOut(records_read=read.records_read, bytes_read=read.bytes_read)


class RecordResultOut(BaseModel):
    """What became of one record; `case_id` is null when it was rejected."""

    model_config = ConfigDict(json_schema_extra={"example": _RECORD_EXAMPLE})

    number: int = Field(description="Of the record in the file, from 1.")
    line: int = Field(description="Where the record begins in the file as received, from 1.")
    anesthesia_record_id: str | None
    outcome: RecordOutcome
    case_id: UUID | None
    finding_codes: list[FindingCode] | None = Field(
        description="What was found in the record, each code once. What is wrong with the file as"
        " a whole stands in the report only. Null: more was found before than is kept."
    )

    @classmethod
    def of(cls, result: RecordResult, codes: Collection[FindingCode] | None) -> "RecordResultOut":
        return cls(
            number=result.number,
            line=result.line,
            anesthesia_record_id=result.anesthesia_record_id,
            outcome=result.outcome,
            case_id=result.case_id,
            finding_codes=None if codes is None else list(codes),
        )
