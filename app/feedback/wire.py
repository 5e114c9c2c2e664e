"""Feedback reports as JSON: asked for, listed, opened, and who received what."""

from datetime import date
from typing import Annotated, Any, Final, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.config import JsonDict

from app.access.key_wire import Instant
from app.domain.audit import Actor
from app.domain.feedback import (
    FeedbackDelivery,
    FeedbackFormat,
    FeedbackReminder,
    FeedbackReport,
    FeedbackRequest,
    RequestFailure,
    RequestStatus,
    parse_quarter,
)
from app.domain.identifiers import Npi, PracticeId
from app.domain.notices import NoticeFailure, NoticeState
from app.domain.populations import Population
from app.feedback.opened import OpenedReport
from app.feedback.reading import FiguresQuestion
from app.feedback.report import Feedback
from app.roster.wire import TinText

_ID: Final = "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f41"
_PATH: Final = "/v1/feedback-reports"
_REQUEST_ID: Final = "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f45"
_REQUESTS: Final = "/v1/feedback-requests"
_BY: Final[JsonDict] = {"kind": "worker", "role": None, "label": None, "user_id": None}
_REPORT: Final[JsonDict] = {
    "id": _ID,
    "practice_id": "12345",
    "quarter": "2024-Q1",
    "tin": "891234567",
    "npi": None,
    "made_at": "2024-04-15T04:11:00Z",
    "made_by": _BY,
    "catalogue_version": "2024.1-1162d4b5ea5f",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "links": {
        "self": f"{_PATH}/{_ID}",
        "html": f"{_PATH}/{_ID}?format=html",
        "pdf": f"{_PATH}/{_ID}?format=pdf",
        "csv": f"{_PATH}/{_ID}?format=csv",
        "deliveries": f"{_PATH}/{_ID}/deliveries",
    },
}


class MakeRequest(BaseModel):
    """`npi`: of a clinician under the TIN; without it the report is that of the TIN."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"quarter": "2024-Q1", "tin": "891234567", "npi": None}},
    )

    quarter: Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}-Q[1-4]$")]
    tin: TinText
    npi: Annotated[Npi, StringConstraints(pattern=r"^[0-9]{10}$")] | None = Field(
        default=None, description="The check digit may be wrong, as in a file."
    )

    def as_question(self, practice: PracticeId, npi: Npi | None) -> FiguresQuestion:
        return FiguresQuestion(
            practice=practice, quarter=parse_quarter(self.quarter), tin=self.tin, npi=npi
        )


class WhoOut(BaseModel):
    """`kind`: key, user, operator or worker. `label` says whose key it is, or who the user is."""

    kind: str
    role: str | None
    label: str | None
    user_id: UUID | None

    @classmethod
    def of(cls, actor: Actor) -> Self:
        return cls(kind=str(actor.kind), role=actor.role, label=actor.label, user_id=actor.user_id)


class LinksOut(BaseModel):
    self: str
    html: str
    pdf: str
    csv: str
    deliveries: str

    @classmethod
    def of(cls, report_id: UUID) -> "LinksOut":
        path = f"{_PATH}/{report_id}"
        files = {name: f"{path}?format={name}" for name in ("html", "pdf", "csv")}
        return cls(self=path, deliveries=f"{path}/deliveries", **files)


class FeedbackReportOut(BaseModel):
    """`npi` null: of a TIN. `sha256` is over `figures`, as JSON with sorted keys, no spaces."""

    model_config = ConfigDict(json_schema_extra={"example": _REPORT})

    id: UUID
    practice_id: str
    quarter: str
    tin: str
    npi: str | None
    made_at: Instant
    made_by: WhoOut
    catalogue_version: str | None = Field(
        description="The rules that the cases were decided by; null where they were several."
    )
    sha256: str
    links: LinksOut

    @classmethod
    def of(cls, report: FeedbackReport) -> Self:
        return cls(**_told(report))


class RequestLinksOut(BaseModel):
    self: str
    report: str | None = Field(description="Null until it is made.")

    @classmethod
    def of(cls, request: FeedbackRequest) -> "RequestLinksOut":
        made = request.report_id
        return cls(
            self=f"{_REQUESTS}/{request.id}", report=None if made is None else f"{_PATH}/{made}"
        )


class FeedbackRequestOut(BaseModel):
    """A report that was asked for. `npi` null: of a TIN."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": _REQUEST_ID,
                "practice_id": "12345",
                "quarter": "2024-Q1",
                "tin": "891234567",
                "npi": None,
                "status": "done",
                "asked_at": "2024-04-16T13:18:00Z",
                "asked_by": {**_BY, "kind": "user", "role": "practice", "label": "Robin Example"},
                "finished_at": "2024-04-16T13:18:06Z",
                "failure": None,
                "links": {"self": f"{_REQUESTS}/{_REQUEST_ID}", "report": f"{_PATH}/{_ID}"},
            }
        }
    )

    id: UUID
    practice_id: str
    quarter: str
    tin: str
    npi: str | None
    status: RequestStatus
    asked_at: Instant
    asked_by: WhoOut
    finished_at: Instant | None
    failure: RequestFailure | None = Field(
        description="`no_cases`: none of theirs counts any more. `fault`: ours; ask for it again."
    )
    links: RequestLinksOut

    @classmethod
    def of(cls, request: FeedbackRequest) -> Self:
        return cls(
            id=request.id,
            practice_id=request.practice_id,
            quarter=request.quarter.name,
            tin=request.tin,
            npi=request.npi,
            status=request.status,
            asked_at=request.asked_at,
            asked_by=WhoOut.of(request.asked_by),
            finished_at=request.finished_at,
            failure=request.failure,
            links=RequestLinksOut.of(request),
        )


class FailedCaseOut(BaseModel):
    case_id: UUID
    anesthesia_record_id: str
    date_of_service: date
    measure_id: str
    stratum: str | None
    performance: Population
    meaning: str


class OpenedReportOut(FeedbackReportOut):
    """`cases` is null where they were not asked for."""

    model_config = ConfigDict(json_schema_extra={})

    figures: Feedback
    cases: tuple[FailedCaseOut, ...] | None

    @classmethod
    def of_opened(cls, opened: OpenedReport) -> Self:
        return cls(**_told(opened.made), figures=opened.feedback, cases=_cases(opened))


class DeliveryOut(BaseModel):
    """Who received a report. `sha256` is over the bytes that were handed out."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f42",
                "at": "2024-04-16T13:20:00Z",
                "by": {**_BY, "kind": "user", "role": "practice", "label": "Robin Example"},
                "format": "pdf",
                "sha256": "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
                "cases": 12,
            }
        }
    )

    id: UUID
    at: Instant
    by: WhoOut
    format: FeedbackFormat
    sha256: str
    cases: int | None = Field(description="How many were listed; null where none were asked for.")

    @classmethod
    def of(cls, delivery: FeedbackDelivery) -> Self:
        return cls(
            id=delivery.id,
            at=delivery.at,
            by=WhoOut.of(delivery.by),
            format=delivery.format,
            sha256=delivery.sha256,
            cases=delivery.cases,
        )


class ReminderOut(BaseModel):
    """A letter to a user that the reports of a quarter are there."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f43",
                "quarter": "2024-Q1",
                "user_id": "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f44",
                "created_at": "2024-04-15T04:11:00Z",
                "state": "delivered",
                "tried_at": "2024-04-15T04:11:02Z",
                "failure": None,
            }
        }
    )

    id: UUID
    quarter: str
    user_id: UUID
    created_at: Instant
    state: NoticeState
    tried_at: Instant | None
    failure: NoticeFailure | None

    @classmethod
    def of(cls, reminder: FeedbackReminder) -> Self:
        return cls(
            id=reminder.id,
            quarter=reminder.quarter.name,
            user_id=reminder.user_id,
            created_at=reminder.created_at,
            state=reminder.progress.state,
            tried_at=reminder.progress.tried_at,
            failure=reminder.progress.failure,
        )


def report_as_json(opened: OpenedReport) -> bytes:
    return OpenedReportOut.of_opened(opened).model_dump_json().encode()


def _told(report: FeedbackReport) -> dict[str, Any]:
    return {
        "id": report.id,
        "practice_id": report.practice_id,
        "quarter": report.quarter.name,
        "tin": report.tin,
        "npi": report.npi,
        "made_at": report.made_at,
        "made_by": WhoOut.of(report.made_by),
        "catalogue_version": report.catalogue_version,
        "sha256": report.sha256,
        "links": LinksOut.of(report.id),
    }


def _cases(opened: OpenedReport) -> tuple[FailedCaseOut, ...] | None:
    if opened.cases is None:
        return None
    return tuple(
        FailedCaseOut(
            case_id=case.case_id,
            anesthesia_record_id=case.anesthesia_record_id,
            date_of_service=case.date_of_service,
            measure_id=measure_id,
            stratum=stratum,
            performance=case.population,
            meaning=case.meaning,
        )
        for (measure_id, stratum), listed in opened.cases.items()
        for case in listed
    )
