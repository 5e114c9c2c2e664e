"""Who is registered for a performance year and whose consents are missing, as staff look at it."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Row
from sqlalchemy import text as sql

from app.domain.identifiers import Npi, PracticeId
from app.domain.reporting import (
    ClinicianConsent,
    ConsentState,
    PracticeRegistration,
    ReportingOption,
)

WORKS_IN_THE_YEAR: Final = """
    EXISTS (
        SELECT FROM employments e
        WHERE e.practice_id = c.practice_id AND e.clinician_id = c.id
          AND e.starts_on <= make_date(:year, 12, 31)
          AND coalesce(e.ends_on, 'infinity') >= make_date(:year, 1, 1))
"""
"""A clinician `c` belongs to the `:year` when an employment of theirs has a day in it."""
_PRACTICES: Final = sql(f"""
    SELECT p.id, p.name, r.option, r.withdrawn_on,
           count(c.id) AS clinicians, count(k.id) AS signed
    FROM practices p
    LEFT JOIN registrations r ON r.practice_id = p.id AND r.performance_year = :year
    LEFT JOIN clinicians c ON c.practice_id = p.id AND {WORKS_IN_THE_YEAR}
    LEFT JOIN consents k ON k.practice_id = c.practice_id AND k.clinician_id = c.id
         AND k.performance_year = :year AND k.withdrawn_on IS NULL
    WHERE (CAST(:within AS text[]) IS NULL OR p.id = ANY(CAST(:within AS text[])))
      AND p.id > :after
    GROUP BY p.id, r.option, r.withdrawn_on
    ORDER BY p.id LIMIT :limit
""")  # noqa: S608 - a part of ours
_CLINICIANS: Final = sql(f"""
    SELECT c.id, c.npi, c.name, k.id AS consent_id, k.withdrawn_on
    FROM clinicians c
    LEFT JOIN LATERAL (
        SELECT id, withdrawn_on FROM consents
        WHERE practice_id = c.practice_id AND clinician_id = c.id AND performance_year = :year
        ORDER BY id DESC LIMIT 1) k ON true
    WHERE c.practice_id = :practice AND c.id > :after AND {WORKS_IN_THE_YEAR}
    ORDER BY c.id LIMIT :limit
""")  # noqa: S608 - a part of ours
_BEFORE_ALL: Final = UUID(int=0)


class ReportingQueries:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def practices(
        self,
        performance_year: int,
        *,
        within: frozenset[PracticeId] | None,
        after: PracticeId | None = None,
        limit: int | None = None,
    ) -> list[PracticeRegistration]:
        """Practices in the order of their ids, registered or not; of `within` unless it is None."""
        asked = {
            "year": performance_year,
            "within": None if within is None else sorted(within),
            "after": after or "",
            "limit": limit,
        }
        return [_practice(row) for row in self._connection.execute(_PRACTICES, asked)]

    def clinicians(
        self,
        practice: PracticeId,
        performance_year: int,
        *,
        after: UUID | None = None,
        limit: int | None = None,
    ) -> list[ClinicianConsent]:
        """Who works for the practice in the year, in the order in which they were added."""
        asked = {
            "practice": practice,
            "year": performance_year,
            "after": after or _BEFORE_ALL,
            "limit": limit,
        }
        return [_clinician(row) for row in self._connection.execute(_CLINICIANS, asked)]


def _practice(row: Row[Any]) -> PracticeRegistration:
    return PracticeRegistration(
        practice_id=PracticeId(row.id),
        name=row.name,
        option=None if row.option is None else ReportingOption(row.option),
        withdrawn_on=row.withdrawn_on,
        clinicians=row.clinicians,
        signed=row.signed,
    )


def _clinician(row: Row[Any]) -> ClinicianConsent:
    if row.consent_id is None:
        state = ConsentState.MISSING
    else:
        state = ConsentState.SIGNED if row.withdrawn_on is None else ConsentState.WITHDRAWN
    return ClinicianConsent(
        clinician_id=row.id,
        npi=Npi(row.npi),
        name=row.name,
        state=state,
        consent_id=row.consent_id,
    )
