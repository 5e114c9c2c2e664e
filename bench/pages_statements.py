"""The statements that a page has the database run, and the processes that they run in."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, Self

import psycopg
from psycopg import sql

_Given = Any
"""What the driver is given."""
_BINDING: Final = "SET "
"""What binds a transaction to who asks: it reads nothing."""
_WHO_ASKS: Final = "FROM sessions"


@dataclass(slots=True)
class Statements:
    """`run`: SQL and milliseconds by the clock, without what every page needs: to know who asks.

    `backends`: ids of processes of the database.
    """

    run: list[tuple[str, float]] = field(default_factory=list)
    backends: set[int] = field(default_factory=set)

    def cursor_class(self) -> type[psycopg.Cursor[Any]]:
        """For an engine whose statements are to be noted here."""
        noted = self

        class NotingCursor(psycopg.Cursor[Any]):
            def execute(self, query: _Given, *arguments: _Given, **options: _Given) -> Self:
                with noted.noting(query, self.connection):
                    return super().execute(query, *arguments, **options)

            def executemany(self, query: _Given, *arguments: _Given, **options: _Given) -> None:
                with noted.noting(query, self.connection):
                    super().executemany(query, *arguments, **options)

        return NotingCursor

    @contextmanager
    def noting(self, query: _Given, connection: psycopg.Connection) -> Iterator[None]:
        self.backends.add(connection.info.backend_pid)
        started = time.perf_counter()
        yield
        statement = _text(query, connection)
        is_of_every_page = statement.startswith(_BINDING) or _WHO_ASKS in statement
        if not is_of_every_page:
            self.run.append((statement, (time.perf_counter() - started) * 1000))

    def taken(self) -> list[tuple[str, float]]:
        """Those since the last time."""
        taken, self.run = self.run, []
        return taken


def _text(query: _Given, connection: psycopg.Connection) -> str:
    if isinstance(query, sql.Composable):
        return query.as_string(connection).lstrip()
    return (query.decode() if isinstance(query, bytes) else str(query)).lstrip()
