"""How complete the fields of a practice's cases are, and what lies behind a figure."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, select
from sqlalchemy import text as sql

from app.domain.case_fields import CaseField, MonthOfFields
from app.domain.findings import FindingCode, Severity
from app.domain.found import FindingsOfMonth
from app.domain.identifiers import PracticeId
from app.domain.periods import Period
from app.storage.figures.told_fields import IS_TOLD
from app.storage.tables.figures import field_counts
from app.storage.uuid_times import first_id_at

_LACKING: Final = """
    SELECT case_id, anesthesia_record_id, date_of_service, submission_id, record_number
    FROM cases
    WHERE practice_id = :practice AND date_of_service BETWEEN :first_day AND :last_day
      AND status = 'active' AND NOT sandbox AND ({is_told}) IS NOT TRUE AND case_id > :after
    ORDER BY case_id LIMIT :limit
"""
# Ids grow with time, so those of a year stand side by side in the primary keys.
_FINDINGS: Final = sql("""
    SELECT c.code, c.severity, date_part('month', s.received_at AT TIME ZONE 'UTC') AS month,
           sum(c.findings) AS findings, sum(c.accepted) AS accepted,
           (array_agg(s.id ORDER BY s.id DESC))[1] AS newest
    FROM submissions s JOIN submission_finding_counts c
        ON c.practice_id = s.practice_id AND c.submission_id = s.id
    WHERE s.practice_id = :practice AND NOT s.sandbox AND s.id >= :first AND s.id < :behind
      AND c.practice_id = :practice
    GROUP BY 1, 2, 3
""")
_BEFORE_ALL: Final = UUID(int=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class LackingCase:
    """A case that does not tell a field, and the record of the submission that it stands on."""

    case_id: UUID
    anesthesia_record_id: str
    date_of_service: date
    submission_id: UUID
    record_number: int


class QualityQueries:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def told_by_month(self, practice: PracticeId, performance_year: int) -> list[MonthOfFields]:
        """From the kept totals, in the order of the months; months without cases are left out."""
        kept = field_counts.c
        rows = self._connection.execute(
            select(field_counts)
            .where(kept.practice_id == practice, kept.performance_year == performance_year)
            .order_by(kept.month)
        )
        return [
            MonthOfFields(
                month=row.month,
                cases=row.cases,
                told={field: row._mapping[field.value] for field in CaseField},
            )
            for row in rows
        ]

    def cases_lacking(
        self,
        practice: PracticeId,
        field: CaseField,
        period: Period,
        *,
        after: UUID | None,
        limit: int,
    ) -> list[LackingCase]:
        """Cases that count and do not tell `field`, in the order of their ids."""
        asked = {
            "practice": practice,
            "first_day": period.first_day,
            "last_day": period.last_day,
            "after": after or _BEFORE_ALL,
            "limit": limit,
        }
        query = sql(_LACKING.format(is_told=IS_TOLD[field]))
        return [LackingCase(**row._mapping) for row in self._connection.execute(query, asked)]

    def findings_of_year(self, practice: PracticeId, year: int) -> list[FindingsOfMonth]:
        """Of files received in the calendar year, outside the sandbox."""
        asked = {
            "practice": practice,
            "first": first_id_at(date(year, 1, 1)),
            "behind": first_id_at(date(year + 1, 1, 1)),
        }
        return [
            FindingsOfMonth(
                code=FindingCode(row.code),
                severity=Severity(row.severity),
                month=int(row.month),
                findings=row.findings,
                accepted=row.accepted,
                newest=row.newest,
            )
            for row in self._connection.execute(_FINDINGS, asked)
        ]
