"""Totals kept in step with the cases, in the same transaction, by set-based statements.

What a case adds to each total is said once, in the selects below: they serve the change by a set
of cases (with sign +1 or -1) and the recount that proves the totals right.

A case counts once for its practice, once for each TIN, once for each NPI and once for each
(TIN, NPI) among its staff; "" stands for "all". Held, deleted and sandbox cases do not count.
"""

from dataclasses import dataclass
from uuid import UUID

from psycopg import Connection

from app.domain.identifiers import PracticeId

# `levels` has a row for each TIN, each NPI and each (TIN, NPI) of a case, and one for all of it.
_COUNTED = """
    counted AS MATERIALIZED (
        SELECT practice_id, case_id, performance_year, facility_id,
               date_trunc('month', date_of_service)::date AS month
        FROM cases c WHERE status = 'active' AND NOT sandbox AND {which}
    ), staffed AS MATERIALIZED (
        SELECT DISTINCT practice_id, case_id, s.tin, s.npi
        FROM counted JOIN case_staff s USING (practice_id, case_id)
    ), levels AS (
        SELECT practice_id, case_id, tin, npi FROM staffed
        UNION ALL SELECT DISTINCT practice_id, case_id, tin, '' FROM staffed
        UNION ALL SELECT DISTINCT practice_id, case_id, '', npi FROM staffed
        UNION ALL SELECT practice_id, case_id, '', '' FROM counted
    )
"""

_CASE_PARTS = """
    SELECT practice_id, performance_year, tin, npi, month, facility_id, count(*)::integer AS cases
    FROM counted JOIN levels USING (practice_id, case_id)
    GROUP BY 1, 2, 3, 4, 5, 6
"""

_MEASURE_PARTS = """
    SELECT m.practice_id, m.performance_year, m.measure_id, m.stratum, tin, npi,
           (count(*) FILTER (WHERE population = 'performance_met'))::integer AS met,
           (count(*) FILTER (WHERE population = 'performance_not_met'))::integer AS not_met,
           (count(*) FILTER (WHERE population = 'denominator_exception'))::integer AS exception,
           (count(*) FILTER (WHERE population = 'denominator_exclusion'))::integer AS exclusion,
           (count(*) FILTER (WHERE population = 'unreported'))::integer AS unreported
    FROM levels JOIN measure_outcomes m USING (practice_id, case_id)
    WHERE tin <> ''
    GROUP BY 1, 2, 3, 4, 5, 6
"""

_OF_BATCH = "practice_id = %(practice)s AND case_id = ANY(%(cases)s)"

# Ordered by key, so that two transactions take the row locks in the same order.
_CHANGE_CASE_COUNTS = f"""
    WITH {_COUNTED.format(which=_OF_BATCH)}
    INSERT INTO case_counts AS total
    SELECT practice_id, performance_year, tin, npi, month, facility_id, cases * %(sign)s
    FROM ({_CASE_PARTS}) part
    ORDER BY 1, 2, 3, 4, 5, 6
    ON CONFLICT (practice_id, performance_year, tin, npi, month, facility_id)
    DO UPDATE SET cases = total.cases + excluded.cases
"""  # noqa: S608 - built from the constants above

_CHANGE_MEASURE_COUNTS = f"""
    WITH {_COUNTED.format(which=_OF_BATCH)}
    INSERT INTO measure_counts AS total
    SELECT practice_id, performance_year, measure_id, stratum, tin, npi, met * %(sign)s,
           not_met * %(sign)s, exception * %(sign)s, exclusion * %(sign)s, unreported * %(sign)s
    FROM ({_MEASURE_PARTS}) part
    ORDER BY 1, 2, 3, 4, 5, 6
    ON CONFLICT (practice_id, performance_year, measure_id, stratum, tin, npi)
    DO UPDATE SET performance_met = total.performance_met + excluded.performance_met,
        performance_not_met = total.performance_not_met + excluded.performance_not_met,
        denominator_exception = total.denominator_exception + excluded.denominator_exception,
        denominator_exclusion = total.denominator_exclusion + excluded.denominator_exclusion,
        unreported = total.unreported + excluded.unreported
"""  # noqa: S608 - built from the constants above

_DROP_EMPTY = (
    "DELETE FROM case_counts WHERE practice_id = %(practice)s AND cases = 0",
    """DELETE FROM measure_counts WHERE practice_id = %(practice)s
       AND performance_met = 0 AND performance_not_met = 0 AND denominator_exception = 0
       AND denominator_exclusion = 0 AND unreported = 0""",
)


def add_to_totals(connection: Connection, practice: PracticeId, cases: list[UUID]) -> None:
    """Count `cases` as they stand now."""
    _change(connection, practice, cases, sign=1)


def take_from_totals(connection: Connection, practice: PracticeId, cases: list[UUID]) -> None:
    """Stop counting `cases`; call it before they change."""
    _change(connection, practice, cases, sign=-1)
    for statement in _DROP_EMPTY:
        connection.execute(statement, {"practice": practice})


def _change(connection: Connection, practice: PracticeId, cases: list[UUID], *, sign: int) -> None:
    if not cases:
        return
    parameters = {"practice": practice, "cases": cases, "sign": sign}
    connection.execute(_CHANGE_CASE_COUNTS, parameters)
    connection.execute(_CHANGE_MEASURE_COUNTS, parameters)


@dataclass(frozen=True, slots=True, kw_only=True)
class TotalsCheck:
    """How many rows of each table of totals differ from a recount of all cases."""

    case_counts: int
    measure_counts: int

    @property
    def agree(self) -> bool:
        return self.case_counts == 0 and self.measure_counts == 0


def verify_totals(connection: Connection) -> TotalsCheck:
    """Recount everything from the cases and compare it with what is kept."""
    return TotalsCheck(
        case_counts=_differences(connection, _CASE_PARTS, "case_counts"),
        measure_counts=_differences(connection, _MEASURE_PARTS, "measure_counts"),
    )


def _differences(connection: Connection, parts: str, table: str) -> int:
    row = connection.execute(
        f"""
        WITH {_COUNTED.format(which="true")}, recount AS ({parts}), kept AS (SELECT * FROM {table})
        SELECT (SELECT count(*) FROM (TABLE recount EXCEPT TABLE kept) missing)
             + (SELECT count(*) FROM (TABLE kept EXCEPT TABLE recount) surplus)
        """  # noqa: S608 - both parts are constants of this module
    ).fetchone()
    assert row is not None
    return int(row[0])
