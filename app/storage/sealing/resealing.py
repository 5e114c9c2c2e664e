"""Seals records and documents of a practice anew with its newest data key, a batch at a time."""

from dataclasses import dataclass, replace
from typing import Final, LiteralString
from uuid import UUID

from psycopg import Connection, sql

from app.domain.identifiers import PracticeId
from app.storage.sealing.records import RecordSeals

_BATCH: Final = 500

_BEFORE_ALL: Final = UUID(int=0)

Row = tuple[UUID, int, int | None, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class _SealedTable:
    """`key` names what a row is sealed for; where it has no `version` that is a constant."""

    name: LiteralString
    key: LiteralString
    column: LiteralString
    version: LiteralString
    is_same_version: LiteralString

    def filled(self, statement: LiteralString) -> sql.Composed:
        return sql.SQL(statement).format(
            table=sql.Identifier(self.name),
            key=sql.Identifier(self.key),
            column=sql.Identifier(self.column),
            version=sql.SQL(self.version),
            is_same_version=sql.SQL(self.is_same_version),
        )


_TABLES: Final = (
    _SealedTable(
        name="case_payloads", key="case_id", column="data", version="1", is_same_version="true"
    ),
    _SealedTable(
        name="cms_documents", key="id", column="content", version="1", is_same_version="true"
    ),
    _SealedTable(
        name="case_versions",
        key="case_id",
        column="payload",
        version="version",
        is_same_version="kept.version = made.version",
    ),
)
_COUNT: Final = """
    SELECT count(*) FROM {table}
    WHERE practice_id = %(practice)s AND data_key IS DISTINCT FROM %(newest)s"""
_FIND: Final = """
    SELECT {key}, {version}, data_key, {column} FROM {table}
    WHERE practice_id = %(practice)s AND data_key IS DISTINCT FROM %(newest)s
      AND ({key}, {version}) > (%(row)s, %(version)s)
    ORDER BY {key}, {version} LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED"""
_REPLACE: Final = """
    UPDATE {table} kept SET {column} = made.sealed, data_key = made.data_key
    FROM unnest(
             %(rows)s::uuid[], %(versions)s::integer[], %(keys)s::integer[], %(sealed)s::bytea[]
         ) made (id, version, data_key, sealed)
    WHERE kept.practice_id = %(practice)s AND kept.{key} = made.id AND {is_same_version}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resealed:
    """Rows; those that are damaged do not open, and were left as they are."""

    sealed: int = 0
    damaged: int = 0

    def __add__(self, other: "Resealed") -> "Resealed":
        return Resealed(sealed=self.sealed + other.sealed, damaged=self.damaged + other.damaged)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Behind this row of a table."""

    table: int = 0
    row_id: UUID = _BEFORE_ALL
    version: int = 0


BEGINNING: Final = Place()


class Resealing:
    """Of a practice whose newest data key has the number `newest`; never commits.

    Rows that somebody else holds at the moment are passed over.
    """

    def __init__(
        self, connection: Connection, practice: PracticeId, seals: RecordSeals, *, newest: int
    ) -> None:
        self._connection = connection
        self._seals = seals
        self._asked = {"practice": practice, "newest": newest, "limit": _BATCH}

    def count(self) -> int:
        """The rows that another data key sealed, or none."""
        counted = (self._connection.execute(table.filled(_COUNT), self._asked) for table in _TABLES)
        return sum(row[0] for rows in counted for row in rows)

    def seal_some(self, place: Place = BEGINNING) -> tuple[Resealed, Place | None]:
        """Seal a batch anew; return where the next one begins, None behind the last."""
        table = _TABLES[place.table]
        rows = self._find(table, place)
        if rows:
            row_id, version = rows[-1][:2]
            return self._replace(table, rows), replace(place, row_id=row_id, version=version)
        is_last = place.table + 1 == len(_TABLES)
        return Resealed(), None if is_last else Place(table=place.table + 1)

    def seal_all(self) -> Resealed:
        done, place = self.seal_some()
        while place is not None:
            more, place = self.seal_some(place)
            done += more
        return done

    def _find(self, table: _SealedTable, place: Place) -> list[Row]:
        asked = {**self._asked, "row": place.row_id, "version": place.version}
        return self._connection.execute(table.filled(_FIND), asked).fetchall()

    def _replace(self, table: _SealedTable, rows: list[Row]) -> Resealed:
        opened = [
            (row_id, version, self._seals.open_if_whole(row_id, data_key, stored))
            for row_id, version, data_key, stored in rows
        ]
        whole = [
            (row_id, version, *self._seals.seal(row_id, payload))
            for row_id, version, payload in opened
            if payload is not None
        ]
        if whole:
            names = ("rows", "versions", "keys", "sealed")
            made = dict(zip(names, map(list, zip(*whole, strict=True)), strict=True))
            self._connection.execute(table.filled(_REPLACE), {**self._asked, **made})
        return Resealed(sealed=len(whole), damaged=len(rows) - len(whole))
