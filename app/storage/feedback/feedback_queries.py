"""Reads what feedback reports tell: measure outcomes by month and reason, and cases that failed.

Totals are kept by year. To keep them by month as well would make the busiest table of the intake
twelve times as wide, for a report that is made four times a year: so the outcomes themselves are
counted, of a whole practice in one statement.
"""

from collections.abc import Collection, Iterator
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

_STAFFED: Final = """
    counted AS MATERIALIZED (
        SELECT case_id, date_of_service, extract(month FROM date_of_service)::integer AS month
        FROM cases
        WHERE practice_id = %(practice)s AND performance_year = %(year)s
          AND date_of_service <= %(last_day)s AND status = 'active' AND NOT sandbox
    ), staffed AS (
        SELECT case_id, month, tin, npi
        FROM counted JOIN case_staff s USING (case_id)
        WHERE s.practice_id = %(practice)s {of_staff}
    )
"""
# Materialized, so that the planner is free to group by hash, whatever order is asked for.
_TALLIES: Final = f"""
    WITH {_STAFFED}, entities AS ({{entities}}), tallied AS MATERIALIZED (
        SELECT tin, npi, measure_id, stratum, month, population, reason, count(*)::integer
        FROM entities JOIN measure_outcomes o USING (case_id)
        WHERE o.practice_id = %(practice)s AND o.performance_year = %(year)s
        GROUP BY 1, 2, 3, 4, 5, 6, 7
    )
    SELECT * FROM tallied ORDER BY 1, 2, 3, 4, 5, 6, 7
"""  # noqa: S608 - parts of ours
_OF_TINS: Final = "SELECT DISTINCT case_id, month, tin, '' AS npi FROM staffed"
_OF_CLINICIANS: Final = "SELECT DISTINCT case_id, month, tin, npi FROM staffed"
_FAILED: Final = f"""
    WITH {_STAFFED}, failed AS (
        SELECT o.case_id, o.measure_id, o.stratum, o.population, o.reason,
               c.anesthesia_record_id, c.date_of_service,
               row_number() OVER (PARTITION BY o.measure_id, o.stratum
                                  ORDER BY c.date_of_service DESC, o.case_id DESC) AS place
        FROM (SELECT DISTINCT case_id FROM staffed) mine
        JOIN measure_outcomes o USING (case_id)
        JOIN cases c ON c.practice_id = o.practice_id AND c.case_id = o.case_id
        WHERE o.practice_id = %(practice)s AND o.performance_year = %(year)s
          AND (o.population = 'unreported' OR o.population =
               CASE WHEN o.measure_id = ANY(%(inverse)s)
                    THEN 'performance_met' ELSE 'performance_not_met' END)
    )
    SELECT case_id, anesthesia_record_id, date_of_service, measure_id, stratum, population, reason
    FROM failed WHERE place <= %(most)s
    ORDER BY measure_id, stratum, place
"""  # noqa: S608 - parts of ours


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackQuestion:
    """The cases of a year up to `last_day`: of everybody, of a TIN, or of a clinician of it."""

    practice: PracticeId
    performance_year: int
    last_day: date
    tin: Tin | None = None
    npi: Npi | None = None

    @property
    def parameters(self) -> dict[str, Any]:
        return {
            "practice": self.practice,
            "year": self.performance_year,
            "last_day": self.last_day,
            "tin": self.tin,
            "npi": self.npi,
        }

    @property
    def of_staff(self) -> str:
        of_tin = "" if self.tin is None else "AND s.tin = %(tin)s"
        return of_tin if self.npi is None else f"{of_tin} AND s.npi = %(npi)s"

    @property
    def entities(self) -> str:
        if self.tin is None:
            return f"{_OF_TINS} UNION ALL {_OF_CLINICIANS}"
        return _OF_TINS if self.npi is None else _OF_CLINICIANS


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many cases of a TIN, or of a TIN and NPI, landed alike in a month."""

    tin: Tin
    npi: Npi | None
    measure_id: str
    stratum: str
    month: int
    population: Population
    reason: str
    cases: int


class FeedbackQueries:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def tallies(self, asked: FeedbackQuestion) -> Iterator[Tally]:
        """Ordered by TIN and NPI, TINs as a whole first, then by measure, stratum and month."""
        question = _TALLIES.format(of_staff=asked.of_staff, entities=asked.entities)
        with self._connection.cursor(name=f"tallies_{uuid4().hex}") as cursor:
            cursor.itersize = _ROWS_AT_ONCE
            with self._planned(asked):
                cursor.execute(question.encode(), asked.parameters)
            yield from map(_tally, cursor)

    @contextmanager
    def _planned(self, asked: FeedbackQuestion) -> Iterator[None]:
        """Of many cases an index for each of them would be slower than all of them at once."""
        with _without_sorting(self._connection):
            if asked.npi is not None:
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
        question = _FAILED.format(of_staff=asked.of_staff)
        told = {**asked.parameters, "inverse": list(inverse), "most": most}
        rows = self._connection.execute(question.encode(), told)
        return [_failed(row) for row in rows]


@contextmanager
def _without_sorting(connection: Connection) -> Iterator[None]:
    """Outcomes sorted by seven columns of text take half of the time; there are few groups."""
    connection.execute("SET LOCAL enable_sort = off")
    yield
    connection.execute("SET LOCAL enable_sort TO DEFAULT")


def _tally(row: tuple[Any, ...]) -> Tally:
    tin, npi, measure_id, stratum, month, population, reason, cases = row
    return Tally(
        tin=Tin(tin),
        npi=Npi(npi) if npi else None,
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
