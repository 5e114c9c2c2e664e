"""What the cases of a year say of TINs and NPIs, and the decisions about it.

Taking in a case file writes nothing for it. A page reads the totals, and the few cases that are
held; days are read from the cases where they are asked for.
"""

from calendar import monthrange
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, Row, select
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import insert

from app.domain.identifiers import Npi, PracticeId, Tin
from app.domain.reconciliation import (
    Decision,
    Doubts,
    RowKey,
    RowKind,
    SeenInCases,
    SeenStaff,
    SeenTin,
    Verdict,
)
from app.storage.tables.actor_columns import actor_of, actor_values
from app.storage.tables.months import MONTHS
from app.storage.tables.roster import reconciliation_decisions as decisions

# The practice is named at each table: see app/storage/totals.py.
_SEEN: Final = """
    WITH seen AS (
        SELECT c.case_id, c.date_of_service AS day, c.status = 'held' AS held,
               s.tin, s.npi, s.credentials
        FROM cases c JOIN case_staff s USING (practice_id, case_id)
        WHERE c.practice_id = :practice AND s.practice_id = :practice
          AND c.performance_year = :year AND c.status <> 'deleted' AND NOT c.sandbox
          AND {which}
    )
"""
_EVERY: Final = _SEEN.format(which="true")
_STAFF: Final = """
    SELECT npi, tin, day, count(DISTINCT case_id) AS cases, 0 AS held, NULL::integer[] AS months
    FROM seen GROUP BY GROUPING SETS ((npi, tin, day), (npi))
"""
_TINS: Final = """
    SELECT NULL, tin, day, count(DISTINCT case_id),
           count(DISTINCT case_id) FILTER (WHERE held), NULL::integer[]
    FROM seen GROUP BY tin, day
"""
_DAYS: Final = sql(f"{_EVERY} {_STAFF} UNION ALL {_TINS}")
_OF_NPIS: Final = _SEEN.format(which="s.npi = ANY(:npis)")
_OF_TINS: Final = _SEEN.format(
    which="""s.tin = ANY(:tins) AND c.date_of_service
             BETWEEN CAST(:first_day AS date) AND CAST(:last_day AS date)"""
)
_DAYS_OF_SOME: Final = sql(f"({_OF_NPIS} {_STAFF}) UNION ALL ({_OF_TINS} {_TINS})")
# Totals have a row for each TIN, each NPI and each (TIN, NPI); "" stands for "all".
_BY_MONTH: Final = sql(f"""
    ({_SEEN.format(which="c.status = 'held'")} {_STAFF} UNION ALL {_TINS})
    UNION ALL
    SELECT nullif(npi, ''), nullif(tin, ''), NULL, 0, 0,
           ARRAY[{", ".join(f"sum({month})" for month in MONTHS)}]::integer[]
    FROM case_counts
    WHERE practice_id = :practice AND performance_year = :year
    GROUP BY npi, tin
""")  # noqa: S608 - names of ours
_CREDENTIALS: Final = sql(f"""
    {_EVERY}
    SELECT DISTINCT ON (npi) npi, credentials
    FROM seen GROUP BY npi, credentials ORDER BY npi, count(*) DESC, credentials
""")  # noqa: S608 - a part of ours


class ReconciliationStore:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def seen(self, practice: PracticeId, performance_year: int) -> SeenInCases:
        """What cases of the year say that are stored and not deleted, held ones included."""
        asked = {"practice": practice, "year": performance_year}
        return _seen(self._connection.execute(_DAYS, asked).all(), performance_year)

    def seen_by_month(self, practice: PracticeId, performance_year: int) -> tuple[int, SeenInCases]:
        """How many cases count, and the same from the totals, which tell months.

        Of held cases there are the days.
        """
        asked = {"practice": practice, "year": performance_year}
        rows = self._connection.execute(_BY_MONTH, asked).all()
        counting = sum(sum(row.months) for row in rows if row.tin is None and row.npi is None)
        return counting, _seen(rows, performance_year)

    def days_of(self, practice: PracticeId, performance_year: int, doubts: Doubts) -> SeenInCases:
        """What is in doubt, day by day."""
        asked = {
            "practice": practice,
            "year": performance_year,
            "npis": sorted(doubts.npis),
            "tins": sorted(doubts.tins),
            "first_day": doubts.first_day,
            "last_day": doubts.last_day,
        }
        return _seen(self._connection.execute(_DAYS_OF_SOME, asked).all(), performance_year)

    def credentials(self, practice: PracticeId, performance_year: int) -> dict[Npi, str]:
        """By NPI the credentials that most cases of the year name."""
        rows = self._connection.execute(
            _CREDENTIALS, {"practice": practice, "year": performance_year}
        )
        return {Npi(row.npi): row.credentials for row in rows}

    def decisions(self, practice: PracticeId, performance_year: int) -> dict[RowKey, Decision]:
        rows = self._connection.execute(
            select(decisions).where(
                decisions.c.practice_id == practice,
                decisions.c.performance_year == performance_year,
            )
        )
        return {decision.key: decision for decision in map(_decision, rows)}

    def decide(self, practice: PracticeId, performance_year: int, decision: Decision) -> None:
        """Keep a decision; it takes the place of an earlier one about the same row."""
        told = {
            "decision": decision.verdict.value,
            "reason": decision.reason,
            "at": decision.at,
            **actor_values(decision.by),
        }
        key = {
            "practice_id": practice,
            "performance_year": performance_year,
            "kind": decision.key.kind.value,
            "tin": decision.key.tin,
            "npi": decision.key.npi,
        }
        self._connection.execute(
            insert(decisions)
            .values(**key, **told)
            .on_conflict_do_update(index_elements=list(key), set_=told)
        )


def _seen(rows: Sequence[Row[Any]], year: int) -> SeenInCases:
    """A row is about an NPI, a TIN or both; with `months` it is a total, else of one day."""
    cases_of: Counter[Npi] = Counter()
    staff: list[SeenStaff] = []
    tins: list[SeenTin] = []
    for row in rows:
        if row.tin is None:
            if row.npi is not None:
                cases_of[Npi(row.npi)] += row.cases + sum(row.months or ())
        elif row.npi is None:
            tins += _seen_tins(row, year)
        elif row.months is None or any(row.months):
            staff.append(_seen_staff(row, year))
    return SeenInCases(staff=tuple(staff), tins=tuple(tins), cases_of=cases_of)


def _seen_staff(row: Row[Any], year: int) -> SeenStaff:
    """Of a total one stretch, from its first month with cases to the last."""
    first_day = last_day = row.day
    if row.months is not None:
        numbers = [number for number, cases in enumerate(row.months, 1) if cases]
        first_day, last_day = date(year, numbers[0], 1), _last_day(year, numbers[-1])
    return SeenStaff(
        tin=Tin(row.tin),
        npi=Npi(row.npi),
        first_day=first_day,
        last_day=last_day,
        cases=row.cases + sum(row.months or ()),
    )


def _seen_tins(row: Row[Any], year: int) -> Iterator[SeenTin]:
    """Of a total one for each month with cases: all cases of a TIN are too many to look at."""
    tin = Tin(row.tin)
    if row.months is None:
        yield SeenTin(tin=tin, first_day=row.day, last_day=row.day, cases=row.cases, held=row.held)
        return
    for number, cases in enumerate(row.months, 1):
        if cases:
            first_day, last_day = date(year, number, 1), _last_day(year, number)
            yield SeenTin(tin=tin, first_day=first_day, last_day=last_day, cases=cases, held=0)


def _last_day(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _decision(row: Row[Any]) -> Decision:
    key = RowKey(kind=RowKind(row.kind), tin=Tin(row.tin), npi=Npi(row.npi))
    return Decision(
        key=key,
        verdict=Verdict(row.decision),
        reason=row.reason,
        at=row.at,
        by=actor_of(row),
    )
