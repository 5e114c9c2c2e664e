"""The data keys of a deployment, each unwrapped once a process."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Final

from psycopg import Connection
from psycopg import OperationalError as ConnectionLost
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from app.domain.errors.service import KeysMissing
from app.domain.master_keys import MasterKeys
from app.storage.database import driver_connection
from app.storage.out_of_reach import database_out_of_reach
from app.storage.sealing.key import DataKey
from app.storage.sealing.wrapping import unwrap, wrap

FILES: Final = ""
"""The owner of the data keys for files as received, as a practice owns those for its records."""

FRESH_SECONDS: Final = 10.0
_KEY_BYTES: Final = 32


class DataKeys:
    """Which key is the newest is looked up again after `fresh_seconds`: others may make new ones.

    What is looked up goes through a connection of its own, so that a data key is stored for good
    before anything is sealed with it.
    Raises: KeysMissing as long as a master key is missing that wraps any of them: whoever has the
    wrong one must not go on with another. ServiceBusy when the database is out of reach.
    """

    def __init__(
        self, engine: Engine, masters: MasterKeys, *, fresh_seconds: float = FRESH_SECONDS
    ) -> None:
        self.masters = masters
        self.fresh_seconds = fresh_seconds
        self._engine = engine
        self._known: dict[tuple[str, int], DataKey] = {}
        self._newest: dict[str, tuple[DataKey, float]] = {}
        self._is_checked = False

    def newest(self, owner: str) -> DataKey:
        """The first one of an owner is made when it is asked for."""
        found = self._newest.get(owner)
        if found is not None and monotonic() < found[1]:
            return found[0]
        until = monotonic() + self.fresh_seconds
        with self._connected() as connection:
            key = self._find_newest(connection, owner) or self._make(connection, owner, 1)
        self._known[owner, key.number] = key
        self._newest[owner] = key, until
        return key

    def get(self, owner: str, number: int) -> DataKey:
        key = self._known.get((owner, number))
        if key is None:
            with self._connected() as connection:
                key = self._find(connection, owner, number)
            self._known[owner, number] = key
        return key

    def make_next(self, owner: str) -> DataKey:
        """Make one more; what others seal with the one before may come for `fresh_seconds` yet."""
        with self._connected() as connection:
            newest = self._find_newest(connection, owner)
            key = self._make(connection, owner, 1 if newest is None else newest.number + 1)
        self._newest.pop(owner, None)
        return key

    def check(self) -> None:
        """Raises: KeysMissing, ServiceBusy."""
        self._is_checked = False
        with self._connected():
            pass

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        """Within a transaction, behind the check that every master key is known."""
        try:
            with self._engine.begin() as connection:
                driver = driver_connection(connection)
                if not self._is_checked:
                    self._require_masters(driver)
                yield driver
        except (OperationalError, NoConnectionFree, ConnectionLost) as error:
            raise database_out_of_reach(error) from error

    def _require_masters(self, connection: Connection) -> None:
        rows = connection.execute("SELECT DISTINCT master_key FROM data_keys")
        missing = sorted({row[0] for row in rows} - self.masters.names)
        if missing:
            raise KeysMissing(
                f"Records are sealed under {', '.join(missing)}, which is not among the master"
                " keys that are configured."
            )
        self._is_checked = True

    def _find_newest(self, connection: Connection, owner: str) -> DataKey | None:
        row = connection.execute(
            """SELECT number, master_key, wrapped FROM data_keys
               WHERE practice_id = %s ORDER BY number DESC LIMIT 1""",
            (owner,),
        ).fetchone()
        return None if row is None else self._unwrapped(owner, *row)

    def _find(self, connection: Connection, owner: str, number: int) -> DataKey:
        row = connection.execute(
            """SELECT number, master_key, wrapped FROM data_keys
               WHERE practice_id = %s AND number = %s""",
            (owner, number),
        ).fetchone()
        if row is None:
            raise KeysMissing("The row of a data key is gone from the database.")
        return self._unwrapped(owner, *row)

    def _make(self, connection: Connection, owner: str, number: int) -> DataKey:
        """Return the key that stands there then: another process may have been faster."""
        wrapped = wrap(os.urandom(_KEY_BYTES), self.masters, owner=owner, number=number)
        connection.execute(
            """INSERT INTO data_keys (practice_id, number, master_key, wrapped)
               VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING""",
            (owner, number, self.masters.newest, wrapped),
        )
        return self._find(connection, owner, number)

    def _unwrapped(self, owner: str, number: int, master: str, wrapped: bytes) -> DataKey:
        return unwrap(wrapped, self.masters, master, owner=owner, number=number)


@dataclass(frozen=True, slots=True)
class KeysOf:
    """Those of one owner: a practice, or FILES."""

    keys: DataKeys
    owner: str

    def newest(self) -> DataKey:
        return self.keys.newest(self.owner)

    def get(self, number: int) -> DataKey:
        return self.keys.get(self.owner, number)
