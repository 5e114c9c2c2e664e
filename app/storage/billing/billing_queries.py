"""What the roster and the cases tell billing: the share of members, the clinicians seen."""

from collections.abc import Collection
from typing import Final

from sqlalchemy import Connection
from sqlalchemy import text as sql

from app.domain.billing import MemberShare, SeenClinician
from app.domain.identifiers import PracticeId
from app.storage.reporting.reporting_queries import WORKS_IN_THE_YEAR

_SHARE: Final = sql(f"""
    SELECT count(*) AS clinicians,
           count(*) FILTER (WHERE CAST(:year AS smallint) = ANY(c.asa_member_years)) AS members
    FROM clinicians c WHERE c.practice_id = :practice AND {WORKS_IN_THE_YEAR}
""")  # noqa: S608 - a part of ours
_SEEN: Final = sql("""
    WITH staff AS (
        SELECT s.case_id, s.npi, s.credentials
        FROM cases c JOIN case_staff s ON s.practice_id = c.practice_id AND s.case_id = c.case_id
        WHERE c.practice_id = :practice AND c.performance_year = :year
          AND c.status = 'active' AND NOT c.sandbox
    ), with_physician AS (
        SELECT DISTINCT case_id FROM staff WHERE credentials = ANY(:physicians)
    )
    SELECT array_agg(DISTINCT s.credentials) AS credentials,
           bool_or(p.case_id IS NOT NULL) AS with_physician,
           bool_or(coalesce(CAST(:year AS smallint) = ANY(k.asa_member_years), false)) AS is_member
    FROM staff s
    LEFT JOIN with_physician p USING (case_id)
    LEFT JOIN clinicians k ON k.practice_id = :practice AND k.npi = s.npi
    GROUP BY s.npi
""")


class BillingQueries:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def member_share(self, practice: PracticeId, performance_year: int) -> MemberShare:
        """Of the clinicians who work for the practice on a day of the year, by the roster."""
        asked = {"practice": practice, "year": performance_year}
        row = self._connection.execute(_SHARE, asked).one()
        return MemberShare(members=row.members, clinicians=row.clinicians)

    def seen_clinicians(
        self, practice: PracticeId, performance_year: int, *, physicians: Collection[str]
    ) -> list[SeenClinician]:
        """Everybody among the staff of the cases that count; `physicians` are credentials."""
        asked = {"practice": practice, "year": performance_year, "physicians": list(physicians)}
        return [
            SeenClinician(
                credentials=frozenset(row.credentials),
                with_physician=row.with_physician,
                is_member=row.is_member,
            )
            for row in self._connection.execute(_SEEN, asked)
        ]
