"""A practice of the roster as JSON: what is asked and what is shown."""

from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.config import JsonDict

from app.domain.identifiers import PracticeId
from app.domain.roster import AgreementKind, PracticeDetails
from app.roster.wire_fields import Name, asked_as


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
    model_config = asked_as(_PRACTICE)

    name: Name
    addresses: list[Address] = Field(default=[], max_length=50)
    contacts: list[Contact] = Field(default=[], max_length=50)
    clinicians: int | None = Field(
        default=None, ge=0, le=100_000, description="How many clinicians bill for the practice."
    )


class NewPracticeRequest(PracticeRequest):
    model_config = asked_as({"id": "12345", **_PRACTICE})

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
