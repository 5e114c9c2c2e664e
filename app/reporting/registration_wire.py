"""Registrations as JSON: what is asked and what is shown."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from app.domain.identifiers import PracticeId
from app.domain.reporting import (
    LowVolume,
    MipsStanding,
    PracticeRegistration,
    Registration,
    ReportingOption,
    Representative,
)
from app.reporting.reporting_years import deadlines_of, keep_until
from app.roster.wire_fields import Name, Reason

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
