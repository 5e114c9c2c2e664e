"""Users as JSON. A link to set a password with is in one answer only: the one that makes it."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from app.access.key_wire import AskedPracticeId, Instant, Label
from app.access.user_service import Invited
from app.domain.identifiers import Npi, PracticeId, parse_npi
from app.domain.principals import Role
from app.domain.users import NewUser, User, UserState, parse_sign_in_name

INVITATION_PATH = "/invitation"

_ASKED: JsonDict = {
    "email": "robin@lakeside.example",
    "name": "Robin Example",
    "role": "practice",
    "practice_ids": ["12345"],
}
_SHOWN: JsonDict = {
    "id": "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f25",
    **_ASKED,
    "organization_id": None,
    "npi": None,
    "state": "invited",
    "has_second_step": False,
    "created_at": "2026-11-21T10:00:00Z",
    "created_by": "registry@db1",
    "ended_at": None,
    "last_sign_in_at": None,
}
_LINK: JsonDict = {
    "invitation": "https://registry.example/invitation?token=cW9GZz7kTg0h3M1lq5xR8sVbY2nUeJdAoPi"
}


class UserRequest(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _ASKED})

    email: Annotated[str, AfterValidator(parse_sign_in_name)] = Field(
        description="The name to sign in by; small and capital letters are the same."
    )
    name: Label
    role: Role
    practice_ids: list[AskedPracticeId] = Field(
        default=[], max_length=1_000, description="Those that the user acts for."
    )
    organization_id: UUID | None = Field(
        default=None, description="A vendor's people reach what practices grant to it."
    )
    npi: Annotated[str, AfterValidator(parse_npi)] | None = Field(
        default=None, description="Of a clinician, who sees the figures of this NPI."
    )

    def as_new(self, *, created_by: str) -> NewUser:
        return NewUser(
            email=self.email,
            name=self.name,
            role=self.role,
            practice_ids=tuple(PracticeId(each) for each in dict.fromkeys(self.practice_ids)),
            organization_id=self.organization_id,
            npi=None if self.npi is None else Npi(self.npi),
            created_by=created_by,
        )


class UserOut(BaseModel):
    model_config = ConfigDict(json_schema_extra={"example": _SHOWN})

    id: UUID
    email: str
    name: str
    role: Role
    practice_ids: list[str]
    organization_id: UUID | None
    npi: str | None
    state: UserState = Field(description="`invited` until there is a way to sign in.")
    has_second_step: bool = Field(description="Codes of an authenticator app are asked for too.")
    created_at: Instant
    created_by: str | None = Field(
        description="The id of a key or a user, or an account on a machine."
    )
    ended_at: Instant | None
    last_sign_in_at: Instant | None

    @classmethod
    def of(cls, user: User) -> "UserOut":
        return cls.model_validate(_fields(user))


class InvitedUser(UserOut):
    model_config = ConfigDict(json_schema_extra={"example": {**_SHOWN, **_LINK}})

    invitation: str | None = Field(
        description="A link, good once within seven days, to set a password with. Null when the"
        " same request is sent again, and where people sign in through an OpenID provider only."
    )

    @classmethod
    def invited(cls, invited: Invited, *, service_url: str) -> "InvitedUser":
        token = invited.token
        link = None if token is None else invitation_link(token, service_url=service_url)
        return cls.model_validate({**_fields(invited.user), "invitation": link})


def invitation_link(token: str, *, service_url: str) -> str:
    """The token stands in the query, which no log line holds."""
    return f"{service_url}{INVITATION_PATH}?token={token}"


def _fields(user: User) -> dict[str, Any]:
    given = user.given
    return {
        "id": user.id,
        "email": given.email,
        "name": given.name,
        "role": given.role,
        "practice_ids": list(given.practice_ids),
        "organization_id": given.organization_id,
        "npi": given.npi,
        "state": user.state,
        "has_second_step": user.has_second_step,
        "created_at": user.created_at,
        "created_by": given.created_by,
        "ended_at": user.ended_at,
        "last_sign_in_at": user.last_sign_in_at,
    }
