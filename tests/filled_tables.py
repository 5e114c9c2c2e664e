"""A row in every table for each practice and each side of the sandbox, made from the columns."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import count
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import Column, Connection, Table, insert, types
from sqlalchemy.dialects.postgresql import ARRAY

from app.storage.tables.metadata import metadata
from tests.registry import OTHER_PRACTICE, PRACTICE

PRACTICES: Final = (PRACTICE, OTHER_PRACTICE)


@dataclass(frozen=True)
class FilledTables:
    """`owners`: what other rows of each practice refer to, by their table."""

    connection: Connection
    owners: Mapping[tuple[str, str], UUID] = field(
        default_factory=lambda: {
            (table, practice): uuid4()
            for table in ("api_keys", "webhooks", "organizations", "users")
            for practice in PRACTICES
        }
    )
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def fill(self) -> None:
        for table in metadata.sorted_tables:
            for practice in PRACTICES:
                for sandbox in sides(table):
                    self.connection.execute(
                        insert(table).values(self.row(table, practice, sandbox=sandbox))
                    )

    def row(
        self, table: Table, practice: str, *, sandbox: bool, is_new: bool = False
    ) -> dict[str, Any]:
        """`is_new`: beside the row that the table has of the practice already."""
        row = {each.name: self._value(each, practice) for each in table.columns if _is_told(each)}
        if "sandbox" in row:
            row["sandbox"] = sandbox
        if is_new and (table.name, practice) in self.owners:
            row["id"] = uuid4()
        return row

    def _value(self, column: Column[Any], practice: str) -> Any:
        number = next(self.numbers)
        if column.name == "practice_id" or str(column) == "practices.id":
            return practice
        owner = self._owner(column, practice)
        return owner if owner is not None else _value_of(column.type, number)

    def _owner(self, column: Column[Any], practice: str) -> UUID | None:
        if column.name == "id":
            return self.owners.get((column.table.name, practice))
        named = {f"{name[:-1]}_id": name for name, _ in self.owners}.get(column.name)
        return self.owners.get((named, practice)) if named is not None else None


def sides(table: Table) -> tuple[bool, ...]:
    return (False, True) if "sandbox" in table.columns and table.name != "api_keys" else (False,)


def _is_told(column: Column[Any]) -> bool:
    return not column.nullable or column.name in {"practice_id", "sandbox", "ended_at"}


def _value_of(kind: types.TypeEngine[Any], number: int) -> Any:
    made: dict[type[Any], Any] = {
        types.Uuid: uuid4(),
        types.Boolean: False,
        ARRAY: [],
        types.LargeBinary: number.to_bytes(4, "big"),
        types.DateTime: datetime(2024, 3, 1, tzinfo=UTC),
        types.Date: date(2024, 3, 1),
        types.JSON: {},
        types.Integer: number,
        types.Numeric: number,
        types.Float: number,
        types.String: str(number),
    }
    return next(value for each, value in made.items() if isinstance(kind, each))
