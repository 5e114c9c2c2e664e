"""All practices in a performance year, each by a few steps into an index: no case is looked at."""

from typing import Any, Final

from sqlalchemy import Connection, Row
from sqlalchemy import text as sql

from app.domain.billing import OrderState
from app.domain.identifiers import PracticeId
from app.domain.standings import Months, PracticeStanding
from app.storage.tables.months import MONTHS

_IN_MONTHS: Final = ", ".join(f"coalesce(sum({month}), 0)" for month in MONTHS)
_OF_ALL: Final = f"""
    SELECT ARRAY[{_IN_MONTHS}] AS months FROM case_counts
    WHERE practice_id = p.id AND performance_year = {{year}} AND tin = '' AND npi = ''
"""  # noqa: S608 - names of ours
_STANDINGS: Final = sql(f"""
    SELECT p.id, p.name, here.months AS this_year, before.months AS last_year,
           ordered.quantity AS ordered, ordered.states AS orders,
           r.practice_id IS NOT NULL AS is_registered, sent.received_at AS last_received_at
    FROM practices p
    CROSS JOIN LATERAL ({_OF_ALL.format(year="CAST(:year AS smallint)")}) here
    CROSS JOIN LATERAL ({_OF_ALL.format(year="CAST(:year - 1 AS smallint)")}) before
    CROSS JOIN LATERAL (
        SELECT sum(CAST(item->>'quantity' AS integer)) AS quantity,
               coalesce(array_agg(DISTINCT o.state), '{{}}') AS states
        FROM orders o, jsonb_array_elements(o.quantities) item
        WHERE o.practice_id = p.id AND o.performance_year = :year AND o.state <> 'cancelled'
    ) ordered
    LEFT JOIN registrations r ON r.practice_id = p.id AND r.performance_year = :year
         AND r.withdrawn_on IS NULL
    LEFT JOIN LATERAL (
        SELECT s.received_at FROM submissions s
        WHERE s.practice_id = p.id AND NOT s.sandbox ORDER BY s.id DESC LIMIT 1
    ) sent ON true
    ORDER BY p.id
""")  # noqa: S608 - names of ours


class StandingQueries:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_all(self, performance_year: int) -> list[PracticeStanding]:
        """Every practice that the caller reaches, in the order of their ids."""
        rows = self._connection.execute(_STANDINGS, {"year": performance_year})
        return [_standing(row) for row in rows]


def _standing(row: Row[Any]) -> PracticeStanding:
    return PracticeStanding(
        id=PracticeId(row.id),
        name=row.name,
        this_year=_months(row.this_year),
        last_year=_months(row.last_year),
        ordered=None if row.ordered is None else int(row.ordered),
        orders=frozenset(OrderState(state) for state in row.orders),
        is_registered=row.is_registered,
        last_received_at=row.last_received_at,
    )


def _months(numbers: list[Any]) -> Months:
    return tuple(int(number) for number in numbers)
