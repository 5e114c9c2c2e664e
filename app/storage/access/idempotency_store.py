"""Idempotency keys: which request first used one, and what it made."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from psycopg import Connection
from psycopg.types.json import Jsonb

from app.domain.identifiers import PracticeId
from app.storage.locks import IDEMPOTENCY_KEY


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAnswer:
    """An answer of HTTP as it was given first. `body` is JSON."""

    status: int
    headers: Mapping[str, str]
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedKey:
    """`made_id` is the id of what the request made: requests of two kinds never hash alike.

    Of a request whose `answer` is kept it is an id of the try; `used_at` says when that began.
    """

    request_hash: str
    made_id: UUID
    used_at: datetime
    answer: KeptAnswer | None


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
            """SELECT request_hash, made_id, created_at, answer FROM idempotency_keys
               WHERE practice_id = %s AND api_key_id = %s AND idempotency_key = %s""",
            (practice, api_key, key),
        ).fetchone()
        if row is None:
            return None
        answer = None if row[3] is None else KeptAnswer(**row[3])
        return UsedKey(request_hash=row[0], made_id=row[1], used_at=row[2], answer=answer)

    def keep(
        self, key: str, *, practice: PracticeId, api_key: UUID, request_hash: str, made_id: UUID
    ) -> None:
        """Let `key` stand for what was made, also when it stood for something that failed."""
        self._connection.execute(
            """INSERT INTO idempotency_keys
                   (practice_id, api_key_id, idempotency_key, request_hash, made_id)
               VALUES (%s, %s, %s, %s, %s)
               ON CONFLICT (practice_id, api_key_id, idempotency_key)
               DO UPDATE SET made_id = excluded.made_id, created_at = now()""",
            (practice, api_key, key, request_hash, made_id),
        )

    def keep_answer(
        self, answer: KeptAnswer, key: str, *, practice: PracticeId, api_key: UUID, made_id: UUID
    ) -> None:
        self._connection.execute(
            """UPDATE idempotency_keys SET answer = %s
               WHERE practice_id = %s AND api_key_id = %s AND idempotency_key = %s
                 AND made_id = %s""",
            (Jsonb(asdict(answer)), practice, api_key, key, made_id),
        )

    def forget_answers(self, *, older_than_days: int) -> int:
        """Remove the answers that were kept so long ago, with their keys; return how many."""
        return self._connection.execute(
            """DELETE FROM idempotency_keys
               WHERE answer IS NOT NULL AND created_at < now() - make_interval(days => %s)""",
            (older_than_days,),
        ).rowcount

    def forget(self, key: str, *, practice: PracticeId, api_key: UUID, made_id: UUID) -> None:
        """Let `key` be used anew, if it still stands for what was not made after all."""
        self._connection.execute(
            """DELETE FROM idempotency_keys
               WHERE practice_id = %s AND api_key_id = %s AND idempotency_key = %s
                 AND made_id = %s AND answer IS NULL""",
            (practice, api_key, key, made_id),
        )
