"""What a batch of a backfill moves: from which place to which, and what that adds to the counts.

Told between comparing a batch and replacing its rows, when both stand side by side: what is kept,
and what was recomputed in the tables of `derived_rows`. Only cases that count are told of: held,
deleted and sandbox cases are brought into step in silence.
"""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from psycopg import Connection

from app.domain.backfills import Backfill
from app.storage.tables.months import MONTHS

_POPULATIONS: Final = (
    "performance_met",
    "performance_not_met",
    "denominator_exception",
    "denominator_exclusion",
    "unreported",
)
_BY_POPULATION: Final = ", ".join(f"('{name}', {name})" for name in _POPULATIONS)
_SNAPSHOT: Final = f"""
    INSERT INTO backfill_counts
    SELECT practice_id, %(backfill)s, measure_id, stratum, tin, npi, '', place, cases, cases
    FROM measure_counts, LATERAL (VALUES {_BY_POPULATION}) each(place, cases)
    WHERE practice_id = %(practice)s AND performance_year = %(year)s
    UNION ALL
    SELECT practice_id, %(backfill)s, measure_id, '', '', '', facility_id, landing,
           sum({" + ".join(MONTHS)}), sum({" + ".join(MONTHS)})
    FROM asc_counts
    WHERE practice_id = %(practice)s AND performance_year = %(year)s
    GROUP BY practice_id, measure_id, facility_id, landing
"""  # noqa: S608 - names of ours
_MOVES: Final = """
    WITH counted AS (
        SELECT case_id, facility_id FROM cases
        WHERE practice_id = %(practice)s AND case_id = ANY(%(cases)s)
          AND status = 'active' AND NOT sandbox
    )
    INSERT INTO backfill_moves
    SELECT %(practice)s, %(backfill)s, case_id, measure_id, stratum, '',
           kept.population, kept.reason, made.population, made.reason
    FROM (SELECT * FROM measure_outcomes
          WHERE practice_id = %(practice)s AND case_id = ANY(%(cases)s)) kept
    FULL JOIN recomputed_measure_outcomes made USING (case_id, measure_id, stratum)
    JOIN counted USING (case_id)
    WHERE kept.population IS DISTINCT FROM made.population
    UNION ALL
    SELECT %(practice)s, %(backfill)s, case_id, measure_id, '', facility_id,
           kept.landing, kept.reason, made.landing, made.reason
    FROM (SELECT * FROM asc_outcomes
          WHERE practice_id = %(practice)s AND case_id = ANY(%(cases)s)) kept
    FULL JOIN recomputed_asc_outcomes made USING (case_id, measure_id)
    JOIN counted USING (case_id)
    WHERE kept.landing IS DISTINCT FROM made.landing
    RETURNING case_id
"""
# A case counts once for a TIN and once for a (TIN, NPI), however often its staff name them; of a
# surgical center it counts for the center.
_COUNT: Final = """
    WITH moved AS (
        SELECT * FROM backfill_moves
        WHERE practice_id = %(practice)s AND backfill_id = %(backfill)s AND case_id = ANY(%(cases)s)
    ), levels AS (
        SELECT case_id, tin, npi, '' AS facility_id FROM case_staff
        WHERE practice_id = %(practice)s AND case_id = ANY(%(cases)s)
        UNION
        SELECT case_id, tin, '', '' FROM case_staff
        WHERE practice_id = %(practice)s AND case_id = ANY(%(cases)s)
        UNION
        SELECT case_id, '', '', facility_id FROM moved WHERE facility_id <> ''
    ), shifts AS (
        SELECT case_id, measure_id, stratum, facility_id, place_before AS place, -1 AS shift
        FROM moved
        UNION ALL
        SELECT case_id, measure_id, stratum, facility_id, place_after, 1 FROM moved
    )
    INSERT INTO backfill_counts AS kept
    SELECT %(practice)s, %(backfill)s, measure_id, stratum, tin, npi, facility_id, place,
           0, sum(shift)
    FROM shifts JOIN levels USING (case_id, facility_id)
    WHERE place IS NOT NULL
    GROUP BY measure_id, stratum, tin, npi, facility_id, place
    ON CONFLICT (practice_id, backfill_id, measure_id, stratum, tin, npi, facility_id, place)
    DO UPDATE SET after = kept.after + excluded.after
"""


class BackfillMoves:
    """Of one backfill, within one transaction; never commits."""

    def __init__(self, connection: Connection, backfill: Backfill) -> None:
        self._connection = connection
        self._asked = {
            "practice": backfill.practice_id,
            "backfill": backfill.id,
            "year": backfill.performance_year,
        }

    def take_counts(self) -> None:
        """Keep what all levels come to, before anything is moved."""
        self._connection.execute(_SNAPSHOT, self._asked)

    def record(self, cases: Sequence[UUID]) -> int:
        """Keep what moves among `cases`, whose outcomes differ; return how many of them do."""
        if not cases:
            return 0
        batch = {**self._asked, "cases": list(cases)}
        moved = {row[0] for row in self._connection.execute(_MOVES, batch)}
        self._connection.execute(_COUNT, {**batch, "cases": list(moved)})
        return len(moved)
