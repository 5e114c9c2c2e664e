"""The data keys as they are kept: counted, wrapped anew, and what each of them seals."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import uuid_utils.compat as uuids
from psycopg import Connection

from app.domain.master_keys import MasterKeys
from app.storage.sealing.wrapping import unwrap, wrap

_WRAPPED_BY: Final = "SELECT master_key, count(*) FROM data_keys GROUP BY 1 ORDER BY 1"
_WEBHOOKS_OF: Final = """
    SELECT master_key, count(*) FROM webhook_secrets
    WHERE ends_at IS NULL OR ends_at > now() GROUP BY 1 ORDER BY 1"""
_SECOND_STEPS_OF: Final = """
    SELECT second_step_master_key, count(*) FROM users
    WHERE second_step_confirmed_at IS NOT NULL AND ended_at IS NULL GROUP BY 1 ORDER BY 1"""
_UNSEALED: Final = """
    SELECT (SELECT count(*) FROM case_payloads WHERE data_key IS NULL)
         + (SELECT count(*) FROM case_versions WHERE data_key IS NULL)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReEncryption:
    """Sealing everything anew; it may be begun by one process and ended by another."""

    id: UUID
    begun_at: datetime
    is_resumed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyUse:
    """By the name of each master key: data keys that it wraps, and what is derived from it.

    That are secrets of webhooks in force, and second steps of signing in. `unsealed` are records
    from before records were sealed.
    """

    data_keys: dict[str, int]
    webhook_secrets: dict[str, int]
    second_steps: dict[str, int]
    unsealed: int

    @property
    def masters(self) -> set[str]:
        """The names of those that anything needs."""
        return {*self.data_keys, *self.webhook_secrets, *self.second_steps}


class DataKeyStore:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def use(self) -> KeyUse:
        row = self._connection.execute(_UNSEALED).fetchone()
        assert row is not None, "a count is one row"
        return KeyUse(
            data_keys=dict(self._connection.execute(_WRAPPED_BY).fetchall()),
            webhook_secrets=dict(self._connection.execute(_WEBHOOKS_OF).fetchall()),
            second_steps=dict(self._connection.execute(_SECOND_STEPS_OF).fetchall()),
            unsealed=row[0],
        )

    def wrap_anew(self, masters: MasterKeys) -> int:
        """Wrap every data key with the newest master; return how many another one had wrapped.

        Raises: KeysMissing.
        """
        rows = self._connection.execute(
            """SELECT practice_id, number, master_key, wrapped FROM data_keys
               WHERE master_key <> %s FOR UPDATE""",
            (masters.newest,),
        ).fetchall()
        for owner, number, master, wrapped in rows:
            key = unwrap(wrapped, masters, master, owner=owner, number=number).key
            self._connection.execute(
                """UPDATE data_keys SET master_key = %s, wrapped = %s
                   WHERE practice_id = %s AND number = %s""",
                (masters.newest, wrap(key, masters, owner=owner, number=number), owner, number),
            )
        return len(rows)

    def begin_re_encryption(self) -> ReEncryption:
        """Begin one, or go on with the one that has not ended."""
        id_ = uuids.uuid7()
        self._connection.execute(
            "INSERT INTO re_encryptions (id) VALUES (%s) ON CONFLICT DO NOTHING", (id_,)
        )
        row = self._connection.execute(
            "SELECT id, begun_at FROM re_encryptions WHERE ended_at IS NULL"
        ).fetchone()
        assert row is not None, "there is one now"
        return ReEncryption(id=row[0], begun_at=row[1], is_resumed=row[0] != id_)

    def end_re_encryption(self, under_way: ReEncryption) -> None:
        self._connection.execute(
            "UPDATE re_encryptions SET ended_at = now() WHERE id = %s", (under_way.id,)
        )

    def newest_made_at(self, owner: str) -> datetime | None:
        row = self._connection.execute(
            "SELECT max(created_at) FROM data_keys WHERE practice_id = %s", (owner,)
        ).fetchone()
        found: datetime | None = None if row is None else row[0]
        return found
