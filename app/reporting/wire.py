"""Registrations and consents as JSON: what is asked and what is shown."""

from datetime import date, datetime
from typing import Annotated, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.config import JsonDict

from app.domain.identifiers import PracticeId
from app.domain.reporting import (
    ClinicianConsent,
    Consent,
    ConsentState,
    LowVolume,
    MipsStanding,
    PracticeRegistration,
    Registration,
    ReportingOption,
    Representative,
)
from app.reporting.consent_service import NewConsent
from app.reporting.own_consents import OwnConsent
from app.reporting.reporting_years import consent_statement, deadlines_of, keep_until
from app.roster.wire_fields import Name, Year
from app.web.patterns import NO_CONTROL

_ID: Final = "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f25"
_CLINICIAN_ID: Final = "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f24"
_REGISTRATION: Final[JsonDict] = {
    "option": "individual_qcdr",
    "is_renewal": True,
    "representative": {
        "name": "Robin Example",
        "title": "Medical director",
        "signed_on": "2024-02-01",
    },
    "mvp": None,
    "subgroup_ids": [],
    "cms_registration_acknowledged": False,
    "virtual_group_id": None,
    "low_volume": {
        "over_90000_usd": True,
        "over_200_patients": True,
        "over_200_services": False,
    },
    "opts_in": True,
    "withdrawn_on": None,
}
_CONSENT: Final[JsonDict] = {
    "performance_year": 2024,
    "clinician_id": _CLINICIAN_ID,
    "signer": "Robin Example",
    "signed_on": "2024-02-01",
    "evidence": "signed form, folder 2024-17",
}
Reason = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=10, max_length=500, pattern=NO_CONTROL),
]


class RepresentativeIn(BaseModel):
    """Who may sign for the practice, and the day on which they did."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    name: Name
    title: Name
    signed_on: date


class LowVolumeIn(BaseModel):
    """Which of the three criteria of MIPS the practice exceeds in the year: Medicare Part B."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    over_90000_usd: bool = Field(description="More than 90,000 USD of allowed charges.")
    over_200_patients: bool
    over_200_services: bool


class _Registered(BaseModel):
    option: ReportingOption
    is_renewal: bool = Field(description="False for who is new to the registry.")
    representative: RepresentativeIn
    mvp: str | None = Field(
        default=None, pattern=r"^[A-Z][0-9]{4}$", description="A MIPS Value Pathway, as G0059."
    )
    subgroup_ids: list[UUID] = Field(
        default=[], max_length=500, description="Subgroups of the roster that report the MVP."
    )
    cms_registration_acknowledged: bool = Field(
        default=False, description="That an MVP and its subgroups are registered with CMS too."
    )
    virtual_group_id: UUID | None = Field(
        default=None, description="A virtual group of the roster that the practice reports in."
    )
    low_volume: LowVolumeIn | None = Field(default=None, description="Null: not told.")
    opts_in: bool = Field(
        default=False, description="Possible with one or two of the three criteria exceeded."
    )
    withdrawn_on: date | None = Field(
        default=None, description="From this day on the registration holds no more."
    )


class RegistrationRequest(_Registered):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _REGISTRATION})

    late_reason: Reason | None = Field(
        default=None, description="After the deadline, by staff: why. Kept in the audit trail."
    )

    def as_registration(
        self, practice: PracticeId, performance_year: int, version: int, *, at: datetime
    ) -> Registration:
        volume = self.low_volume
        return Registration(
            practice_id=practice,
            performance_year=performance_year,
            option=self.option,
            is_renewal=self.is_renewal,
            representative=Representative(**self.representative.model_dump()),
            registered_at=at,
            version=version,
            mvp=self.mvp,
            subgroup_ids=tuple(dict.fromkeys(self.subgroup_ids)),
            cms_registration_acknowledged=self.cms_registration_acknowledged,
            virtual_group_id=self.virtual_group_id,
            low_volume=None if volume is None else LowVolume(**volume.model_dump()),
            opts_in=self.opts_in,
            withdrawn_on=self.withdrawn_on,
        )


class RegistrationOut(_Registered):
    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "example": {
                "practice_id": "12345",
                "performance_year": 2024,
                "version": 1,
                **_REGISTRATION,
                "mips_standing": "may_opt_in",
                "registered_at": "2024-02-02T09:00:00Z",
                "register_until": "2024-10-01",
                "keep_until": "2031-12-31",
            }
        },
    )

    practice_id: str
    performance_year: int
    version: int
    mips_standing: MipsStanding | None = Field(
        description="What the three criteria come to; null while they are not told."
    )
    registered_at: datetime = Field(description="When it became as it is.")
    register_until: date | None = Field(
        description="The last day for practices; null: no source names one."
    )
    keep_until: date = Field(description="The last day on which it may not be removed.")

    @classmethod
    def of(cls, registration: Registration) -> "RegistrationOut":
        volume = registration.low_volume
        return cls(
            practice_id=registration.practice_id,
            performance_year=registration.performance_year,
            version=registration.version,
            option=registration.option,
            is_renewal=registration.is_renewal,
            representative=RepresentativeIn.model_validate(registration.representative),
            mvp=registration.mvp,
            subgroup_ids=list(registration.subgroup_ids),
            cms_registration_acknowledged=registration.cms_registration_acknowledged,
            virtual_group_id=registration.virtual_group_id,
            low_volume=None if volume is None else LowVolumeIn.model_validate(volume),
            opts_in=registration.opts_in,
            withdrawn_on=registration.withdrawn_on,
            mips_standing=None if volume is None else volume.standing,
            registered_at=registration.registered_at,
            register_until=deadlines_of(registration.performance_year).register_until,
            keep_until=keep_until(registration),
        )


class RegistrationList(BaseModel):
    items: list[RegistrationOut]
    next_cursor: None = None


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


class PracticeRegistrationOut(BaseModel):
    """A practice in a year. `missing_consents`: of clinicians who report one by one."""

    practice_id: str
    name: str
    is_registered: bool
    option: ReportingOption | None
    withdrawn_on: date | None
    clinicians: int = Field(description="Who works for it in the year, by the roster.")
    signed_consents: int
    missing_consents: int

    @classmethod
    def of(cls, found: PracticeRegistration) -> "PracticeRegistrationOut":
        return cls(
            practice_id=found.practice_id,
            name=found.name,
            is_registered=found.is_registered,
            option=found.option,
            withdrawn_on=found.withdrawn_on,
            clinicians=found.clinicians,
            signed_consents=found.signed,
            missing_consents=found.missing,
        )
