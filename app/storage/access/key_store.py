"""API keys: of their secrets only the hashes are stored."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import uuid_utils.compat as uuids
from psycopg import Connection, Cursor
from psycopg.rows import namedtuple_row

from app.domain.audit import ActorKind
from app.domain.identifiers import PracticeId
from app.domain.principals import Principal, Role
from app.storage.access.granted import granted_to


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    """`created_by`: the id of a key, or an account on a machine. `expires_at` None: never."""

    role: Role
    practice_ids: tuple[PracticeId, ...]
    sandbox: bool
    label: str | None = None
    organization_id: UUID | None = None
    expires_at: datetime | None = None
    created_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretOfKey:
    """`ends_at` None: it is worth something for as long as its key."""

    created_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRecord:
    """A key as it is managed, with its secrets in force, the newest first; never their text.

    `last_used_at` is right to the minute.
    """

    id: UUID
    given: NewKey
    created_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None
    secrets: tuple[SecretOfKey, ...]


_FIND: Final = """
    SELECT k.id, k.role, k.practice_ids, k.sandbox, k.label, k.organization_id,
           s.ends_at IS NOT NULL AS is_by_old_secret,
           coalesce(k.last_used_at < now() - interval '1 minute', true) AS use_is_news
    FROM api_key_secrets s JOIN api_keys k ON k.id = s.api_key_id
    WHERE s.key_hash = %s AND (s.ends_at IS NULL OR s.ends_at > now())
      AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())"""

_COLUMNS: Final = """id, role, practice_ids, sandbox, label, organization_id, created_at,
    created_by, expires_at, revoked_at, last_used_at"""


class KeyStore:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self,
        key_hash: bytes,
        *,
        role: Role,
        practice_ids: list[PracticeId],
        sandbox: bool,
        label: str | None = None,
    ) -> UUID:
        """Add a key that belongs to no organization and never expires."""
        new = NewKey(role=role, practice_ids=tuple(practice_ids), sandbox=sandbox, label=label)
        return self.create(key_hash, new)

    def create(self, key_hash: bytes, new: NewKey) -> UUID:
        key_id = uuids.uuid7()
        self._connection.execute(
            """INSERT INTO api_keys (id, role, practice_ids, sandbox, label, organization_id,
                   expires_at, created_by) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)""",
            (
                key_id,
                new.role.value,
                list(new.practice_ids),
                new.sandbox,
                new.label,
                new.organization_id,
                new.expires_at,
                new.created_by,
            ),
        )
        self.add_secret(key_id, key_hash)
        return key_id

    def add_secret(self, key_id: UUID, key_hash: bytes) -> None:
        self._connection.execute(
            "INSERT INTO api_key_secrets (key_hash, api_key_id) VALUES (%s, %s)",
            (key_hash, key_id),
        )

    def end_secrets(self, key_id: UUID, *, at: datetime) -> None:
        """Let every secret of the key end at that moment, if it does not end before.

        Those that have ended are forgotten.
        """
        self._connection.execute(
            "DELETE FROM api_key_secrets WHERE api_key_id = %s AND ends_at <= now()", (key_id,)
        )
        self._connection.execute(
            """UPDATE api_key_secrets SET ends_at = %(at)s
               WHERE api_key_id = %(key)s AND (ends_at IS NULL OR ends_at > %(at)s)""",
            {"key": key_id, "at": at},
        )

    def revoke(self, key_id: UUID) -> None:
        self._connection.execute(
            "UPDATE api_keys SET revoked_at = now() WHERE id = %s AND revoked_at IS NULL",
            (key_id,),
        )

    def find(self, key_hash: bytes) -> Principal | None:
        """The key of a secret that is in force. That it is used is noted once a minute."""
        row = self._named().execute(_FIND, (key_hash,)).fetchone()
        if row is None:
            return None
        if row.use_is_news:
            self._note_use(row.id)
        return Principal(
            kind=ActorKind.KEY,
            id=row.id,
            role=Role(row.role),
            practice_ids=frozenset(PracticeId(id_) for id_ in row.practice_ids),
            sandbox=row.sandbox,
            label=row.label,
            granted=granted_to(self._connection, row.organization_id),
            is_by_old_secret=row.is_by_old_secret,
        )

    def get(self, key_id: UUID, *, lock: bool = False) -> KeyRecord | None:
        """With `lock` one transaction at a time changes it."""
        found = self._records(
            f"WHERE id = %s {'FOR NO KEY UPDATE' if lock else ''}",
            (key_id,),
        )
        return found[0] if found else None

    def listed(self, *, before: UUID | None, limit: int | None) -> list[KeyRecord]:
        """Newest first: ids are UUIDv7 and grow with time."""
        return self._records(
            """WHERE (%(before)s::uuid IS NULL OR id < %(before)s)
               ORDER BY id DESC LIMIT %(limit)s""",
            {"before": before, "limit": limit},
        )

    def _records(self, condition: str, parameters: Any) -> list[KeyRecord]:  # noqa: ANN401 - psycopg's
        query = f"SELECT {_COLUMNS} FROM api_keys {condition}"  # noqa: S608 - constants of this file
        rows = self._named().execute(query.encode(), parameters).fetchall()
        secrets = self._secrets_of([row.id for row in rows])
        return [_record(row, secrets[row.id]) for row in rows]

    def _secrets_of(self, keys: list[UUID]) -> Mapping[UUID, list[SecretOfKey]]:
        found: dict[UUID, list[SecretOfKey]] = defaultdict(list)
        rows = self._connection.execute(
            """SELECT api_key_id, created_at, ends_at FROM api_key_secrets
               WHERE api_key_id = ANY(%s) AND (ends_at IS NULL OR ends_at > now())
               ORDER BY created_at DESC""",
            (keys,),
        )
        for key_id, created_at, ends_at in rows:
            found[key_id].append(SecretOfKey(created_at=created_at, ends_at=ends_at))
        return found

    def _named(self) -> Cursor[Any]:
        return self._connection.cursor(row_factory=namedtuple_row)

    def _note_use(self, key_id: UUID) -> None:
        """Wait for nobody, neither another request that notes the same nor the disk."""
        self._connection.execute("SET LOCAL synchronous_commit = off")
        self._connection.execute(
            """UPDATE api_keys SET last_used_at = now() WHERE id IN (
                   SELECT id FROM api_keys WHERE id = %s FOR NO KEY UPDATE SKIP LOCKED)""",
            (key_id,),
        )


def _record(row: Any, secrets: list[SecretOfKey]) -> KeyRecord:  # noqa: ANN401 - a named tuple
    given = NewKey(
        role=Role(row.role),
        practice_ids=tuple(PracticeId(id_) for id_ in row.practice_ids),
        sandbox=row.sandbox,
        label=row.label,
        organization_id=row.organization_id,
        expires_at=row.expires_at,
        created_by=row.created_by,
    )
    return KeyRecord(
        id=row.id,
        given=given,
        created_at=row.created_at,
        revoked_at=row.revoked_at,
        last_used_at=row.last_used_at,
        secrets=tuple(secrets),
    )
