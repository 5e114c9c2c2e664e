"""The entries of a roster as JSON: what is asked and what is shown, one pair a kind."""

from datetime import date, datetime
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

from app.domain.audit import Actor
from app.domain.identifiers import Npi, PracticeId, Tin, parse_npi
from app.domain.roster import AgreementKind, Credentials, PracticeDetails
from app.domain.roster_changes import ChangeAction, RosterChange
from app.web.patterns import NO_CONTROL

_ID: Final = "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f23"
_CLINICIAN_ID: Final = "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f24"


def _checked(npi: str) -> Npi:
    try:
        return parse_npi(npi)
    except ValueError:
        raise PydanticCustomError("npi_check_digit", "check digit") from None


TinText = Annotated[Tin, StringConstraints(pattern=r"^[0-9]{9}$")]
NpiText = Annotated[Npi, StringConstraints(pattern=r"^[0-9]{10}$"), AfterValidator(_checked)]
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=NO_CONTROL),
]
Year = Annotated[int, Field(ge=2000, le=2100)]


def _asked(example: JsonDict) -> ConfigDict:
    return ConfigDict(extra="forbid", json_schema_extra={"example": example})


def _shown(example: JsonDict) -> ConfigDict:
    return ConfigDict(
        from_attributes=True,
        json_schema_extra={"example": {"id": _ID, "version": 1, **example}},
    )


class Address(BaseModel):
    model_config = ConfigDict(extra="forbid")

    purpose: Name = Field(description="Such as mail, billing, or a site.")
    street: Name
    city: Name
    state: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    zip_code: Annotated[str, StringConstraints(pattern=r"^[0-9]{5}(-[0-9]{4})?$")]


class Contact(BaseModel):
    model_config = ConfigDict(extra="forbid")

    role: Name = Field(description="Such as quality, billing, IT.")
    name: Name
    mail: Annotated[str, StringConstraints(max_length=254, pattern=r"^[^@\s]+@[^@\s]+$")]
    telephone: Annotated[str, StringConstraints(max_length=40, pattern=r"^[0-9+() .x-]*$")] = ""


_PRACTICE: Final[JsonDict] = {
    "name": "Lakeside Anesthesia",
    "addresses": [
        {
            "purpose": "mail",
            "street": "1 Harbor Street",
            "city": "Duluth",
            "state": "MN",
            "zip_code": "55802",
        }
    ],
    "contacts": [{"role": "quality", "name": "Robin Example", "mail": "robin@lakeside.example"}],
    "clinicians": 14,
}


class PracticeRequest(BaseModel):
    model_config = _asked(_PRACTICE)

    name: Name
    addresses: list[Address] = Field(default=[], max_length=50)
    contacts: list[Contact] = Field(default=[], max_length=50)
    clinicians: int | None = Field(
        default=None, ge=0, le=100_000, description="How many clinicians bill for the practice."
    )


class NewPracticeRequest(PracticeRequest):
    model_config = _asked({"id": "12345", **_PRACTICE})

    id: Annotated[str, StringConstraints(pattern=r"^[0-9]{3,5}$")] = Field(
        description="The practice id that AQI gave."
    )


def details_asked(practice: PracticeId, asked: PracticeRequest) -> PracticeDetails:
    return PracticeDetails(
        id=practice,
        name=asked.name,
        version=1,
        addresses=tuple(each.model_dump() for each in asked.addresses),
        contacts=tuple(each.model_dump() for each in asked.contacts),
        clinicians=asked.clinicians,
    )


class PracticeOut(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": "12345",
                "version": 2,
                **_PRACTICE,
                "is_small": True,
                "missing_agreements": [],
            }
        }
    )

    id: str
    version: int
    name: str
    addresses: list[Address]
    contacts: list[Contact]
    clinicians: int | None
    is_small: bool | None = Field(
        description="15 or fewer clinicians; null while their number is not known."
    )
    missing_agreements: list[AgreementKind] = Field(
        description="Those of which none is in force today."
    )


_TIN: Final[JsonDict] = {"tin": "891234567", "valid_from": "2019-01-01", "valid_until": None}


class TinRequest(BaseModel):
    model_config = _asked(_TIN)

    tin: TinText
    valid_from: date | None = Field(default=None, description="First date of service.")
    valid_until: date | None = Field(default=None, description="Last date of service.")


class TinOut(TinRequest):
    model_config = _shown(_TIN)

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
    model_config = _asked(_FACILITY)

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
    model_config = _shown(_FACILITY)

    id: UUID
    version: int


_CLINICIAN: Final[JsonDict] = {
    "npi": "1234567893",
    "name": "Robin Example",
    "credentials": "Anesthesiologist",
    "asa_member_years": [2023, 2024],
}


def _in_order(years: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(sorted(set(years)))


class ClinicianRequest(BaseModel):
    model_config = _asked(_CLINICIAN)

    npi: NpiText
    name: Name
    credentials: Credentials
    asa_member_years: Annotated[
        tuple[Year, ...], Field(max_length=101), AfterValidator(_in_order)
    ] = Field(default=(), description="Years in which they are a member of the ASA.")


class ClinicianOut(BaseModel):
    model_config = _shown(_CLINICIAN)

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
    model_config = _asked(_EMPLOYMENT)

    clinician_id: UUID
    tin: TinText
    starts_on: date
    ends_on: date | None = Field(default=None, description="The last day; null: still there.")


class EmploymentOut(EmploymentRequest):
    model_config = _shown(_EMPLOYMENT)

    id: UUID
    version: int


def _each_once(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(set(values)))


_SUBGROUP: Final[JsonDict] = {
    "tin": "891234567",
    "performance_year": 2024,
    "name": "Cardiac team",
    "npis": ["1234567893"],
}


class SubgroupRequest(BaseModel):
    model_config = _asked(_SUBGROUP)

    tin: TinText
    performance_year: Year
    name: Name
    npis: Annotated[
        tuple[NpiText, ...], Field(min_length=1, max_length=5_000), AfterValidator(_each_once)
    ]


class SubgroupOut(BaseModel):
    model_config = _shown(_SUBGROUP)

    id: UUID
    version: int
    tin: str
    performance_year: int
    name: str
    npis: list[str]


_VIRTUAL_GROUP: Final[JsonDict] = {
    "performance_year": 2024,
    "name": "Northern Lakes",
    "tins": ["891234567", "897654321"],
}


class VirtualGroupRequest(BaseModel):
    model_config = _asked(_VIRTUAL_GROUP)

    performance_year: Year
    name: Name
    tins: Annotated[
        tuple[TinText, ...], Field(min_length=1, max_length=500), AfterValidator(_each_once)
    ]


class VirtualGroupOut(BaseModel):
    model_config = _shown({**_VIRTUAL_GROUP, "confirmed_at": None})

    id: UUID
    version: int
    performance_year: int
    name: str
    tins: list[str]
    confirmed_at: datetime | None = Field(
        description="When the registry confirmed it; null: it awaits that, and has no results."
    )


class EnteredGroupOut(VirtualGroupOut):
    """A virtual group as one of its practices has entered it."""

    model_config = _shown({"practice_id": "12345", **_VIRTUAL_GROUP, "confirmed_at": None})

    practice_id: str


_AGREEMENT: Final[JsonDict] = {
    "kind": "participation",
    "valid_from": "2024-01-01",
    "valid_until": None,
    "reference": "contract 2024-17",
}


class AgreementRequest(BaseModel):
    model_config = _asked(_AGREEMENT)

    kind: AgreementKind
    valid_from: date
    valid_until: date | None = Field(default=None, description="The last day; null: no end yet.")
    reference: Name = Field(description="Where the signed document is.")


class AgreementOut(AgreementRequest):
    model_config = _shown(_AGREEMENT)

    id: UUID
    version: int


class ActorOut(BaseModel):
    """A key or a user; both ids are null for the command line, whose role is `operator`."""

    key_id: UUID | None
    user_id: UUID | None
    role: str
    label: str | None

    @classmethod
    def of(cls, actor: Actor) -> "ActorOut":
        return cls(
            key_id=actor.key_id,
            user_id=actor.user_id,
            role=actor.role or actor.kind,
            label=actor.label,
        )


class RosterChangeOut(BaseModel):
    """`before` and `after` are the entry in full; null where there was or is none."""

    id: UUID
    at: datetime
    by: ActorOut
    kind: str
    entry_id: UUID | None
    action: ChangeAction
    before: dict[str, Any] | None
    after: dict[str, Any] | None

    @classmethod
    def of(cls, change: RosterChange) -> "RosterChangeOut":
        return cls(
            id=change.id,
            at=change.at,
            by=ActorOut.of(change.by),
            kind=change.kind,
            entry_id=change.entry_id,
            action=change.action,
            before=None if change.before is None else dict(change.before),
            after=None if change.after is None else dict(change.after),
        )
