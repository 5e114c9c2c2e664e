"""Everything that is derived from the records as received, held against what was recomputed.

What was recomputed is loaded into tables of the transaction's own by the COPY text that the intake
writes, so that PostgreSQL compares values of one type, and no second mapping of a case exists.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, LiteralString
from uuid import UUID

from psycopg import Connection, sql

from app.domain.identifiers import PracticeId
from app.storage.cases.case_rows import (
    ASC_OUTCOME_COLUMNS,
    CASE_COLUMNS,
    OUTCOME_COLUMNS,
    STAFF_COLUMNS,
)
from app.storage.copying import copy_rows, copy_text
from app.storage.figures.totals import (
    TOTALS_TABLES,
    add_to_totals,
    differing_totals,
    recount_totals,
    take_from_totals,
)
from app.storage.recomputing.recomputed import Page, RecomputedCase, RecomputedPage, StoredRecord
from app.storage.sealing.records import RecordSeals

RECORDS: Final = "case_payloads"
_BEFORE_ALL: Final = UUID(int=0)
_LAST: Final = UUID(int=2**128 - 1)


_IN_CLEAR: Final = """
    SELECT (SELECT count(*) FROM case_payloads
            WHERE practice_id = %(practice)s AND data_key IS NULL)
         + (SELECT count(*) FROM case_versions
            WHERE practice_id = %(practice)s AND data_key IS NULL)"""
Differing = Mapping[str, Sequence[UUID]]
"""By table: the case of each row that differs, is missing or should not be there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _DerivedTable:
    """`key` has the columns of the primary key behind the practice."""

    name: LiteralString
    key: tuple[str, ...]
    values: tuple[str, ...]

    @property
    def recomputed(self) -> str:
        return f"recomputed_{self.name}"

    @property
    def columns(self) -> tuple[str, ...]:
        return self.key + self.values


_CASES: Final = _DerivedTable(
    name="cases", key=("case_id",), values=("anesthesia_record_id", "status", *CASE_COLUMNS)
)
_STAFF: Final = _DerivedTable(
    name="case_staff", key=("case_id", STAFF_COLUMNS[0]), values=STAFF_COLUMNS[1:]
)
_OUTCOMES: Final = _DerivedTable(
    name="measure_outcomes", key=("case_id", *OUTCOME_COLUMNS[:2]), values=OUTCOME_COLUMNS[2:]
)
_ASC_OUTCOMES: Final = _DerivedTable(
    name="asc_outcomes",
    key=("case_id", *ASC_OUTCOME_COLUMNS[:1]),
    values=ASC_OUTCOME_COLUMNS[1:],
)
_TABLES: Final = (_CASES, _STAFF, _OUTCOMES, _ASC_OUTCOMES)
DERIVED_TABLES: Final = (RECORDS, *(table.name for table in _TABLES))
OUTCOME_TABLES: Final = (_OUTCOMES.name, _ASC_OUTCOMES.name)


class DerivedRows:
    """Of one practice, within one transaction; never commits."""

    def __init__(self, connection: Connection, practice: PracticeId, seals: RecordSeals) -> None:
        self._connection = connection
        self._practice = practice
        self._seals = seals
        self._has_tables = False

    def count_cases(self) -> int:
        row = self._connection.execute(
            "SELECT count(*) FROM cases WHERE practice_id = %s", (self._practice,)
        ).fetchone()
        assert row is not None, "a count is one row"
        return int(row[0])

    def count_in_clear(self) -> int:
        """Records that no key has sealed, those of versions too."""
        row = self._connection.execute(_IN_CLEAR, {"practice": self._practice}).fetchone()
        assert row is not None, "a count is one row"
        return int(row[0])

    def pages(self, size: int) -> Iterator[Page]:
        """Yield every case in the order of its id; a practice without cases has one page, too."""
        after = _BEFORE_ALL
        while after < _LAST:
            page = self._page(after, size)
            yield page
            after = page.until

    def page_of_year(self, performance_year: int, *, after: UUID | None, size: int) -> Page:
        """The next cases of a year in the order of their ids; `after` None: the first."""
        after = after or _BEFORE_ALL
        records = self._records(
            """SELECT case_id, status = 'deleted', data_key, data
               FROM cases LEFT JOIN case_payloads USING (practice_id, case_id)
               WHERE practice_id = %s AND performance_year = %s AND case_id > %s
               ORDER BY case_id LIMIT %s""",
            (self._practice, performance_year, after, size),
        )
        until = records[-1].case_id if records else after
        return Page(after=after, until=until, records=records, only_these=True)

    def differences(self, recomputed: RecomputedPage) -> Differing:
        """Compare a page with what is kept; a case that cannot be read stands under RECORDS only.

        What was recomputed stays at hand for `replace` until the next page.
        """
        self._load(recomputed.cases)
        found: dict[str, list[UUID]] = {
            table.name: self._differing(table, recomputed) for table in _TABLES
        }
        strays = [] if recomputed.page.only_these else self._records_without_case(recomputed.page)
        found[RECORDS] = [*recomputed.unreadable, *strays]
        return found

    def replace(self, differing: Differing) -> None:
        """Give the cases that `differences` found last their recomputed rows.

        No record is touched: one that is lost cannot be recomputed, and one without a case may
        be all that is left of it.
        """
        self._replace_columns(differing[_CASES.name])
        for table in (_STAFF, _OUTCOMES, _ASC_OUTCOMES):
            self._replace_rows(table, differing[table.name])

    def replace_in_step(self, differing: Differing) -> None:
        """Do as `replace`, and give the totals what changed by it."""
        cases = sorted({case for table in _TABLES for case in differing[table.name]})
        take_from_totals(self._connection, self._practice, cases)
        self.replace(differing)
        add_to_totals(self._connection, self._practice, cases)

    def differing_totals(self) -> dict[str, int]:
        """Rows of each table of totals that differ from a recount of what is kept by now."""
        return differing_totals(self._connection, self._practice)

    def recount_totals(self) -> None:
        recount_totals(self._connection, self._practice)

    def _page(self, after: UUID, size: int) -> Page:
        records = self._records(
            """SELECT case_id, status = 'deleted', data_key, data
               FROM cases LEFT JOIN case_payloads USING (practice_id, case_id)
               WHERE practice_id = %s AND case_id > %s
               ORDER BY case_id LIMIT %s""",
            (self._practice, after, size),
        )
        until = records[-1].case_id if len(records) == size else _LAST
        return Page(after=after, until=until, records=records)

    def _records(
        self, query: LiteralString, asked: tuple[str | int | UUID, ...]
    ) -> tuple[StoredRecord, ...]:
        return tuple(
            StoredRecord(
                case_id=case_id,
                is_deleted=is_deleted,
                payload=self._seals.open_if_whole(case_id, data_key, stored),
            )
            for case_id, is_deleted, data_key, stored in self._connection.execute(
                query, asked
            ).fetchall()
        )

    def _load(self, cases: Sequence[RecomputedCase]) -> None:
        self._empty_tables()
        self._copy(_CASES, (_case_line(case) for case in cases))
        for table, lines_of in _LINES:
            self._copy(
                table, (f"{case.case_id}\t{line}" for case in cases for line in lines_of(case))
            )

    def _empty_tables(self) -> None:
        if self._has_tables:
            names = sql.SQL(", ").join(sql.Identifier(table.recomputed) for table in _TABLES)
            self._connection.execute(sql.SQL("TRUNCATE {}").format(names))
            return
        for table in _TABLES:
            self._connection.execute(
                sql.SQL(
                    "CREATE TEMPORARY TABLE {} ON COMMIT DROP AS SELECT {} FROM {} WITH NO DATA"
                ).format(
                    sql.Identifier(table.recomputed),
                    _listed(table.columns),
                    sql.Identifier(table.name),
                )
            )
        self._has_tables = True

    def _copy(self, table: _DerivedTable, lines: Iterator[str]) -> None:
        copy_rows(self._connection, table.recomputed, table.columns, lines)

    def _differing(self, table: _DerivedTable, recomputed: RecomputedPage) -> list[UUID]:
        statement = sql.SQL(
            """SELECT case_id FROM (
                   SELECT {columns} FROM {table}
                   WHERE practice_id = %(practice)s
                     AND case_id > %(after)s AND case_id <= %(until)s
                     AND case_id <> ALL(%(unreadable)s)
                     AND (%(only)s::uuid[] IS NULL OR case_id = ANY(%(only)s::uuid[]))
               ) kept FULL JOIN {recomputed} made USING ({key})
               WHERE ({kept}) IS DISTINCT FROM ({made})
               ORDER BY case_id"""
        ).format(
            columns=_listed(table.columns),
            table=sql.Identifier(table.name),
            recomputed=sql.Identifier(table.recomputed),
            key=_listed(table.key),
            kept=_listed(table.values, of="kept"),
            made=_listed(table.values, of="made"),
        )
        rows = self._connection.execute(
            statement,
            {
                "practice": self._practice,
                "after": recomputed.page.after,
                "until": recomputed.page.until,
                "unreadable": list(recomputed.unreadable),
                "only": recomputed.page.case_ids if recomputed.page.only_these else None,
            },
        )
        return [row[0] for row in rows]

    def _records_without_case(self, page: Page) -> list[UUID]:
        rows = self._connection.execute(
            """SELECT case_id FROM case_payloads p
               WHERE practice_id = %(practice)s AND case_id > %(after)s AND case_id <= %(until)s
                 AND NOT EXISTS (SELECT FROM cases c WHERE c.practice_id = p.practice_id
                                                       AND c.case_id = p.case_id)
               ORDER BY case_id""",
            {"practice": self._practice, "after": page.after, "until": page.until},
        )
        return [row[0] for row in rows]

    def _replace_columns(self, cases: Sequence[UUID]) -> None:
        if not cases:
            return
        statement = sql.SQL(
            """UPDATE cases kept SET ({columns}) = ROW({made}) FROM {recomputed} made
               WHERE kept.practice_id = %s AND kept.case_id = made.case_id
                 AND made.case_id = ANY(%s)"""
        ).format(
            columns=_listed(_CASES.values),
            made=_listed(_CASES.values, of="made"),
            recomputed=sql.Identifier(_CASES.recomputed),
        )
        self._connection.execute(statement, (self._practice, list(cases)))

    def _replace_rows(self, table: _DerivedTable, cases: Sequence[UUID]) -> None:
        if not cases:
            return
        names = {
            "table": sql.Identifier(table.name),
            "columns": _listed(table.columns),
            "recomputed": sql.Identifier(table.recomputed),
        }
        which = {"practice": self._practice, "cases": list(cases)}
        delete = "DELETE FROM {table} WHERE practice_id = %(practice)s AND case_id = ANY(%(cases)s)"
        self._connection.execute(sql.SQL(delete).format(**names), which)
        insert = """INSERT INTO {table} (practice_id, {columns})
                    SELECT %(practice)s, {columns} FROM {recomputed}
                    WHERE case_id = ANY(%(cases)s)"""
        self._connection.execute(sql.SQL(insert).format(**names), which)


def practices_with_rows(connection: Connection) -> list[PracticeId]:
    """Every registered practice, and any other that a row is kept for, in the order of its id."""
    found = {row[0] for row in connection.execute("SELECT id FROM practices")}
    for table in (*DERIVED_TABLES, *TOTALS_TABLES):
        found.update(row[0] for row in connection.execute(_practices_in(table)))
    return sorted(PracticeId(practice) for practice in found)


def _practices_in(table: str) -> sql.Composed:
    """From one practice to the next by the index: DISTINCT would read every row."""
    return sql.SQL(
        """WITH RECURSIVE seen (practice_id) AS (
               (SELECT min(practice_id) FROM {table})
               UNION ALL
               SELECT (SELECT min(t.practice_id) FROM {table} t
                       WHERE t.practice_id > seen.practice_id)
               FROM seen WHERE seen.practice_id IS NOT NULL
           )
           SELECT practice_id FROM seen WHERE practice_id IS NOT NULL"""
    ).format(table=sql.Identifier(table))


def _case_line(case: RecomputedCase) -> str:
    record_id = copy_text(case.anesthesia_record_id)
    return f"{case.case_id}\t{record_id}\t{case.status}\t{case.rows.case}"


def _staff_of(case: RecomputedCase) -> tuple[str, ...]:
    return case.rows.staff


def _outcomes_of(case: RecomputedCase) -> tuple[str, ...]:
    return case.rows.outcomes


def _asc_outcomes_of(case: RecomputedCase) -> tuple[str, ...]:
    return case.rows.asc_outcomes


_LINES: Final = (
    (_STAFF, _staff_of),
    (_OUTCOMES, _outcomes_of),
    (_ASC_OUTCOMES, _asc_outcomes_of),
)


def _listed(columns: Sequence[str], *, of: str | None = None) -> sql.Composed:
    prefix = () if of is None else (of,)
    return sql.SQL(", ").join(sql.Identifier(*prefix, column) for column in columns)
