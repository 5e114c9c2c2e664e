"""Row-level security as migrations write it: which rows of a table requests reach, and for what.

Released migrations call this. A table that is to be bound otherwise gets a new migration.
"""

from collections.abc import Iterator
from typing import Final

from app.storage.bounds import REQUEST_ROLE

# A sub-select without a reference to the row is worked out once for each statement. The first half
# of the OR keeps the planner from expecting far fewer rows than the query itself asks for.
OF_PRACTICE: Final = """(
    (SELECT nacor_reaches_every_practice())
    OR practice_id = ANY ((SELECT nacor_practices())::text[])
)"""
OF_PRACTICE_AND_SIDE: Final = f"{OF_PRACTICE} AND sandbox = (SELECT nacor_is_sandbox())"


def bound_table(table: str, *privileges: str, rows: str = OF_PRACTICE) -> Iterator[str]:
    """Yield what lets requests do `privileges` with the `rows` of `table`, and nothing else.

    `rows`: a condition that holds for what is read and for what is written.
    """
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    yield f"CREATE POLICY bounds ON {table} TO {REQUEST_ROLE} USING ({rows}) WITH CHECK ({rows})"
    yield from _granted(table, privileges)


def read_and_appended(table: str, *, read: str, appended: str) -> Iterator[str]:
    """Yield what lets requests read some rows of `table` and add others."""
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    yield f"CREATE POLICY reading ON {table} FOR SELECT TO {REQUEST_ROLE} USING ({read})"
    yield (
        f"CREATE POLICY appending ON {table} FOR INSERT TO {REQUEST_ROLE} WITH CHECK ({appended})"
    )
    yield from _granted(table, ("SELECT", "INSERT"))


def free_table(table: str) -> Iterator[str]:
    """Yield what takes all of it back."""
    for policy in ("bounds", "reading", "appending"):
        yield f"DROP POLICY IF EXISTS {policy} ON {table}"
    yield f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"
    yield f"REVOKE ALL ON {table} FROM {REQUEST_ROLE}"


def _granted(table: str, privileges: tuple[str, ...]) -> Iterator[str]:
    if privileges:
        yield f"GRANT {', '.join(privileges)} ON {table} TO {REQUEST_ROLE}"
