"""Cases as JSON."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from app.storage.case_queries import CaseVersion, Fields, StoredCase

_NOT_SHOWN = frozenset({"practice_id", "case_id", "sandbox", "status", "version"})


class CaseSummary(BaseModel):
    case_id: UUID
    anesthesia_record_id: str
    status: str
    version: int
    date_of_service: date
    facility_id: str
    submission_id: UUID

    @classmethod
    def of(cls, case: StoredCase) -> "CaseSummary":
        return cls(
            case_id=case.case_id,
            anesthesia_record_id=case.fields["anesthesia_record_id"],
            status=case.status,
            version=case.version,
            date_of_service=case.fields["date_of_service"],
            facility_id=case.fields["facility_id"],
            submission_id=case.fields["submission_id"],
        )


class CaseOut(BaseModel):
    """A case with its fields, its staff and where it landed in each measure."""

    case_id: UUID
    practice_id: str
    sandbox: bool
    status: str
    version: int
    fields: dict[str, Any]
    staff: list[dict[str, Any]]
    measures: list[dict[str, Any]]

    @classmethod
    def of(cls, case: StoredCase) -> "CaseOut":
        return cls(
            case_id=case.case_id,
            practice_id=case.practice_id,
            sandbox=case.sandbox,
            status=case.status,
            version=case.version,
            fields=_shown(case.fields),
            staff=[dict(member) for member in case.staff],
            measures=[dict(outcome) for outcome in case.outcomes],
        )


class CaseVersionOut(BaseModel):
    """One version; `ended_by` says what replaced or deleted it, null for the one that stands."""

    version: int
    ended_at: datetime | None
    ended_by: str | None
    fields: dict[str, Any]
    staff: list[dict[str, Any]]

    @classmethod
    def standing(cls, case: StoredCase) -> "CaseVersionOut":
        return cls(
            version=case.version,
            ended_at=None,
            ended_by=None,
            fields=_shown(case.fields),
            staff=[dict(member) for member in case.staff],
        )

    @classmethod
    def of(cls, version: CaseVersion) -> "CaseVersionOut":
        return cls(
            version=version.version,
            ended_at=version.ended_at,
            ended_by=version.ended_by,
            fields=_shown(version.fields),
            staff=[dict(member) for member in version.staff],
        )


def _shown(fields: Fields) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name not in _NOT_SHOWN}
