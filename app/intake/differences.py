"""How what is kept differs from what follows from the records as received."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Final
from uuid import UUID

from app.storage.figures.totals import TOTALS_TABLES
from app.storage.recomputing.derived_rows import DERIVED_TABLES, RECORDS

TABLES: Final = (*DERIVED_TABLES, *TOTALS_TABLES)
"""In the order in which each follows from those before."""
MOST_NAMED: Final = 5


@dataclass(slots=True, kw_only=True)
class Differences:
    """`rows` that differ, are missing or should not be there, by table.

    `cases` are the first few that they belong to; a row of totals belongs to none.
    """

    rows: Counter[str] = field(default_factory=Counter)
    cases: dict[str, tuple[UUID, ...]] = field(default_factory=dict)

    @property
    def agree(self) -> bool:
        return self.rows.total() == 0

    @property
    def lost_records(self) -> int:
        """Records that are gone, cannot be read, or belong to no case: no rebuild mends them."""
        return self.rows[RECORDS]

    def add_cases(self, cases_by_table: Mapping[str, Iterable[UUID]]) -> None:
        """Add a row for each time that a case is named."""
        for table, cases in cases_by_table.items():
            found = list(cases)
            self.rows[table] += len(found)
            self._name(table, found)

    def add_rows(self, rows_by_table: Mapping[str, int]) -> None:
        self.rows.update(rows_by_table)

    def add(self, other: "Differences") -> None:
        self.rows.update(other.rows)
        for table, cases in other.cases.items():
            self._name(table, cases)

    def _name(self, table: str, cases: Iterable[UUID]) -> None:
        distinct = dict.fromkeys((*self.cases.get(table, ()), *cases))
        self.cases[table] = tuple(islice(distinct, MOST_NAMED))
