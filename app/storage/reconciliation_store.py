"""What the cases of a year say of TINs and NPIs, and the decisions about it.

Read from the cases when it is asked for: taking in a case file writes nothing for it.
"""

from typing import Any, Final

from sqlalchemy import Connection, Row, select
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import insert

from app.domain.identifiers import Npi, PracticeId, Tin
from app.domain.reconciliation import (
    Decision,
    RowKey,
    RowKind,
    SeenInCases,
    SeenStaff,
    SeenTin,
    Verdict,
)
from app.storage.actor_columns import actor_of, actor_values
from app.storage.roster_tables import reconciliation_decisions as decisions

# The practice is named at each table: see app/storage/totals.py.
_SEEN: Final = """
    WITH seen AS (
        SELECT c.case_id, c.date_of_service AS day, c.status = 'held' AS held,
               s.tin, s.npi, s.credentials
        FROM cases c JOIN case_staff s USING (practice_id, case_id)
        WHERE c.practice_id = :practice AND s.practice_id = :practice
          AND c.performance_year = :year AND c.status <> 'deleted' AND NOT c.sandbox
    )
"""
_STAFF: Final = sql(f"""
    {_SEEN}
    SELECT npi, tin, day, count(DISTINCT case_id) AS cases
    FROM seen GROUP BY GROUPING SETS ((npi, tin, day), (npi))
""")  # noqa: S608 - a part of ours
_TINS: Final = sql(f"""
    {_SEEN}
    SELECT tin, day, count(DISTINCT case_id) AS cases,
           count(DISTINCT case_id) FILTER (WHERE held) AS held
    FROM seen GROUP BY tin, day
""")  # noqa: S608 - a part of ours
_CREDENTIALS: Final = sql(f"""
    {_SEEN}
    SELECT DISTINCT ON (npi) npi, credentials
    FROM seen GROUP BY npi, credentials ORDER BY npi, count(*) DESC, credentials
""")  # noqa: S608 - a part of ours


class ReconciliationStore:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def seen(self, practice: PracticeId, performance_year: int) -> SeenInCases:
        """What cases of the year say that are stored and not deleted, held ones included."""
        asked = {"practice": practice, "year": performance_year}
        staff, cases_of = [], {}
        for row in self._connection.execute(_STAFF, asked):
            if row.tin is None:
                cases_of[Npi(row.npi)] = row.cases
            else:
                staff.append(
                    SeenStaff(tin=Tin(row.tin), npi=Npi(row.npi), day=row.day, cases=row.cases)
                )
        tins = [
            SeenTin(tin=Tin(row.tin), day=row.day, cases=row.cases, held=row.held)
            for row in self._connection.execute(_TINS, asked)
        ]
        return SeenInCases(staff=tuple(staff), tins=tuple(tins), cases_of=cases_of)

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


def _decision(row: Row[Any]) -> Decision:
    key = RowKey(kind=RowKind(row.kind), tin=Tin(row.tin), npi=Npi(row.npi))
    return Decision(
        key=key,
        verdict=Verdict(row.decision),
        reason=row.reason,
        at=row.at,
        by=actor_of(row),
    )
