"""Feedback reports as JSON: listed, opened, and who received what."""

from datetime import date
from typing import Any, Final, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from app.access.key_wire import Instant
from app.domain.audit import Actor
from app.domain.feedback import (
    Entity,
    FeedbackDelivery,
    FeedbackFormat,
    FeedbackLevel,
    FeedbackReminder,
    FeedbackReport,
)
from app.domain.notices import NoticeFailure, NoticeState
from app.domain.populations import Population
from app.feedback.opened import OpenedReport
from app.feedback.report import Feedback

_ID: Final = "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f41"
REPORTS: Final = "/v1/feedback-reports"
BY: Final[JsonDict] = {"kind": "worker", "role": None, "label": None, "user_id": None}
OF_A_TIN: Final[JsonDict] = {
    "tin": "891234567",
    "npi": None,
    "level": "group",
    "subgroup_id": None,
    "virtual_group_id": None,
    "group_name": None,
}
_REPORT: Final[JsonDict] = {
    "id": _ID,
    "practice_id": "12345",
    "quarter": "2024-Q1",
    **OF_A_TIN,
    "made_at": "2024-04-15T04:11:00Z",
    "made_by": BY,
    "catalogue_version": "2024.1-1162d4b5ea5f",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "links": {
        "self": f"{REPORTS}/{_ID}",
        "html": f"{REPORTS}/{_ID}?format=html",
        "pdf": f"{REPORTS}/{_ID}?format=pdf",
        "csv": f"{REPORTS}/{_ID}?format=csv",
        "deliveries": f"{REPORTS}/{_ID}/deliveries",
    },
}


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
        path = f"{REPORTS}/{report_id}"
        files = {name: f"{path}?format={name}" for name in ("html", "pdf", "csv")}
        return cls(self=path, deliveries=f"{path}/deliveries", **files)


class OfAnEntityOut(BaseModel):
    """Whose report it is, and of which quarter."""

    id: UUID
    practice_id: str
    quarter: str
    tin: str | None
    npi: str | None
    level: FeedbackLevel
    subgroup_id: UUID | None
    virtual_group_id: UUID | None
    group_name: str | None


class FeedbackReportOut(OfAnEntityOut):
    """`tin` null: of a virtual group.

    `sha256` is over `figures`, as JSON with sorted keys, without spaces.
    """

    model_config = ConfigDict(json_schema_extra={"example": _REPORT})

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
                "by": {**BY, "kind": "user", "role": "practice", "label": "Robin Example"},
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
        **whose_told(report.entity),
        "made_at": report.made_at,
        "made_by": WhoOut.of(report.made_by),
        "catalogue_version": report.catalogue_version,
        "sha256": report.sha256,
        "links": LinksOut.of(report.id),
    }


def whose_told(entity: Entity) -> dict[str, Any]:
    """A TIN alone; with an NPI a clinician under it; with a subgroup that; or a virtual group."""
    return {
        "tin": entity.tin,
        "npi": entity.npi,
        "level": entity.level,
        "subgroup_id": entity.group_id if entity.level == "subgroup" else None,
        "virtual_group_id": entity.group_id if entity.level == "virtual_group" else None,
        "group_name": None if entity.group is None else entity.group.name,
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
