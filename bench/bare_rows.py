"""The rows of one record, and the least that a client can do to have them durable."""

from typing import Final

import psycopg
from psycopg import sql

from app.domain.identifiers import PracticeId
from app.roster.service import register_practice
from app.storage.tables import metadata
from app.storage.unit_of_work import UnitOfWork
from bench.database import BenchDatabase

_OTHER_PRACTICE: Final = PracticeId("54321")
_OF_CASE: Final = sql.SQL(
    "case_id IN (SELECT case_id FROM cases WHERE submission_id = %(submission)s)"
)
_OF_SUBMISSION: Final = {
    "submissions": sql.SQL("id = %(submission)s"),
    "submission_records": sql.SQL("submission_id = %(submission)s"),
    "cases": sql.SQL("submission_id = %(submission)s"),
    "case_staff": _OF_CASE,
    "measure_outcomes": _OF_CASE,
    "asc_outcomes": _OF_CASE,
    "case_payloads": _OF_CASE,
}

Row = tuple[str | None, ...]
Insert = tuple[bytes, list[str | None]]


def register_other_practice(database: BenchDatabase) -> None:
    """The rows that are inserted bare are its, so that they do not meet those that are posted."""
    register_practice(
        _OTHER_PRACTICE, name="Bare", tins=[], open_work=lambda: UnitOfWork(database.engine)
    )


def rows_of(connection: psycopg.Connection, submission: str) -> list[Insert]:
    """Return an INSERT for each table that has rows of `submission`, the totals left out."""
    inserts = []
    for table, which in _OF_SUBMISSION.items():
        columns = [column.name for column in metadata.tables[table].columns][1:]
        rows = _select(connection, table, columns, which, submission)
        if rows:
            inserts.append(_insert_of(connection, table, columns, rows))
    return inserts


def insert_rows(connection: psycopg.Connection, inserts: list[Insert]) -> None:
    """One transaction, sent without waiting for the answers in between."""
    with connection.pipeline(), connection.transaction():
        for statement, values in inserts:
            connection.execute(statement, values)


def _select(
    connection: psycopg.Connection, table: str, columns: list[str], which: sql.SQL, submission: str
) -> list[Row]:
    """Values are text as the server wrote it; it reads it back by the type of the column."""
    as_text = sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(c)) for c in columns)
    select = sql.SQL("SELECT {} FROM {} WHERE {}").format(as_text, sql.Identifier(table), which)
    return connection.execute(select, {"submission": submission}).fetchall()


def _insert_of(
    connection: psycopg.Connection, table: str, columns: list[str], rows: list[Row]
) -> Insert:
    row = sql.SQL("({})").format(sql.SQL(", ").join([sql.Placeholder()] * (len(columns) + 1)))
    insert = sql.SQL("INSERT INTO {} ({}) VALUES {}").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, ["practice_id", *columns])),
        sql.SQL(", ").join([row] * len(rows)),
    )
    values = [value for found in rows for value in (_OTHER_PRACTICE, *found)]
    return insert.as_bytes(connection), values
