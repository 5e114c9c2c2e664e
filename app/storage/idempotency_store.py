"""Idempotency keys: which request first used one, and what it made."""

from dataclasses import dataclass
from uuid import UUID

from psycopg import Connection

from app.domain.identifiers import PracticeId
from app.storage.locks import IDEMPOTENCY_KEY


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedKey:
    """`made_id` is the id of what the request made: requests of two kinds never hash alike."""

    request_hash: str
    made_id: UUID


class IdempotencyStore:
    """A key belongs to the API key that sent it, and to the practice it was sent for."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lock(self, key: str, *, api_key: UUID) -> None:
        """Let one transaction at a time use this key."""
        self._connection.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))",
            (f"{api_key} {key}", IDEMPOTENCY_KEY),
        )

    def find(self, key: str, *, practice: PracticeId, api_key: UUID) -> UsedKey | None:
        row = self._connection.execute(
            """SELECT request_hash, made_id FROM idempotency_keys
               WHERE practice_id = %s AND api_key_id = %s AND idempotency_key = %s""",
            (practice, api_key, key),
        ).fetchone()
        return None if row is None else UsedKey(request_hash=row[0], made_id=row[1])

    def keep(
        self, key: str, *, practice: PracticeId, api_key: UUID, request_hash: str, made_id: UUID
    ) -> None:
        """Let `key` stand for what was made, also when it stood for something that failed."""
        self._connection.execute(
            """INSERT INTO idempotency_keys
                   (practice_id, api_key_id, idempotency_key, request_hash, made_id)
               VALUES (%s, %s, %s, %s, %s)
               ON CONFLICT (practice_id, api_key_id, idempotency_key)
               DO UPDATE SET made_id = excluded.made_id""",
            (practice, api_key, key, request_hash, made_id),
        )
