"""Users, and what they prove themselves with. A user is never removed: they end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Row, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from app.domain.identifiers import Npi, PracticeId
from app.domain.principals import Role
from app.domain.users import Identity, NewUser, User
from app.storage.tables.users import invitations, recovery_codes, users

_OF_A_PRACTICE: Final = (Role.PRACTICE.value, Role.CLINICIAN.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondStep:
    """What one-time codes are derived from; not `confirmed` until a code of it was typed.

    `last_used` is the step of the newest code that was taken.
    """

    salt: bytes
    master_key: str
    confirmed_at: datetime | None
    last_used: int | None


class UserStore:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, user_id: UUID, new: NewUser, *, at: datetime) -> bool:
        """Return False, and add nothing, when another user signs in by that address."""
        values = {
            "id": user_id,
            "email": new.email,
            "name": new.name,
            "role": new.role.value,
            "practice_ids": list(new.practice_ids),
            "organization_id": new.organization_id,
            "npi": new.npi,
            "created_at": at,
            "created_by": new.created_by,
        }
        try:
            with self._connection.begin_nested():
                self._connection.execute(insert(users).values(values))
        except IntegrityError:
            return False
        return True

    def get(self, user_id: UUID, *, lock: bool = False) -> User | None:
        """With `lock` one transaction at a time changes them."""
        query = select(users).where(users.c.id == user_id)
        return self._one(query.with_for_update() if lock else query)

    def by_email(self, email: str) -> User | None:
        return self._one(select(users).where(users.c.email == email, users.c.ended_at.is_(None)))

    def by_identity(self, identity: Identity) -> User | None:
        return self._one(
            select(users).where(
                users.c.issuer == identity.issuer,
                users.c.subject == identity.subject,
                users.c.ended_at.is_(None),
            )
        )

    def listed(
        self, *, within: frozenset[PracticeId] | None, before: UUID | None, limit: int | None
    ) -> list[User]:
        """Newest first. `within`: only those who act for some of these practices, and no other."""
        query = select(users).order_by(users.c.id.desc()).limit(limit)
        if within is not None:
            query = query.where(
                users.c.practice_ids.contained_by(sorted(within)),
                func.cardinality(users.c.practice_ids) > 0,
                users.c.role.in_(_OF_A_PRACTICE),
            )
        if before is not None:
            query = query.where(users.c.id < before)
        return [_user(row) for row in self._connection.execute(query)]

    def acting_for(self, practice: PracticeId) -> list[User]:
        """Those who have not ended, of the practice's own: no vendors, no staff of the registry."""
        rows = self._connection.execute(
            select(users)
            .where(
                users.c.practice_ids.contains([practice]),
                users.c.role.in_(_OF_A_PRACTICE),
                users.c.ended_at.is_(None),
            )
            .order_by(users.c.id)
        )
        return [_user(row) for row in rows]

    def end(self, user_id: UUID, *, at: datetime) -> None:
        self._change(user_id, ended_at=at)
        self._connection.execute(delete(invitations).where(invitations.c.user_id == user_id))

    def note_sign_in(self, user_id: UUID, *, at: datetime) -> None:
        self._change(user_id, last_sign_in_at=at)

    def recognize(self, user_id: UUID, identity: Identity) -> None:
        self._change(user_id, issuer=identity.issuer, subject=identity.subject)

    def password_hash(self, user_id: UUID) -> str | None:
        return self._connection.scalar(select(users.c.password_hash).where(users.c.id == user_id))

    def set_password(self, user_id: UUID, password_hash: str) -> None:
        self._change(user_id, password_hash=password_hash)

    def invite(self, user_id: UUID, token_hash: bytes, *, at: datetime, until: datetime) -> None:
        """Give a user a link; any other of theirs is worth nothing from now on."""
        self._connection.execute(delete(invitations).where(invitations.c.user_id == user_id))
        self._connection.execute(
            insert(invitations).values(
                token_hash=token_hash, user_id=user_id, created_at=at, expires_at=until
            )
        )

    def invited(self, token_hash: bytes, *, now: datetime) -> User | None:
        return self._one(
            select(users)
            .join(invitations)
            .where(
                invitations.c.token_hash == token_hash,
                invitations.c.expires_at > now,
                users.c.ended_at.is_(None),
            )
        )

    def use_invitation(self, token_hash: bytes) -> bool:
        """Return whether it was still there; two who use it at once do not both get True."""
        used = self._connection.execute(
            delete(invitations).where(invitations.c.token_hash == token_hash)
        )
        return used.rowcount == 1

    def second_step(self, user_id: UUID) -> SecondStep | None:
        row = self._connection.execute(select(users).where(users.c.id == user_id)).one()
        if row.second_step_salt is None:
            return None
        return SecondStep(
            salt=bytes(row.second_step_salt),
            master_key=row.second_step_master_key,
            confirmed_at=row.second_step_confirmed_at,
            last_used=row.second_step_last_used,
        )

    def save_second_step(self, user_id: UUID, step: SecondStep | None) -> None:
        """None takes it away, with its recovery codes."""
        self._change(
            user_id,
            second_step_salt=step and step.salt,
            second_step_master_key=step and step.master_key,
            second_step_confirmed_at=step and step.confirmed_at,
            second_step_last_used=step and step.last_used,
        )
        if step is None:
            self.keep_recovery_codes(user_id, [])

    def keep_recovery_codes(self, user_id: UUID, hashes: Sequence[bytes]) -> None:
        """Keep these instead of those before."""
        self._connection.execute(delete(recovery_codes).where(recovery_codes.c.user_id == user_id))
        if hashes:
            self._connection.execute(
                insert(recovery_codes),
                [{"user_id": user_id, "code_hash": code_hash} for code_hash in hashes],
            )

    def use_recovery_code(self, user_id: UUID, code_hash: bytes) -> bool:
        """Return whether there was such a code; there is none from now on."""
        used = self._connection.execute(
            delete(recovery_codes).where(
                recovery_codes.c.user_id == user_id, recovery_codes.c.code_hash == code_hash
            )
        )
        return used.rowcount == 1

    def count_recovery_codes(self, user_id: UUID) -> int:
        counted = self._connection.scalar(
            select(func.count()).where(recovery_codes.c.user_id == user_id)
        )
        return counted or 0

    def _change(self, user_id: UUID, **values: object) -> None:
        self._connection.execute(update(users).where(users.c.id == user_id).values(**values))

    def _one(self, query: Any) -> User | None:  # noqa: ANN401 - a select of whole rows
        row = self._connection.execute(query).first()
        return None if row is None else _user(row)


def _user(row: Row[Any]) -> User:
    given = NewUser(
        email=row.email,
        name=row.name,
        role=Role(row.role),
        practice_ids=tuple(PracticeId(id_) for id_ in row.practice_ids),
        organization_id=row.organization_id,
        npi=None if row.npi is None else Npi(row.npi),
        created_by=row.created_by,
    )
    return User(
        id=row.id,
        given=given,
        created_at=row.created_at,
        ended_at=row.ended_at,
        last_sign_in_at=row.last_sign_in_at,
        identity=None if row.issuer is None else Identity(issuer=row.issuer, subject=row.subject),
        has_password=row.password_hash is not None,
        has_second_step=row.second_step_confirmed_at is not None,
    )
