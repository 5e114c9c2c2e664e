"""The tables of the queue: they are the library's own, made by the scripts that it ships.

A migration of ours calls `bring_up`, and another one does when a newer library ships new scripts.
"""

from importlib.resources import files
from typing import Final

from psycopg import Connection, sql

PREFIX: Final = "procrastinate_"
_PACKAGE: Final = "procrastinate.sql"
_TABLE: Final = "procrastinate_jobs"


def bring_up(connection: Connection) -> None:
    """Bring the tables of the queue to what the installed library expects; never commits."""
    present = _version(connection)
    if present is None:
        connection.execute((files(_PACKAGE) / "schema.sql").read_bytes())
    else:
        for name in _scripts():
            if name > present:
                connection.execute((files(_PACKAGE) / "migrations" / name).read_bytes())
    connection.execute(
        sql.SQL("COMMENT ON TABLE {} IS {}").format(sql.Identifier(_TABLE), _scripts()[-1])
    )


def is_up(connection: Connection) -> bool:
    """Whether the tables are what the installed library expects."""
    return _version(connection) == _scripts()[-1]


def _version(connection: Connection) -> str | None:
    """The last script that was run; None when there are no tables yet."""
    row = connection.execute(
        "SELECT obj_description(to_regclass(%s), 'pg_class')", (_TABLE,)
    ).fetchone()
    return None if row is None else row[0]


def _scripts() -> list[str]:
    names = (each.name for each in (files(_PACKAGE) / "migrations").iterdir())
    return sorted(name for name in names if name.endswith(".sql"))


def take_down(connection: Connection) -> None:
    """Remove every table, function and type of the queue, with all jobs."""
    for statement in connection.execute(_REMOVALS, {"named": f"{PREFIX}%"}).fetchall():
        connection.execute(statement[0].encode())


_REMOVALS: Final = r"""
    SELECT format('DROP TABLE IF EXISTS %%s CASCADE', oid::regclass) FROM pg_class
    WHERE relkind = 'r' AND relname LIKE %(named)s AND relnamespace = current_schema()::regnamespace
    UNION ALL
    SELECT format('DROP FUNCTION IF EXISTS %%s CASCADE', oid::regprocedure) FROM pg_proc
    WHERE proname LIKE %(named)s AND pronamespace = current_schema()::regnamespace
    UNION ALL
    SELECT format('DROP TYPE IF EXISTS %%s CASCADE', t.oid::regtype) FROM pg_type t
    LEFT JOIN pg_class c ON c.oid = t.typrelid
    WHERE typname LIKE %(named)s AND typnamespace = current_schema()::regnamespace
      AND (typtype = 'e' OR (typtype = 'c' AND c.relkind = 'c'))
"""
