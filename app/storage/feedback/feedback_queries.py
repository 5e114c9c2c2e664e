"""Reads what feedback reports tell: measure outcomes by month and reason, and cases that failed.

Totals are kept by year. To keep them by month as well would make the busiest table of the intake
twelve times as wide, for a report that is made four times a year: so the outcomes themselves are
counted, of a whole practice in one statement.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID, uuid4

from psycopg import Connection

from app.domain.identifiers import Npi, PracticeId, Tin
from app.domain.populations import Population
from app.storage.cases.case_queries import CaseBehindNumber
from app.storage.figures.totals import joining_by_hash

_ROWS_AT_ONCE: Final = 5_000

_COUNTED: Final = """
    SELECT case_id, date_of_service, extract(month FROM date_of_service)::integer AS month
    FROM cases
    WHERE practice_id = %(practice)s AND performance_year = %(year)s
      AND date_of_service <= %(last_day)s AND status = 'active' AND NOT sandbox
"""
_OUTCOMES: Final = "o.practice_id = %(practice)s AND o.performance_year = %(year)s"
# A case once, whoever of them took part in it: `EXISTS` needs no second step for that.
_THEIRS: Final = """EXISTS (
        SELECT FROM case_staff s
        WHERE s.practice_id = %(practice)s AND s.case_id = c.case_id
          AND s.tin = ANY(%(tins)s) {npis}
    )"""
_HOW_MANY: Final = f"""
    SELECT count(*) FROM ({_COUNTED}) c WHERE {_THEIRS}
"""  # noqa: S608 - parts of ours
_ONE: Final = f"""
    SELECT measure_id, stratum, month, population, reason, count(*)::integer
    FROM ({_COUNTED}) c JOIN measure_outcomes o USING (case_id)
    WHERE {_OUTCOMES} AND {_THEIRS}
    GROUP BY 1, 2, 3, 4, 5
"""  # noqa: S608 - parts of ours
# Materialized, so that the planner is free to group by hash, whatever order is asked for.
_EVERYBODY: Final = f"""
    WITH counted AS MATERIALIZED ({_COUNTED}), staffed AS (
        SELECT case_id, month, tin, npi
        FROM counted JOIN case_staff s USING (case_id)
        WHERE s.practice_id = %(practice)s
    ), entities AS (
        SELECT DISTINCT case_id, month, tin, '' AS npi FROM staffed
        UNION ALL SELECT DISTINCT case_id, month, tin, npi FROM staffed
    ), tallied AS MATERIALIZED (
        SELECT tin, npi, measure_id, stratum, month, population, reason, count(*)::integer
        FROM entities JOIN measure_outcomes o USING (case_id)
        WHERE {_OUTCOMES}
        GROUP BY 1, 2, 3, 4, 5, 6, 7
    )
    SELECT * FROM tallied ORDER BY 1, 2, 3, 4, 5, 6, 7
"""  # noqa: S608 - parts of ours
# The newest are found among dates and ids alone; only of these the cases are looked at.
_FAILED: Final = f"""
    WITH failed AS (
        SELECT o.case_id, o.measure_id, o.stratum, o.population, o.reason, c.date_of_service,
               row_number() OVER (PARTITION BY o.measure_id, o.stratum
                                  ORDER BY c.date_of_service DESC, o.case_id DESC) AS place
        FROM ({_COUNTED}) c JOIN measure_outcomes o USING (case_id)
        WHERE {_OUTCOMES} AND {_THEIRS}
          AND (o.population = 'unreported' OR o.population =
               CASE WHEN o.measure_id = ANY(%(inverse)s)
                    THEN 'performance_met' ELSE 'performance_not_met' END)
    )
    SELECT case_id,
           (SELECT anesthesia_record_id FROM cases
            WHERE practice_id = %(practice)s AND cases.case_id = failed.case_id),
           date_of_service, measure_id, stratum, population, reason
    FROM failed WHERE place <= %(most)s
    ORDER BY measure_id, stratum, place
"""  # noqa: S608 - parts of ours


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackQuestion:
    """The cases of a year up to `last_day`.

    `tins`: those in which somebody took part under one of them. `npis`: and as one of these; None:
    whoever.
    """

    practice: PracticeId
    performance_year: int
    last_day: date
    tins: tuple[Tin, ...] = ()
    npis: tuple[Npi, ...] | None = None

    @property
    def parameters(self) -> dict[str, Any]:
        return {
            "practice": self.practice,
            "year": self.performance_year,
            "last_day": self.last_day,
            "tins": list(self.tins),
            "npis": list(self.npis or ()),
        }

    def asked_by(self, statement: str) -> bytes:
        npis = "" if self.npis is None else "AND s.npi = ANY(%(npis)s)"
        return statement.format(npis=npis).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many cases landed alike in a month."""

    measure_id: str
    stratum: str
    month: int
    population: Population
    reason: str
    cases: int


class FeedbackQueries:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def tallies(self, asked: FeedbackQuestion) -> list[Tally]:
        """Of all that is asked for together: a case counts once."""
        with self._planned(asked):
            rows = self._connection.execute(asked.asked_by(_ONE), asked.parameters)
        return [_tally(row) for row in rows]

    def cases(self, asked: FeedbackQuestion) -> int:
        with self._planned(asked):
            row = self._connection.execute(asked.asked_by(_HOW_MANY), asked.parameters).fetchone()
        assert row is not None, "a count has a row"
        return int(row[0])

    def tallies_by_entity(
        self, asked: FeedbackQuestion
    ) -> Iterator[tuple[tuple[Tin, Npi | None], Tally]]:
        """Of every TIN as a whole, and of each TIN and NPI; those of one behind each other.

        `asked` names neither.
        """
        with self._connection.cursor(name=f"tallies_{uuid4().hex}") as cursor:
            cursor.itersize = _ROWS_AT_ONCE
            with self._planned(asked):
                cursor.execute(_EVERYBODY.encode(), asked.parameters)
            for tin, npi, *row in cursor:
                yield (Tin(tin), Npi(npi) if npi else None), _tally(row)

    @contextmanager
    def _planned(self, asked: FeedbackQuestion) -> Iterator[None]:
        """Of many cases an index for each of them would be slower than all of them at once."""
        with _without_sorting(self._connection):
            if asked.npis is not None and len(asked.npis) == 1:
                yield
                return
            with joining_by_hash(self._connection):
                yield

    def failed_cases(
        self, asked: FeedbackQuestion, *, inverse: Collection[str], most: int
    ) -> list[CaseBehindNumber]:
        """At most so many of each rate, the newest: not met, or unreported.

        Of the measures in `inverse` it is those that met what should not happen.
        """
        told = {**asked.parameters, "inverse": list(inverse), "most": most}
        rows = self._connection.execute(asked.asked_by(_FAILED), told)
        return [_failed(row) for row in rows]


@contextmanager
def _without_sorting(connection: Connection) -> Iterator[None]:
    """Outcomes sorted by seven columns of text take half of the time; there are few groups."""
    connection.execute("SET LOCAL enable_sort = off")
    yield
    connection.execute("SET LOCAL enable_sort TO DEFAULT")


def _tally(row: Sequence[Any]) -> Tally:
    measure_id, stratum, month, population, reason, cases = row
    return Tally(
        measure_id=measure_id,
        stratum=stratum,
        month=month,
        population=Population(population),
        reason=reason,
        cases=cases,
    )


def _failed(row: tuple[Any, ...]) -> CaseBehindNumber:
    case_id: UUID = row[0]
    return CaseBehindNumber(
        case_id=case_id,
        anesthesia_record_id=row[1],
        date_of_service=row[2],
        measure_id=row[3],
        stratum=row[4],
        population=Population(row[5]),
        reason=row[6],
    )
