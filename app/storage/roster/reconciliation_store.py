"""What the cases of a year say of TINs and NPIs, and the decisions about it.

Taking in a case file writes nothing for it. A report reads the totals and the cases that are held,
month by month; days are read from the cases where they decide, and for the rows that are shown.
"""

from calendar import monthrange
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
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
    Stretch,
    Verdict,
)
from app.domain.spans import Span
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
_TINS: Final = """
    SELECT NULL AS npi, tin, day, count(DISTINCT case_id) AS cases,
           count(DISTINCT case_id) FILTER (WHERE held) AS held, NULL::integer[] AS months
    FROM seen GROUP BY tin, day
"""
_STAFF: Final = """
    SELECT npi, tin, day, count(DISTINCT case_id), 0, NULL::integer[]
    FROM seen GROUP BY npi, tin, day
"""
_HELD_OF_MONTHS: Final = ", ".join(
    f"count(DISTINCT case_id) FILTER (WHERE extract(month FROM day) = {number})"
    for number in range(1, len(MONTHS) + 1)
)
# By month, as the totals: a practice that has yet to register its TIN has all its cases held.
_HELD_STAFF: Final = f"""
    SELECT npi, tin, NULL::date, 0, 0, ARRAY[{_HELD_OF_MONTHS}]::integer[]
    FROM seen GROUP BY GROUPING SETS ((npi, tin), (npi))
"""  # noqa: S608 - numbers of ours
_OF_NPIS: Final = _SEEN.format(which="s.npi = ANY(:npis)")
_OF_TINS: Final = _SEEN.format(
    which="""s.tin = ANY(:tins) AND c.date_of_service
             BETWEEN CAST(:first_day AS date) AND CAST(:last_day AS date)"""
)
_DAYS_OF_SOME: Final = sql(f"({_OF_TINS} {_TINS}) UNION ALL ({_OF_NPIS} {_STAFF})")
# Totals have a row for each TIN, each NPI and each (TIN, NPI); "" stands for "all".
_BY_MONTH: Final = sql(f"""
    ({_SEEN.format(which="c.status = 'held'")} {_TINS} UNION ALL {_HELD_STAFF})
    UNION ALL
    SELECT nullif(npi, ''), nullif(tin, ''), NULL, 0, 0,
           ARRAY[{", ".join(f"sum({month})" for month in MONTHS)}]::integer[]
    FROM case_counts
    WHERE practice_id = :practice AND performance_year = :year
    GROUP BY npi, tin
""")  # noqa: S608 - names of ours
_ENDS: Final = sql("""
    SELECT asked.place, min(c.date_of_service) AS first_day, max(c.date_of_service) AS last_day
    FROM unnest(CAST(:npis AS text[]), CAST(:tins AS text[]), CAST(:first_days AS date[]),
                CAST(:last_days AS date[]))
             WITH ORDINALITY AS asked (npi, tin, first_day, last_day, place)
    JOIN case_staff s ON s.practice_id = :practice AND s.npi = asked.npi
                     AND asked.tin IN ('', s.tin)
    JOIN cases c ON c.practice_id = :practice AND c.case_id = s.case_id
    WHERE c.status <> 'deleted' AND NOT c.sandbox
      AND c.date_of_service BETWEEN asked.first_day AND asked.last_day
    GROUP BY asked.place
""")
_CREDENTIALS: Final = sql(f"""
    {_OF_NPIS}
    SELECT DISTINCT ON (npi) npi, credentials
    FROM seen GROUP BY npi, credentials ORDER BY npi, count(*) DESC, credentials
""")  # noqa: S608 - a part of ours


class ReconciliationStore:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def seen_by_month(self, practice: PracticeId, performance_year: int) -> tuple[int, SeenInCases]:
        """How many cases count, and what cases of the year say, held ones included.

        It is told by months, but for the TINs of held cases, which have their days.
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

    def ends_of(self, practice: PracticeId, stretches: Sequence[Stretch]) -> dict[Stretch, Span]:
        """The days of the first and last case in each stretch that has one."""
        asked = {
            "practice": practice,
            "npis": [each.npi for each in stretches],
            "tins": [each.tin for each in stretches],
            "first_days": [each.first_day for each in stretches],
            "last_days": [each.last_day for each in stretches],
        }
        return {
            stretches[row.place - 1]: Span(first=row.first_day, last=row.last_day)
            for row in self._connection.execute(_ENDS, asked)
        }

    def credentials(
        self, practice: PracticeId, performance_year: int, npis: Collection[Npi]
    ) -> dict[Npi, str]:
        """By NPI the credentials that most cases of the year name."""
        asked = {"practice": practice, "year": performance_year, "npis": sorted(npis)}
        rows = self._connection.execute(_CREDENTIALS, asked)
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
