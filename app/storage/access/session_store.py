"""Sessions of browsers, and signing in that has begun. Moments come from outside."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, select, text, update

from app.domain.audit import ActorKind
from app.domain.identifiers import Npi, PracticeId
from app.domain.principals import Principal, Role
from app.domain.sessions import NewSession, OpenSession, SignedIn, StartedSignIn
from app.storage.access.granted import granted_to
from app.storage.database import driver_connection
from app.storage.tables.users import sessions, sign_ins, users

_SEEN_AGAIN: Final = timedelta(minutes=1)
_KEPT: Final = timedelta(days=30)


class SessionStore:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def begin(self, new: NewSession) -> None:
        """Those of the same user that ended long ago are forgotten."""
        self._connection.execute(
            delete(sessions).where(
                sessions.c.user_id == new.user_id, sessions.c.expires_at < new.created_at - _KEPT
            )
        )
        self._connection.execute(
            insert(sessions).values(**asdict(new), last_seen_at=new.created_at)
        )

    def find(self, secret_hash: bytes, *, now: datetime, idle: timedelta) -> SignedIn | None:
        """Whoever is signed in with this secret. That it is used is noted once a minute."""
        row = self._connection.execute(
            select(sessions, users.c.email, users.c.name, users.c.role, users.c.npi)
            .add_columns(users.c.practice_ids, users.c.organization_id)
            .join(users)
            .where(sessions.c.secret_hash == secret_hash, users.c.ended_at.is_(None))
            .where(_is_open(now, idle))
        ).first()
        if row is None:
            return None
        if row.last_seen_at + _SEEN_AGAIN <= now:
            self._note_use(row.id, now)
        principal = Principal(
            kind=ActorKind.USER,
            id=row.user_id,
            role=Role(row.role),
            practice_ids=frozenset(PracticeId(id_) for id_ in row.practice_ids),
            sandbox=False,
            label=row.name,
            npi=None if row.npi is None else Npi(row.npi),
            granted=granted_to(driver_connection(self._connection), row.organization_id),
        )
        return SignedIn(
            session_id=row.id,
            principal=principal,
            email=row.email,
            is_of_provider=row.is_of_provider,
        )

    def of_user(self, user_id: UUID, *, now: datetime, idle: timedelta) -> list[OpenSession]:
        """Those that are open, the newest first."""
        rows = self._connection.execute(
            select(sessions)
            .where(sessions.c.user_id == user_id, _is_open(now, idle))
            .order_by(sessions.c.id.desc())
        )
        return [
            OpenSession(
                id=row.id,
                created_at=row.created_at,
                last_seen_at=row.last_seen_at,
                expires_at=row.expires_at,
                address=row.address,
                browser=row.browser,
            )
            for row in rows
        ]

    def end(self, session_id: UUID, *, of: UUID, at: datetime) -> bool:
        """Return whether it was a session of this user that had not been ended."""
        return self._end(and_(sessions.c.id == session_id, sessions.c.user_id == of), at) == 1

    def end_all(self, user_id: UUID, *, at: datetime, but: UUID | None = None) -> int:
        """Return how many were ended. Whoever has got to the second step begins anew, too."""
        self._connection.execute(delete(sign_ins).where(sign_ins.c.user_id == user_id))
        others = sessions.c.user_id == user_id
        return self._end(others if but is None else and_(others, sessions.c.id != but), at)

    def start(self, token_hash: bytes, started: StartedSignIn, *, now: datetime) -> None:
        """What was never gone on with is forgotten."""
        self._connection.execute(delete(sign_ins).where(sign_ins.c.expires_at < now))
        self._connection.execute(insert(sign_ins).values(token_hash=token_hash, **asdict(started)))

    def started(self, token_hash: bytes, *, now: datetime) -> StartedSignIn | None:
        row = self._connection.execute(
            select(sign_ins).where(sign_ins.c.token_hash == token_hash, sign_ins.c.expires_at > now)
        ).first()
        return None if row is None else _started(row)

    def take_started(self, token_hash: bytes, *, now: datetime) -> StartedSignIn | None:
        """It goes on once: who takes it a second time gets None."""
        row = self._connection.execute(
            delete(sign_ins).where(sign_ins.c.token_hash == token_hash).returning(sign_ins)
        ).first()
        return None if row is None or row.expires_at <= now else _started(row)

    def _end(self, which: ColumnElement[bool], at: datetime) -> int:
        ended = self._connection.execute(
            update(sessions).where(which, sessions.c.ended_at.is_(None)).values(ended_at=at)
        )
        return ended.rowcount

    def _note_use(self, session_id: UUID, now: datetime) -> None:
        """Wait for nobody, neither another request that notes the same nor the disk."""
        self._connection.execute(text("SET LOCAL synchronous_commit = off"))
        free = select(sessions.c.id).where(sessions.c.id == session_id)
        self._connection.execute(
            update(sessions)
            .where(sessions.c.id.in_(free.with_for_update(skip_locked=True)))
            .values(last_seen_at=now)
        )


def _is_open(now: datetime, idle: timedelta) -> ColumnElement[bool]:
    return and_(
        sessions.c.ended_at.is_(None),
        sessions.c.expires_at > now,
        sessions.c.last_seen_at > now - idle,
    )


def _started(row: Any) -> StartedSignIn:  # noqa: ANN401 - a row of the table
    return StartedSignIn(
        next_path=row.next_path,
        expires_at=row.expires_at,
        user_id=row.user_id,
        nonce=row.nonce,
        code_verifier=row.code_verifier,
    )
