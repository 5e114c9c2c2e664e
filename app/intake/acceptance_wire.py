"""Accepted findings as JSON."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Final
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

from app.checking.acceptance import parse_place
from app.domain.acceptances import Acceptance, AcceptanceState, Author, Withdrawal
from app.domain.findings import FindingCode
from app.web.patterns import ONE_LINE

Reason = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=10, max_length=500, pattern=ONE_LINE),
]


def _place(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return parse_place(value)
    except ValueError:
        raise PydanticCustomError("string_pattern_mismatch", "not a path") from None


class AskedState(StrEnum):
    IN_FORCE = "in_force"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    ALL = "all"

    @property
    def state(self) -> AcceptanceState | None:
        """None: any."""
        return None if self is AskedState.ALL else AcceptanceState(self.value)


_ASKED: JsonDict = {
    "code": "AR360",
    "path": "Procedure/CPTSet",
    "reason": "Our surgeons code their procedures themselves.",
    "expires_on": "2026-12-31",
}


class AcceptanceRequest(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _ASKED})

    code: FindingCode = Field(description="What is accepted; an error cannot be.")
    path: Annotated[str, Field(max_length=500), BeforeValidator(_place)] | None = Field(
        default=None,
        description="Only there: a `place` of the report, the names of elements from below the"
        " record, which an open version of the schema has. A whole path is taken too. Null:"
        " wherever it is found.",
    )
    reason: Reason = Field(description="Why the files are right as they are. No patient's data.")
    expires_on: date | None = Field(
        default=None,
        description="The last day it holds, in UTC, at most a year ahead; null: in 90 days.",
    )


class AuthorOut(BaseModel):
    """The API key that did it. It is named as it was then."""

    key_id: UUID
    role: str
    label: str | None = Field(description="Whose key it is, in the words of who gave it out.")

    @classmethod
    def of(cls, author: Author) -> "AuthorOut":
        return cls(key_id=author.key_id, role=author.role, label=author.label)


class WithdrawalOut(BaseModel):
    at: datetime
    by: AuthorOut
    reason: str | None

    @classmethod
    def of(cls, withdrawal: Withdrawal) -> "WithdrawalOut":
        by = AuthorOut.of(withdrawal.by)
        return cls(at=withdrawal.at, by=by, reason=withdrawal.reason)


_BY: JsonDict = {
    "key_id": "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f20",
    "role": "practice",
    "label": "Quality office",
}


class AcceptanceOut(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f22",
                "practice_id": "12345",
                **_ASKED,
                "state": "in_force",
                "sandbox": False,
                "accepted_at": "2026-11-21T10:00:00Z",
                "by": _BY,
                "withdrawal": None,
            }
        }
    )

    id: UUID
    practice_id: str
    code: FindingCode
    path: str | None = Field(description="Only there; null: wherever the code is found.")
    reason: str
    expires_on: date
    state: AcceptanceState = Field(description="On the day of the answer, in UTC.")
    sandbox: bool = Field(description="Whether it holds for files in the sandbox or for real ones.")
    accepted_at: datetime
    by: AuthorOut
    withdrawal: WithdrawalOut | None

    @classmethod
    def of(cls, acceptance: Acceptance, *, day: date) -> "AcceptanceOut":
        withdrawal = acceptance.withdrawal
        return cls(
            id=acceptance.id,
            practice_id=acceptance.practice_id,
            code=acceptance.code,
            path=acceptance.path,
            reason=acceptance.reason,
            expires_on=acceptance.expires_on,
            state=acceptance.state_on(day),
            sandbox=acceptance.sandbox,
            accepted_at=acceptance.accepted_at,
            by=AuthorOut.of(acceptance.by),
            withdrawal=None if withdrawal is None else WithdrawalOut.of(withdrawal),
        )


ACCEPTED_EXAMPLE: Final[JsonDict] = {
    "id": "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f22",
    "reason": "The clinicians of our new site are not enrolled yet.",
    "by": _BY,
    "expires_on": "2026-12-31",
}


class AcceptedAs(BaseModel):
    """What a finding was accepted by when its file was processed."""

    model_config = ConfigDict(json_schema_extra={"example": ACCEPTED_EXAMPLE})

    id: UUID
    reason: str
    by: AuthorOut
    expires_on: date

    @classmethod
    def of(cls, acceptance: Acceptance) -> "AcceptedAs":
        return cls(
            id=acceptance.id,
            reason=acceptance.reason,
            by=AuthorOut.of(acceptance.by),
            expires_on=acceptance.expires_on,
        )
