"""API keys: only their hashes are stored."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

import uuid_utils.compat as uuids
from psycopg import Connection

from app.domain.identifiers import PracticeId


class Role(StrEnum):
    VENDOR = "vendor"
    PRACTICE = "practice"
    INTERNAL = "internal"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """`practice_ids` are those that a vendor or practice key may act for.

    `label` says whose it is, in the words of who gave it out.
    """

    id: UUID
    role: Role
    practice_ids: frozenset[PracticeId]
    sandbox: bool
    label: str | None


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
        key_id = uuids.uuid7()
        self._connection.execute(
            """INSERT INTO api_keys (id, key_hash, role, practice_ids, sandbox, label)
               VALUES (%s, %s, %s, %s, %s, %s)""",
            (key_id, key_hash, role.value, practice_ids, sandbox, label),
        )
        return key_id

    def find(self, key_hash: bytes) -> ApiKey | None:
        row = self._connection.execute(
            "SELECT id, role, practice_ids, sandbox, label FROM api_keys WHERE key_hash = %s",
            (key_hash,),
        ).fetchone()
        if row is None:
            return None
        return ApiKey(
            id=row[0],
            role=Role(row[1]),
            practice_ids=frozenset(PracticeId(id_) for id_ in row[2]),
            sandbox=row[3],
            label=row[4],
        )
