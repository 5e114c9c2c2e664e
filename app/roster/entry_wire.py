"""The entries of a roster as JSON, but for groups: what is asked and what is shown."""

from datetime import date
from typing import Annotated, Final
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field, StringConstraints
from pydantic.config import JsonDict

from app.domain.roster import AgreementKind, Credentials
from app.roster.wire_fields import Name, NpiText, TinText, Year, asked_as, each_once, shown_as

_CLINICIAN_ID: Final = "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f24"


_TIN: Final[JsonDict] = {"tin": "891234567", "valid_from": "2019-01-01", "valid_until": None}


class TinRequest(BaseModel):
    model_config = asked_as(_TIN)

    tin: TinText
    valid_from: date | None = Field(default=None, description="First date of service.")
    valid_until: date | None = Field(default=None, description="Last date of service.")


class TinOut(TinRequest):
    model_config = shown_as(_TIN)

    id: UUID
    version: int


_FACILITY: Final[JsonDict] = {
    "facility_id": "F-01",
    "name": "Harbor Hospital",
    "place_of_service": 22,
    "ccn": "240001",
    "npi": None,
}


class FacilityRequest(BaseModel):
    model_config = asked_as(_FACILITY)

    facility_id: Name = Field(description="The FacilityID of case files.")
    name: Name
    place_of_service: int | None = Field(
        default=None, ge=1, le=99, description="Place of Service Code of CMS."
    )
    ccn: Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{6,10}$")] | None = Field(
        default=None, description="CMS Certification Number."
    )
    npi: NpiText | None = Field(default=None, description="Of the facility, not of a person.")


class FacilityOut(FacilityRequest):
    model_config = shown_as(_FACILITY)

    id: UUID
    version: int


_CLINICIAN: Final[JsonDict] = {
    "npi": "1234567893",
    "name": "Robin Example",
    "credentials": "Anesthesiologist",
    "asa_member_years": [2023, 2024],
}


class ClinicianRequest(BaseModel):
    model_config = asked_as(_CLINICIAN)

    npi: NpiText
    name: Name
    credentials: Credentials
    asa_member_years: Annotated[
        tuple[Year, ...], Field(max_length=101), AfterValidator(each_once)
    ] = Field(default=(), description="Years in which they are a member of the ASA.")


class ClinicianOut(BaseModel):
    model_config = shown_as(_CLINICIAN)

    id: UUID
    version: int
    npi: str
    name: str
    credentials: Credentials
    asa_member_years: list[int]


_EMPLOYMENT: Final[JsonDict] = {
    "clinician_id": _CLINICIAN_ID,
    "tin": "891234567",
    "starts_on": "2023-07-01",
    "ends_on": None,
}


class EmploymentRequest(BaseModel):
    model_config = asked_as(_EMPLOYMENT)

    clinician_id: UUID
    tin: TinText
    starts_on: date
    ends_on: date | None = Field(default=None, description="The last day; null: still there.")


class EmploymentOut(EmploymentRequest):
    model_config = shown_as(_EMPLOYMENT)

    id: UUID
    version: int


_AGREEMENT: Final[JsonDict] = {
    "kind": "participation",
    "valid_from": "2024-01-01",
    "valid_until": None,
    "reference": "contract 2024-17",
}


class AgreementRequest(BaseModel):
    model_config = asked_as(_AGREEMENT)

    kind: AgreementKind
    valid_from: date
    valid_until: date | None = Field(default=None, description="The last day; null: no end yet.")
    reference: Name = Field(description="Where the signed document is.")


class AgreementOut(AgreementRequest):
    model_config = shown_as(_AGREEMENT)

    id: UUID
    version: int
