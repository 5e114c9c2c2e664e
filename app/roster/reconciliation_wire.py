"""The reconciliation report as JSON, and the decisions about its rows."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.config import JsonDict

from app.domain.identifiers import Npi
from app.domain.reconciliation import NO_NPI, NO_TIN, Decision, RowKey, RowKind, Verdict
from app.domain.roster import Credentials
from app.roster.reconciled import Asked, Reconciled
from app.roster.reconciliation_service import Reported
from app.roster.wire import ActorOut
from app.roster.wire_fields import Name, TinText, Year

MOST_DECISIONS: Final = 500
_ROW: Final[JsonDict] = {
    "kind": "unknown_tin",
    "tin": "897654321",
    "npi": None,
    "name": None,
    "tins": [],
    "cases": 41,
    "held_cases": 41,
    "first_date_of_service": "2024-03-01",
    "last_date_of_service": "2024-03-29",
    "state": "open",
    "decision": None,
}

NpiAsInCases = Annotated[Npi, StringConstraints(pattern=r"^[0-9]{10}$")]


class RowState(StrEnum):
    """An open row of somebody who is not on the list is unconfirmed."""

    OPEN = "open"
    UNCONFIRMED = "unconfirmed"
    CONFIRMED = "confirmed"
    CORRECTED = "corrected"
    REJECTED = "rejected"


_STATES: Final = {
    Verdict.CONFIRM: RowState.CONFIRMED,
    Verdict.CORRECT: RowState.CORRECTED,
    Verdict.REJECT: RowState.REJECTED,
}


class DecisionOut(BaseModel):
    decision: Verdict
    reason: str | None
    at: datetime
    by: ActorOut

    @classmethod
    def of(cls, decision: Decision) -> "DecisionOut":
        return cls(
            decision=decision.verdict,
            reason=decision.reason,
            at=decision.at,
            by=ActorOut.of(decision.by),
        )


class ReconciliationRow(BaseModel):
    model_config = ConfigDict(json_schema_extra={"example": _ROW})

    kind: RowKind
    tin: str | None = Field(description="Null for a row about an NPI under whatever TIN.")
    npi: str | None = Field(description="Null for a row about a TIN.")
    name: str | None = Field(description="As on the list; null for who is not on it.")
    tins: list[str] = Field(description="Those of an NPI with several, or of an invalid one.")
    cases: int
    held_cases: int = Field(description="Of these, the ones that do not count yet.")
    first_date_of_service: date | None
    last_date_of_service: date | None
    state: RowState
    decision: DecisionOut | None = Field(description="The last one about this row.")

    @classmethod
    def of(cls, reported: Reported) -> "ReconciliationRow":
        row = reported.row
        return cls(
            kind=row.key.kind,
            tin=row.key.tin or None,
            npi=row.key.npi or None,
            name=None if row.clinician is None else row.clinician.name,
            tins=list(row.tins),
            cases=row.cases,
            held_cases=row.held,
            first_date_of_service=row.first_day,
            last_date_of_service=row.last_day,
            state=state_of(reported),
            decision=None if reported.decision is None else DecisionOut.of(reported.decision),
        )


def state_of(reported: Reported) -> RowState:
    if reported.decision is not None:
        return _STATES[reported.decision.verdict]
    is_unlisted = reported.row.key.kind is RowKind.NOT_ON_LIST
    return RowState.UNCONFIRMED if is_unlisted else RowState.OPEN


class ReconciliationReport(BaseModel):
    """`totals` counts the rows of each kind, of the whole report. A page holds some of them."""

    practice_id: str
    performance_year: int
    as_of: datetime
    totals: dict[RowKind, int]
    items: list[ReconciliationRow]
    next_cursor: str | None


class DecisionRequest(BaseModel):
    """A decision about a row, by its kind, TIN and NPI as in the report."""

    model_config = ConfigDict(extra="forbid")

    kind: RowKind
    tin: TinText | None = None
    npi: NpiAsInCases | None = None
    decision: Verdict
    reason: Name | None = Field(default=None, description="Why; kept for ever.")
    name: Name | None = Field(default=None, description="Of who joins the list.")
    credentials: Credentials | None = Field(
        default=None, description="Of who joins the list; null: those that most cases name."
    )
    starts_on: date | None = Field(
        default=None, description="Of the employment, or of the TIN; null: as in the cases."
    )
    ends_on: date | None = None

    @property
    def asked(self) -> Asked:
        return Asked(
            key=RowKey(kind=self.kind, tin=self.tin or NO_TIN, npi=self.npi or NO_NPI),
            verdict=self.decision,
            reason=self.reason,
            name=self.name,
            credentials=self.credentials,
            starts_on=self.starts_on,
            ends_on=self.ends_on,
        )


class ReconciliationRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "performance_year": 2024,
                "decisions": [
                    {"kind": "unknown_tin", "tin": "897654321", "decision": "confirm"},
                    {
                        "kind": "invalid_npi",
                        "npi": "1234567890",
                        "decision": "reject",
                        "reason": "A digit is wrong; the vendor sends it again.",
                    },
                ],
            }
        },
    )

    performance_year: Year
    decisions: list[DecisionRequest] = Field(min_length=1, max_length=MOST_DECISIONS)


class ReconciliationOut(BaseModel):
    """What the decisions came to."""

    decided: int
    registered_tins: int
    released_cases: int = Field(description="Held before, counted now.")
    added_clinicians: int
    added_employments: int
    changed_employments: int

    @classmethod
    def of(cls, done: Reconciled) -> "ReconciliationOut":
        return cls(
            decided=done.decided,
            registered_tins=done.registered_tins,
            released_cases=done.released_cases,
            added_clinicians=done.added_clinicians,
            added_employments=done.added_employments,
            changed_employments=done.changed_employments,
        )
