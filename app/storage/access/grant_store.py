"""Organizations, and what practices grant to them. A grant is never removed: it ends."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Row, insert, select, update

from app.domain.grants import Grant, GrantedRight, Organization, OrganizationKind
from app.domain.identifiers import PracticeId
from app.storage.tables.access import grants, organizations

_OF_ORGANIZATION: Final = (
    organizations.c.kind,
    organizations.c.name,
    organizations.c.created_at.label("registered_at"),
)


class GrantStore:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_organization(self, organization: Organization) -> None:
        self._connection.execute(
            insert(organizations).values(
                id=organization.id,
                kind=organization.kind.value,
                name=organization.name,
                created_at=organization.created_at,
            )
        )

    def organization(self, organization_id: UUID) -> Organization | None:
        row = self._connection.execute(
            select(organizations).where(organizations.c.id == organization_id)
        ).first()
        return None if row is None else _organization(row)

    def organizations(
        self, kind: OrganizationKind | None, *, after: UUID | None, limit: int
    ) -> list[Organization]:
        """In the order in which they were registered. `kind` None: of every kind."""
        query = select(organizations).order_by(organizations.c.id).limit(limit)
        if kind is not None:
            query = query.where(organizations.c.kind == kind.value)
        if after is not None:
            query = query.where(organizations.c.id > after)
        return [_organization(row) for row in self._connection.execute(query)]

    def add(self, grant: Grant) -> None:
        self._connection.execute(
            insert(grants).values(
                practice_id=grant.practice_id,
                id=grant.id,
                organization_id=grant.organization.id,
                rights=sorted(right.value for right in grant.rights),
                valid_from=grant.valid_from,
                valid_until=grant.valid_until,
                granted_at=grant.granted_at,
                granted_by=grant.granted_by,
            )
        )

    def withdraw(self, grant: Grant, *, at: datetime, by: UUID | None) -> None:
        """Let it end now; one that was withdrawn before stays as it was. `by` None: an operator."""
        self._connection.execute(
            update(grants)
            .where(grants.c.practice_id == grant.practice_id, grants.c.id == grant.id)
            .where(grants.c.withdrawn_at.is_(None))
            .values(withdrawn_at=at, withdrawn_by=by)
        )

    def get(self, practice: PracticeId, grant_id: UUID, *, lock: bool = False) -> Grant | None:
        query = (
            select(grants, *_OF_ORGANIZATION)
            .join(organizations)
            .where(grants.c.practice_id == practice, grants.c.id == grant_id)
        )
        if lock:
            query = query.with_for_update(of=grants)
        row = self._connection.execute(query).first()
        return None if row is None else _grant(row)

    def of_practice(self, practice: PracticeId, *, before: UUID | None, limit: int) -> list[Grant]:
        """Newest first: ids are UUIDv7 and grow with time."""
        query = (
            select(grants, *_OF_ORGANIZATION)
            .join(organizations)
            .where(grants.c.practice_id == practice)
            .order_by(grants.c.id.desc())
            .limit(limit)
        )
        if before is not None:
            query = query.where(grants.c.id < before)
        return [_grant(row) for row in self._connection.execute(query)]

    def lasting_by(self, key_id: UUID, *, at: datetime) -> list[Grant]:
        """What a key granted, for whichever practices, that has not ended; locked, newest first."""
        rows = self._connection.execute(
            select(grants, *_OF_ORGANIZATION)
            .join(organizations)
            .where(grants.c.granted_by == key_id, grants.c.withdrawn_at.is_(None))
            .where(grants.c.valid_until.is_(None) | (grants.c.valid_until > at))
            .order_by(grants.c.id.desc())
            .with_for_update(of=grants)
        )
        return [_grant(row) for row in rows]


def _organization(row: Row[Any]) -> Organization:
    return Organization(
        id=row.id, kind=OrganizationKind(row.kind), name=row.name, created_at=row.created_at
    )


def _grant(row: Row[Any]) -> Grant:
    return Grant(
        id=row.id,
        practice_id=PracticeId(row.practice_id),
        organization=Organization(
            id=row.organization_id,
            kind=OrganizationKind(row.kind),
            name=row.name,
            created_at=row.registered_at,
        ),
        rights=frozenset(map(GrantedRight, row.rights)),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        granted_at=row.granted_at,
        granted_by=row.granted_by,
        withdrawn_at=row.withdrawn_at,
        withdrawn_by=row.withdrawn_by,
    )
