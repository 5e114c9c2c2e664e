"""Freezes counts of cases with the ids behind them, and holds them against what counts now.

A case stays in `cases`, deleted or not, until it is purged; then its id goes from here too, and the
number and the proof stay.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from psycopg import Connection as PsycopgConnection
from sqlalchemy import Connection, Row
from sqlalchemy import text as sql

from app.domain.frozen_counts import (
    Adjustment,
    AdjustmentReason,
    FrozenCount,
    FrozenCountNow,
)
from app.domain.identifiers import PracticeId
from app.domain.periods import Period

_BEFORE_ALL: Final = UUID(int=0)
# As `sort | sha256sum` proves a list of the ids.
_PROOF: Final = """
    encode(sha256(convert_to(
        coalesce(string_agg(case_id::text || E'\\n', '' ORDER BY case_id), ''), 'UTF8')), 'hex')
"""
_COUNTS: Final = "c.practice_id = :practice AND c.status = 'active' AND NOT c.sandbox"
_FREEZE: Final = sql(f"""
    INSERT INTO frozen_counts (practice_id, performance_year, period, first_day, last_day,
                               cases, case_ids, proof, frozen_at)
    SELECT :practice, extract(year FROM first_day), period, first_day, last_day, count(case_id),
           coalesce(array_agg(case_id ORDER BY case_id) FILTER (WHERE case_id IS NOT NULL), '{{}}'),
           {_PROOF}, :at
    FROM unnest(CAST(:periods AS text[]), CAST(:first_days AS date[]), CAST(:last_days AS date[]))
         AS due (period, first_day, last_day)
    LEFT JOIN cases c ON {_COUNTS} AND c.date_of_service BETWEEN first_day AND last_day
    GROUP BY period, first_day, last_day
    ON CONFLICT DO NOTHING
    RETURNING practice_id, period, cases, purged, proof, frozen_at
""")  # noqa: S608 - parts of ours
_YEARS: Final = sql("""
    SELECT DISTINCT performance_year FROM case_counts
    WHERE practice_id = :practice AND tin = '' AND npi = ''
""")
_FROZEN: Final = sql("""
    SELECT period FROM frozen_counts WHERE practice_id = :practice
""")
_DIFFERENCES: Final = f"""
    WITH asked AS (
        SELECT * FROM frozen_counts
        WHERE practice_id = :practice AND performance_year = :year
          AND (CAST(:period AS text) IS NULL OR period = :period)
    ), before AS (
        SELECT period, unnest(case_ids) AS case_id FROM asked
    ), now AS (
        SELECT period, case_id FROM asked
        JOIN cases c ON {_COUNTS} AND c.date_of_service BETWEEN first_day AND last_day
    ), differences AS (
        SELECT period, case_id, before.case_id IS NULL AS is_added
        FROM before FULL JOIN now USING (period, case_id)
        WHERE before.case_id IS NULL OR now.case_id IS NULL
    )
"""  # noqa: S608 - parts of ours
_STANDING: Final = sql(f"""{_DIFFERENCES}
    SELECT practice_id, period, cases, purged, proof, frozen_at,
           count(*) FILTER (WHERE is_added) AS added,
           count(*) FILTER (WHERE NOT is_added) AS removed
    FROM asked LEFT JOIN differences USING (period)
    GROUP BY practice_id, period, cases, purged, proof, frozen_at ORDER BY period
""")  # noqa: S608 - parts of ours
_ADJUSTMENTS: Final = sql(f"""{_DIFFERENCES}
    SELECT case_id, is_added, c.status, c.date_of_service
    FROM differences JOIN cases c USING (case_id)
    WHERE c.practice_id = :practice AND case_id > :after
    ORDER BY case_id LIMIT :limit
""")  # noqa: S608 - parts of ours
_CASES: Final = sql("""
    SELECT case_id FROM (
        SELECT unnest(case_ids) AS case_id FROM frozen_counts
        WHERE practice_id = :practice AND performance_year = :year AND period = :period
    ) listed
    WHERE case_id > :after ORDER BY case_id LIMIT :limit
""")
_UNPROVED: Final = sql(f"""
    SELECT count(*) FROM frozen_counts f
    CROSS JOIN LATERAL (
        SELECT {_PROOF} AS proof, count(*) AS listed, count(c.case_id) AS known
        FROM (SELECT unnest(f.case_ids) AS case_id) l
        LEFT JOIN (SELECT case_id FROM cases
                   WHERE practice_id = :practice AND NOT sandbox) c USING (case_id)
    ) found
    WHERE f.practice_id = :practice
      AND (found.listed + f.purged <> f.cases OR found.known <> found.listed
           OR (f.purged = 0 AND found.proof <> f.proof))
""")  # noqa: S608 - parts of ours
_FORGET: Final = """
    UPDATE frozen_counts f
    SET case_ids = kept.ids, purged = f.purged + cardinality(f.case_ids) - cardinality(kept.ids)
    FROM (
        SELECT performance_year, period, ARRAY(
            SELECT unnest(case_ids) EXCEPT SELECT unnest(%(cases)s::uuid[]) ORDER BY 1) AS ids
        FROM frozen_counts
        WHERE practice_id = %(practice)s AND case_ids && %(cases)s::uuid[]
    ) kept
    WHERE f.practice_id = %(practice)s
      AND f.performance_year = kept.performance_year AND f.period = kept.period
"""


def forget_frozen(connection: PsycopgConnection, practice: PracticeId, cases: list[UUID]) -> None:
    """Leave no id of `cases`, which are purged, in what is frozen."""
    connection.execute(_FORGET, {"practice": practice, "cases": cases})


class FrozenCountStore:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def years_with_cases(self, practice: PracticeId) -> set[int]:
        rows = self._connection.execute(_YEARS, {"practice": practice})
        return {row.performance_year for row in rows}

    def frozen_periods(self, practice: PracticeId) -> set[str]:
        return {row.period for row in self._connection.execute(_FROZEN, {"practice": practice})}

    def freeze(
        self, practice: PracticeId, periods: Iterable[Period], *, at: datetime
    ) -> list[FrozenCount]:
        """Return what was frozen now: a period that is frozen already stays as it is."""
        due = list(periods)
        asked = {
            "practice": practice,
            "periods": [period.name for period in due],
            "first_days": [period.first_day for period in due],
            "last_days": [period.last_day for period in due],
            "at": at,
        }
        frozen = [_frozen(row) for row in self._connection.execute(_FREEZE, asked)]
        return sorted(frozen, key=lambda count: count.period)

    def standing(self, practice: PracticeId, performance_year: int) -> list[FrozenCountNow]:
        """Every frozen period of the year, in the order of names."""
        asked = {"practice": practice, "year": performance_year, "period": None}
        rows = self._connection.execute(_STANDING, asked)
        return [
            FrozenCountNow(frozen=_frozen(row), added=row.added, removed=row.removed)
            for row in rows
        ]

    def cases(
        self, practice: PracticeId, period: Period, *, after: UUID | None, limit: int | None
    ) -> list[UUID]:
        """The cases that were frozen, in the order of their ids."""
        rows = self._connection.execute(_CASES, _behind(practice, period, after, limit))
        return [row.case_id for row in rows]

    def adjustments(
        self, practice: PracticeId, period: Period, *, after: UUID | None, limit: int | None
    ) -> list[Adjustment]:
        """The cases that count differently since, in the order of their ids."""
        rows = self._connection.execute(_ADJUSTMENTS, _behind(practice, period, after, limit))
        return [_adjustment(row) for row in rows]

    def count_unproved(self, practice: PracticeId) -> int:
        """Frozen counts whose number or proof is not that of their cases, or a case is unknown.

        Where cases were purged the proof cannot be worked out any more.
        """
        return int(self._connection.execute(_UNPROVED, {"practice": practice}).scalar_one())


def _behind(
    practice: PracticeId, period: Period, after: UUID | None, limit: int | None
) -> dict[str, Any]:
    return {
        "practice": practice,
        "year": period.first_day.year,
        "period": period.name,
        "after": after or _BEFORE_ALL,
        "limit": limit,
    }


def _frozen(row: Row[Any]) -> FrozenCount:
    return FrozenCount(
        practice_id=PracticeId(row.practice_id),
        period=row.period,
        cases=row.cases,
        purged=row.purged,
        proof=row.proof,
        frozen_at=row.frozen_at,
    )


def _adjustment(row: Row[Any]) -> Adjustment:
    return Adjustment(case_id=row.case_id, reason=_reason(row), date_of_service=row.date_of_service)


def _reason(row: Row[Any]) -> AdjustmentReason:
    if row.is_added:
        return AdjustmentReason.ADDED
    if row.status == "active":
        return AdjustmentReason.MOVED
    return AdjustmentReason(row.status)
