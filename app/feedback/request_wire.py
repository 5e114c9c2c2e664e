"""Asking for a feedback report as JSON, and how far it is."""

from typing import Annotated, Final, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.access.key_wire import Instant
from app.domain.feedback import (
    FeedbackRequest,
    RequestFailure,
    RequestStatus,
    parse_quarter,
)
from app.domain.identifiers import Npi, PracticeId
from app.feedback.whose import AskedReport
from app.feedback.wire import BY, OF_A_TIN, REPORTS, OfAnEntityOut, WhoOut, whose_told
from app.roster.wire_fields import TinText

_REQUEST_ID: Final = "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f45"
_REPORT_ID: Final = "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f41"
_REQUESTS: Final = "/v1/feedback-requests"


class MakeRequest(BaseModel):
    """A `tin` for its report, with an `npi` that of a clinician under it; or a group by its id."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"quarter": "2024-Q1", "tin": "891234567", "npi": None}},
    )

    quarter: Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}-Q[1-4]$")]
    tin: TinText | None = None
    npi: Annotated[Npi, StringConstraints(pattern=r"^[0-9]{10}$")] | None = Field(
        default=None, description="The check digit may be wrong, as in a file."
    )
    subgroup_id: UUID | None = Field(default=None, description="Of the roster of the practice.")
    virtual_group_id: UUID | None = None

    def of(self, practice: PracticeId) -> AskedReport:
        return AskedReport(
            practice=practice,
            quarter=parse_quarter(self.quarter),
            tin=self.tin,
            npi=self.npi,
            subgroup_id=self.subgroup_id,
            virtual_group_id=self.virtual_group_id,
        )


class RequestLinksOut(BaseModel):
    self: str
    report: str | None = Field(description="Null until it is made.")

    @classmethod
    def of(cls, request: FeedbackRequest) -> "RequestLinksOut":
        made = request.report_id
        return cls(
            self=f"{_REQUESTS}/{request.id}", report=None if made is None else f"{REPORTS}/{made}"
        )


class FeedbackRequestOut(OfAnEntityOut):
    """A report that was asked for, and what came of it."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": _REQUEST_ID,
                "practice_id": "12345",
                "quarter": "2024-Q1",
                **OF_A_TIN,
                "status": "done",
                "asked_at": "2024-04-16T13:18:00Z",
                "asked_by": {**BY, "kind": "user", "role": "practice", "label": "Robin Example"},
                "finished_at": "2024-04-16T13:18:06Z",
                "failure": None,
                "links": {
                    "self": f"{_REQUESTS}/{_REQUEST_ID}",
                    "report": f"{REPORTS}/{_REPORT_ID}",
                },
            }
        }
    )

    status: RequestStatus
    asked_at: Instant
    asked_by: WhoOut
    finished_at: Instant | None
    failure: RequestFailure | None = Field(
        description="`no_cases`: none of theirs counts any more, or the group is gone. `fault`:"
        " ours; ask for it again."
    )
    links: RequestLinksOut

    @classmethod
    def of(cls, request: FeedbackRequest) -> Self:
        return cls(
            id=request.id,
            practice_id=request.practice_id,
            quarter=request.quarter.name,
            **whose_told(request.entity),
            status=request.status,
            asked_at=request.asked_at,
            asked_by=WhoOut.of(request.asked_by),
            finished_at=request.finished_at,
            failure=request.failure,
            links=RequestLinksOut.of(request),
        )
