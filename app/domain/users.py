"""Users: the people who sign in with a browser."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from app.domain.identifiers import Npi, PracticeId
from app.domain.mail_addresses import parse_mail_address
from app.domain.principals import Role


class UserState(StrEnum):
    INVITED = "invited"
    ACTIVE = "active"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUser:
    """`email` is the name to sign in by. `npi` is that of a clinician, None of anybody else.

    `created_by`: the id of a key or a user, or an account on a machine.
    """

    email: str
    name: str
    role: Role
    practice_ids: tuple[PracticeId, ...] = ()
    organization_id: UUID | None = None
    npi: Npi | None = None
    created_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who somebody is at an OpenID provider: never given to anybody else there."""

    issuer: str
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    id: UUID
    given: NewUser
    created_at: datetime
    ended_at: datetime | None
    last_sign_in_at: datetime | None
    identity: Identity | None
    has_password: bool
    has_second_step: bool

    @property
    def state(self) -> UserState:
        if self.ended_at is not None:
            return UserState.ENDED
        can_sign_in = self.has_password or self.identity is not None
        return UserState.ACTIVE if can_sign_in else UserState.INVITED


def parse_sign_in_name(text: str) -> str:
    """Return `text` as the address of mail that somebody signs in by, in small letters.

    Raises: ValueError, naming the rule that failed and never the value.
    """
    return parse_mail_address(text.strip()).lower()
