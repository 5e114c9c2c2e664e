"""Consents as JSON: what is asked and what is shown."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from app.domain.identifiers import PracticeId
from app.domain.reporting import ClinicianConsent, Consent, ConsentState
from app.reporting.consent_service import NewConsent
from app.reporting.own_consents import OwnConsent
from app.reporting.reporting_years import consent_statement, deadlines_of, keep_until
from app.roster.wire_fields import Name, Reason, Year

_ID: Final = "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f25"
_CLINICIAN_ID: Final = "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f24"
_CONSENT: Final[JsonDict] = {
    "performance_year": 2024,
    "clinician_id": _CLINICIAN_ID,
    "signer": "Robin Example",
    "signed_on": "2024-02-01",
    "evidence": "signed form, folder 2024-17",
}


class ConsentRequest(BaseModel):
    """What a clinician of the roster has signed, for one performance year."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _CONSENT})

    performance_year: Year
    clinician_id: UUID
    signer: Name = Field(description="Who signed, as written.")
    signed_on: date
    evidence: Name = Field(description="Where the signed document is.")
    late_reason: Reason | None = Field(
        default=None, description="After the deadline, by staff: why. Kept in the audit trail."
    )

    def as_new(self, practice: PracticeId) -> NewConsent:
        return NewConsent(
            practice_id=practice,
            performance_year=self.performance_year,
            clinician_id=self.clinician_id,
            signer=self.signer,
            signed_on=self.signed_on,
            evidence=self.evidence,
        )


class OwnConsentRequest(BaseModel):
    """That a clinician agrees to what the answer of GET says."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"performance_year": 2024, "agrees": True}}
    )

    performance_year: Year
    agrees: bool = Field(description="Must be true.")


class OwnWithdrawalRequest(BaseModel):
    """Of which year a clinician takes their consent back."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"performance_year": 2024}}
    )

    performance_year: Year


class OwnConsentOut(BaseModel):
    """What a clinician signs, and whether they have."""

    performance_year: int
    statement: str = Field(description="What is agreed to.")
    sign_until: date | None = Field(description="The last day; null: no source names one.")
    is_on_the_list: bool = Field(description="Whether the provider list has their NPI.")
    state: ConsentState
    signed_on: date | None

    @classmethod
    def of(cls, own: OwnConsent, performance_year: int) -> "OwnConsentOut":
        return cls(
            performance_year=performance_year,
            statement=consent_statement(performance_year),
            sign_until=deadlines_of(performance_year).consent_until,
            is_on_the_list=own.clinician is not None,
            state=own.state,
            signed_on=None if own.consent is None else own.consent.signed_on,
        )


class WithdrawalRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"withdrawn_on": "2024-05-01", "reason": "Reports with another practice."}
        },
    )

    withdrawn_on: date = Field(description="The first day without the consent.")
    reason: Reason = Field(description="Why; kept with the consent.")


class ConsentOut(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": _ID,
                **_CONSENT,
                "recorded_at": "2024-02-02T09:00:00Z",
                "withdrawn_on": None,
                "withdrawal_reason": None,
                "keep_until": "2031-12-31",
            }
        }
    )

    id: UUID
    performance_year: int
    clinician_id: UUID
    signer: str
    signed_on: date
    evidence: str
    recorded_at: datetime
    withdrawn_on: date | None
    withdrawal_reason: str | None
    keep_until: date = Field(description="The last day on which it may not be removed.")

    @classmethod
    def of(cls, consent: Consent) -> "ConsentOut":
        withdrawal = consent.withdrawal
        return cls(
            id=consent.id,
            performance_year=consent.performance_year,
            clinician_id=consent.clinician_id,
            signer=consent.signer,
            signed_on=consent.signed_on,
            evidence=consent.evidence,
            recorded_at=consent.recorded_at,
            withdrawn_on=None if withdrawal is None else withdrawal.on,
            withdrawal_reason=None if withdrawal is None else withdrawal.reason,
            keep_until=keep_until(consent),
        )


class ClinicianConsentOut(BaseModel):
    """A clinician who works for the practice in the year, and whether they have signed."""

    model_config = ConfigDict(from_attributes=True)

    clinician_id: UUID
    npi: str
    name: str
    state: ConsentState
    consent_id: UUID | None

    @classmethod
    def of(cls, clinician: ClinicianConsent) -> "ClinicianConsentOut":
        return cls.model_validate(clinician)
