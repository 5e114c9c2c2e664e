"""Totals kept in step with the cases, in the same transaction, by set-based statements.

What a case adds to each total is said once, in the selects below: they serve the change by a set
of cases (with sign +1 or -1) and the recount that proves the totals right.

A case counts once for its practice, once for each TIN, once for each NPI and once for each
(TIN, NPI) among its staff; "" stands for "all". It counts once for each group of the roster that
one of them is in. Held, deleted and sandbox cases do not count.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from psycopg import Connection, Cursor
from psycopg.rows import TupleRow

from app.domain.identifiers import PracticeId
from app.storage.figures.told_fields import IS_TOLD
from app.storage.tables.months import MONTHS

# `which` is said of each table by itself: through a join the planner would not see that it holds.
# `levels` has a row for each TIN, each NPI and each (TIN, NPI) of a case, and one for all of it.
_COUNTED: Final = """
    counted AS MATERIALIZED (
        SELECT practice_id, case_id, performance_year, facility_id,
               extract(month FROM date_of_service) AS month
        FROM cases WHERE status = 'active' AND NOT sandbox AND {which}
    ), staffed AS MATERIALIZED (
        SELECT DISTINCT practice_id, case_id, tin, npi
        FROM counted JOIN (SELECT * FROM case_staff WHERE {which}) s USING (practice_id, case_id)
    ), levels AS (
        SELECT practice_id, case_id, tin, npi FROM staffed
        UNION ALL SELECT DISTINCT practice_id, case_id, tin, '' FROM staffed
        UNION ALL SELECT DISTINCT practice_id, case_id, '', npi FROM staffed
        UNION ALL SELECT practice_id, case_id, '', '' FROM counted
    )
"""
_OF_BATCH: Final = "practice_id = %(practice)s AND case_id = ANY(%(cases)s::uuid[])"
_OF_PRACTICE: Final = "practice_id = %(practice)s"
_OF_YEAR: Final = f"""
    {_OF_PRACTICE} AND case_id IN (
        SELECT case_id FROM cases
        WHERE practice_id = %(practice)s AND performance_year = %(year)s)
"""  # noqa: S608 - names of ours
# Asked once for the whole statement: a practice without groups pays for no more than the question.
_HAS_GROUPS: Final = """
    EXISTS (SELECT FROM subgroups WHERE practice_id = %(practice)s
            UNION ALL SELECT FROM virtual_groups WHERE practice_id = %(practice)s)
"""
_LARGE_BATCH: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """A table of totals.

    `parts` selects its columns by name, from `counted`, from `levels` and from tables of which it
    takes what `which` says. `only_if`: a condition without which there is nothing to count.
    """

    table: str
    key: tuple[str, ...]
    values: tuple[str, ...]
    parts: str
    only_if: str = "true"

    @property
    def change(self) -> str:
        """Ordered by key, so that two transactions take the row locks in the same order."""
        return f"""
            WITH {self._counted(_OF_BATCH)}
            INSERT INTO {self.table} AS total ({_listed(self.key + self.values)})
            SELECT {_listed(self.key)}, {_listed(f"{value} * %(sign)s" for value in self.values)}
            FROM ({self._parts(_OF_BATCH)}) part
            ORDER BY {_listed(self.key)}
            ON CONFLICT ({_listed(self.key)}) DO UPDATE
            SET {_listed(f"{value} = total.{value} + excluded.{value}" for value in self.values)}
        """  # noqa: S608 - names of ours

    @property
    def change_and_find_empty(self) -> str:
        """Returns the keys of the rows that are zero now."""
        is_empty = " AND ".join(f"{value} = 0" for value in self.values)
        return f"""
            WITH changed AS ({self.change} RETURNING total.*)
            SELECT {_listed(self.key)} FROM changed WHERE {is_empty}
        """  # noqa: S608 - names of ours

    @property
    def drop_empty(self) -> str:
        """One total, by its key."""
        same = " AND ".join(f"{column} = %s" for column in self.key)
        return f"DELETE FROM {self.table} WHERE {same}"  # noqa: S608 - names of ours

    @property
    def count_differing(self) -> str:
        """Rows that differ from a recount, are missing, or should not be there."""
        return f"""
            WITH {self._counted(_OF_PRACTICE)}, recount AS ({self._parts(_OF_PRACTICE)}),
                 kept AS (SELECT * FROM {self.table} WHERE practice_id = %(practice)s)
            SELECT count(*) FROM kept FULL JOIN recount USING ({_listed(self.key)})
            WHERE ({_listed(f"kept.{value}" for value in self.values)})
                  IS DISTINCT FROM ({_listed(f"recount.{value}" for value in self.values)})
        """  # noqa: S608 - names of ours

    @property
    def drop_all(self) -> str:
        return f"DELETE FROM {self.table} WHERE practice_id = %(practice)s"  # noqa: S608

    @property
    def recount(self) -> str:
        return f"""
            WITH {self._counted(_OF_PRACTICE)}
            INSERT INTO {self.table} ({_listed(self.key + self.values)})
            {self._parts(_OF_PRACTICE)}
        """

    def recount_of(self, which: str, condition: str) -> str:
        """Of what is counted of the cases of `which`, only what `condition` says of the key."""
        return f"""
            WITH {self._counted(which)}
            INSERT INTO {self.table} ({_listed(self.key + self.values)})
            SELECT * FROM ({self._parts(which)}) part WHERE {condition}
        """  # noqa: S608 - names of ours

    def _counted(self, which: str) -> str:
        return _COUNTED.format(which=f"{which} AND {self.only_if}")

    def _parts(self, which: str) -> str:
        return self.parts.format(which=f"{which} AND {self.only_if}")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)


_IN_MONTHS: Final = _listed(
    f"(count(*) FILTER (WHERE month = {number}))::integer AS {name}"
    for number, name in enumerate(MONTHS, 1)
)
_CASE_COUNTS: Final = Totals(
    table="case_counts",
    key=("practice_id", "performance_year", "tin", "npi", "facility_id"),
    values=MONTHS,
    parts=f"""
        SELECT practice_id, performance_year, tin, npi, facility_id, {_IN_MONTHS}
        FROM counted JOIN levels USING (practice_id, case_id)
        GROUP BY 1, 2, 3, 4, 5
    """,  # noqa: S608 - names of ours
)
_POPULATIONS: Final = (
    "performance_met",
    "performance_not_met",
    "denominator_exception",
    "denominator_exclusion",
    "unreported",
)
_IN_POPULATIONS: Final = _listed(
    f"(count(*) FILTER (WHERE population = '{name}'))::integer AS {name}" for name in _POPULATIONS
)
_MEASURE_COUNTS: Final = Totals(
    table="measure_counts",
    key=("practice_id", "performance_year", "measure_id", "stratum", "tin", "npi"),
    values=_POPULATIONS,
    parts=f"""
        SELECT m.practice_id, m.performance_year, m.measure_id, m.stratum, tin, npi,
               {_IN_POPULATIONS}
        FROM levels
        JOIN (SELECT * FROM measure_outcomes WHERE {{which}}) m USING (practice_id, case_id)
        WHERE tin <> ''
        GROUP BY 1, 2, 3, 4, 5, 6
    """,  # noqa: S608 - names of ours
)
# Of a subgroup one member of the staff must have both its TIN and one of its NPIs.
_GROUP_COUNTS: Final = Totals(
    table="group_counts",
    key=("practice_id", "group_id", "measure_id", "stratum"),
    values=_POPULATIONS,
    parts=f"""
        SELECT m.practice_id, group_id, m.measure_id, m.stratum, {_IN_POPULATIONS}
        FROM (
            SELECT DISTINCT practice_id, case_id, g.id AS group_id
            FROM counted c JOIN staffed s USING (practice_id, case_id)
            JOIN subgroups g USING (practice_id, performance_year, tin)
            WHERE g.practice_id = %(practice)s AND s.npi = ANY(g.npis)
            UNION ALL
            SELECT DISTINCT practice_id, case_id, g.id
            FROM counted c JOIN staffed s USING (practice_id, case_id)
            JOIN virtual_groups g USING (practice_id, performance_year)
            WHERE g.practice_id = %(practice)s AND s.tin = ANY(g.tins)
        ) grouped
        JOIN (SELECT * FROM measure_outcomes WHERE {{which}}) m USING (practice_id, case_id)
        GROUP BY 1, 2, 3, 4
    """,  # noqa: S608 - names of ours
    only_if=_HAS_GROUPS,
)
_ASC_COUNTS: Final = Totals(
    table="asc_counts",
    key=("practice_id", "performance_year", "facility_id", "measure_id", "landing", "reason"),
    values=MONTHS,
    parts=f"""
        SELECT a.practice_id, a.performance_year, facility_id, a.measure_id, a.landing, a.reason,
               {_IN_MONTHS}
        FROM counted
        JOIN (SELECT * FROM asc_outcomes WHERE {{which}}) a USING (practice_id, case_id)
        GROUP BY 1, 2, 3, 4, 5, 6
    """,  # noqa: S608 - names of ours
)
_TOLD: Final = _listed(
    f"(count(*) FILTER (WHERE {condition}))::integer AS {field.value}"
    for field, condition in IS_TOLD.items()
)
_FIELD_COUNTS: Final = Totals(
    table="field_counts",
    key=("practice_id", "performance_year", "month"),
    values=("cases", *(field.value for field in IS_TOLD)),
    parts=f"""
        SELECT practice_id, performance_year,
               extract(month FROM date_of_service)::smallint AS month,
               count(*)::integer AS cases, {_TOLD}
        FROM cases WHERE status = 'active' AND NOT sandbox AND {{which}}
        GROUP BY 1, 2, 3
    """,  # noqa: S608 - names and conditions of ours
)
_PURGED_COUNTS: Final = replace(_CASE_COUNTS, table="purged_case_counts")
TOTALS: Final = (_CASE_COUNTS, _MEASURE_COUNTS, _GROUP_COUNTS, _ASC_COUNTS, _FIELD_COUNTS)
TOTALS_TABLES: Final = tuple(totals.table for totals in TOTALS)


def add_to_totals(connection: Connection, practice: PracticeId, cases: list[UUID]) -> None:
    """Count `cases` as they stand now."""
    _change(connection, [each.change for each in TOTALS], practice, cases, sign=1)


def add_to_purged_counts(connection: Connection, practice: PracticeId, cases: list[UUID]) -> None:
    """Keep how `cases` counted; call it before they stop to."""
    _change(connection, [_PURGED_COUNTS.change], practice, cases, sign=1)


def take_from_totals(connection: Connection, practice: PracticeId, cases: list[UUID]) -> None:
    """Stop counting `cases`; call it before they change."""
    changes = [each.change_and_find_empty for each in TOTALS]
    found = _change(connection, changes, practice, cases, sign=-1)
    for totals, empty in zip(TOTALS, found, strict=False):
        connection.cursor().executemany(totals.drop_empty, empty.fetchall())


def _change(
    connection: Connection,
    changes: Iterable[str],
    practice: PracticeId,
    cases: list[UUID],
    *,
    sign: int,
) -> list[Cursor[TupleRow]]:
    if not cases:
        return []
    # As text, and once: for each statement psycopg would make it of the list in 480 bytes an id.
    listed = f"{{{','.join(map(str, cases))}}}"
    parameters = {"practice": practice, "cases": listed, "sign": sign}
    # A plan that was made for a few cases would be kept for many.
    prepare = False if len(cases) > _LARGE_BATCH else None
    with connection.pipeline(), joining_by_hash(connection):
        return [connection.execute(change, parameters, prepare=prepare) for change in changes]


@contextmanager
def joining_by_hash(connection: Connection) -> Iterator[None]:
    """Join what was taken from the tables in time that grows as its rows do.

    For a practice that is new, or whose cases came in this transaction, the planner has no figures:
    it takes thousands of rows for one and joins them row by row, a minute for 5,000 cases.
    """
    connection.execute("SET LOCAL enable_nestloop = off")
    yield
    connection.execute("SET LOCAL enable_nestloop TO DEFAULT")


def differing_totals(connection: Connection, practice: PracticeId) -> dict[str, int]:
    """Return by table how many rows of `practice` differ from a recount of all its cases."""
    found = {}
    with joining_by_hash(connection):
        for totals in TOTALS:
            row = _planned_anew(connection, totals.count_differing, practice=practice).fetchone()
            assert row is not None, "a count is one row"
            found[totals.table] = int(row[0])
    return found


def recount_totals(connection: Connection, practice: PracticeId) -> None:
    """Count all the cases of `practice` anew."""
    with joining_by_hash(connection):
        for totals in TOTALS:
            for statement in (totals.drop_all, totals.recount):
                _planned_anew(connection, statement, practice=practice)


def recount_group(
    connection: Connection, practice: PracticeId, group_id: UUID, performance_year: int
) -> None:
    """Count the cases of a subgroup or virtual group anew, as it stands in the roster now."""
    of_group = {"practice": practice, "group": group_id}
    is_of_group = "practice_id = %(practice)s AND group_id = %(group)s"
    drop = f"DELETE FROM {_GROUP_COUNTS.table} WHERE {is_of_group}"  # noqa: S608 - names of ours
    recount = _GROUP_COUNTS.recount_of(_OF_YEAR, is_of_group)
    with joining_by_hash(connection):
        _planned_anew(connection, drop, **of_group)
        _planned_anew(connection, recount, **of_group, year=performance_year)


def _planned_anew(connection: Connection, statement: str, **values: object) -> Cursor[TupleRow]:
    """A plan that was made for a practice of average size would be kept for all of them."""
    return connection.execute(statement, values, prepare=False)
