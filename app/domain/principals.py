"""Whoever asks for something: the holder of an API key or, signed in, a user."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from uuid import UUID

from app.domain.audit import Actor, ActorKind
from app.domain.grants import GrantedRight, OrganizationKind
from app.domain.identifiers import Npi, PracticeId


class Role(StrEnum):
    VENDOR = "vendor"
    PRACTICE = "practice"
    INTERNAL = "internal"
    ADMIN = "admin"
    CLINICIAN = "clinician"


def parse_role(text: str) -> Role:
    """Raises: ValueError, naming the roles there are."""
    try:
        return Role(text)
    except ValueError:
        raise ValueError(f"the role must be one of {', '.join(Role)}") from None


ORGANIZATION_OF: Final[Mapping[Role, OrganizationKind]] = {
    Role.VENDOR: OrganizationKind.VENDOR,
    Role.PRACTICE: OrganizationKind.PRACTICE,
    Role.CLINICIAN: OrganizationKind.PRACTICE,
    Role.INTERNAL: OrganizationKind.REGISTRY,
    Role.ADMIN: OrganizationKind.REGISTRY,
}
"""The kind of organization that keys and users of a role belong to."""
OF_SOME_PRACTICES: Final = frozenset({Role.VENDOR, Role.PRACTICE, Role.CLINICIAN})
"""Roles that reach the practices that are named, and no others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """What the rights are asked about, however somebody proved who it is.

    `kind` says what `id` is the id of. `practice_ids` are those that it acts for, by all its role
    may do. `npi` is that of a clinician, None of anybody else. `granted` are the rights that
    practices have granted to its organization and that are in force. `label` says who it is, in
    the words of who let it in. `is_by_old_secret`: a key that came with a secret which has an end,
    for a newer one took its place. `address` and `request_id` are those of the request that it
    came with.
    """

    kind: ActorKind
    id: UUID
    role: Role
    practice_ids: frozenset[PracticeId]
    sandbox: bool
    label: str | None
    npi: Npi | None = None
    granted: Mapping[PracticeId, frozenset[GrantedRight]] = field(default_factory=dict)
    is_by_old_secret: bool = False
    address: str | None = None
    request_id: str | None = None

    @property
    def actor(self) -> Actor:
        """Who it is for the audit trail."""
        return Actor(
            kind=self.kind,
            key_id=self.id if self.kind is ActorKind.KEY else None,
            user_id=self.id if self.kind is ActorKind.USER else None,
            role=self.role.value,
            label=self.label,
            address=self.address,
            request_id=self.request_id,
            sandbox=self.sandbox,
        )
