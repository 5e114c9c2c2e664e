"""Organizations and grants as JSON."""

from datetime import UTC, datetime
from typing import Annotated, Final
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints
from pydantic.config import JsonDict

from app.access.key_wire import Instant
from app.domain.grants import Grant, GrantedRight, GrantState, Organization, OrganizationKind
from app.web.patterns import NO_CONTROL

_VENDOR: Final = "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f25"
_ASKED: JsonDict = {
    "organization_id": _VENDOR,
    "rights": ["submit", "see_submissions"],
    "valid_until": "2027-12-31T23:59:59Z",
}

Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=NO_CONTROL),
]


class OrganizationRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"kind": "vendor", "name": "Example EHR"}}
    )

    kind: OrganizationKind
    name: Name


class OrganizationOut(BaseModel):
    id: UUID
    kind: OrganizationKind
    name: str
    created_at: Instant

    @classmethod
    def of(cls, organization: Organization) -> "OrganizationOut":
        return cls(
            id=organization.id,
            kind=organization.kind,
            name=organization.name,
            created_at=organization.created_at,
        )


class GrantRequest(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _ASKED})

    organization_id: UUID = Field(description="The vendor.")
    rights: frozenset[GrantedRight] = Field(min_length=1)
    valid_from: AwareDatetime | None = Field(default=None, description="From now, without it.")
    valid_until: AwareDatetime | None = Field(
        default=None, description="Until it is withdrawn, without it."
    )


class GrantOut(BaseModel):
    """`state` is that of the moment of the answer."""

    id: UUID
    practice_id: str
    organization: OrganizationOut
    rights: list[GrantedRight]
    state: GrantState
    valid_from: Instant
    valid_until: Instant | None
    granted_at: Instant
    granted_by: UUID = Field(description="The id of the API key, or of the user.")
    withdrawn_at: Instant | None
    withdrawn_by: UUID | None = Field(
        description="The same; null also when it was done at the command line."
    )

    @classmethod
    def of(cls, grant: Grant) -> "GrantOut":
        return cls(
            id=grant.id,
            practice_id=grant.practice_id,
            organization=OrganizationOut.of(grant.organization),
            rights=sorted(grant.rights),
            state=grant.state_at(datetime.now(UTC)),
            valid_from=grant.valid_from,
            valid_until=grant.valid_until,
            granted_at=grant.granted_at,
            granted_by=grant.granted_by,
            withdrawn_at=grant.withdrawn_at,
            withdrawn_by=grant.withdrawn_by,
        )
