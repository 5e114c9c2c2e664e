"""Statements that every request waits for: put into words once, and asked through psycopg.

To build one anew and to hand it through SQLAlchemy takes longer than the server takes to answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from psycopg import Cursor
from psycopg.rows import namedtuple_row
from sqlalchemy import ClauseElement, Connection
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from app.storage.database import driver_connection


@dataclass(frozen=True)
class FixedStatement:
    """`statement` is whole but for its `bindparam`s; none of its conditions is an `in_`.

    `columns` are those that it writes what is given by their names to.
    """

    statement: ClauseElement
    columns: tuple[str, ...] | None = None

    def ask(self, connection: Connection, **values: object) -> Cursor[Any]:
        """`values` by those names; rows have their columns as attributes.

        Raises: psycopg.Error.
        """
        text, constants = self._words
        cursor = driver_connection(connection).cursor(row_factory=namedtuple_row)
        return cursor.execute(text, {**constants, **values})

    @cached_property
    def _words(self) -> tuple[bytes, Mapping[str, Any]]:
        """The text, and what it compares with whatever is asked."""
        dialect = PGDialect_psycopg()  # type: ignore[no-untyped-call]
        compiled = self.statement.compile(dialect=dialect, column_keys=self.columns)
        return str(compiled).encode(), compiled.params
