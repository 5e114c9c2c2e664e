"""What pages are about: the largest practice, its busiest clinician, one of each thing it has."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, LiteralString

import psycopg

from app.domain.case_fields import CaseField
from app.domain.identifiers import Npi, PracticeId
from app.roster.entry_kinds import ENTRY_KINDS
from app.storage.unit_of_work import UnitOfWork
from bench.database import BenchDatabase
from bench.fixed import PRACTICE
from bench.reads_questions import YEARS

YEAR: Final = max(YEARS)
_MEASURE: Final = "424"
OPENED_REPORT: Final = "/v1/feedback-reports/{report_id}"
_QUERIES: Final[Mapping[str, Mapping[str, str]]] = {
    "/practices/{practice_id}/data-quality/{field}": {"period": f"{YEAR}-06"},
    "/vendor": {"days": "180"},
    "/vendors/{organization_id}": {"days": "180"},
    "/operations": {"window": "month"},
    OPENED_REPORT: {"format": "html"},
}
"""Of pages that show more than a year, the most."""
_CLINICIAN: Final = """
    SELECT c.id, c.npi FROM clinicians c JOIN (
        SELECT npi FROM case_staff WHERE practice_id = %(practice)s
        GROUP BY npi ORDER BY count(*) DESC, npi LIMIT 1) busiest USING (npi)
    WHERE c.practice_id = %(practice)s
"""
_FACILITY: Final = """
    SELECT facility_id FROM cases WHERE practice_id = %(practice)s
    GROUP BY facility_id ORDER BY count(*) DESC, facility_id LIMIT 1
"""
# A record that was received, and a file whose records are told one by one: those of the sample.
_CASE: Final = "SELECT case_id FROM cases WHERE practice_id = %(sample)s ORDER BY case_id LIMIT 1"
_SUBMISSION: Final = """
    SELECT id FROM submissions WHERE practice_id = %(sample)s ORDER BY findings_total DESC LIMIT 1
"""
_CONSENT: Final = "SELECT id FROM consents WHERE practice_id = %(practice)s ORDER BY id LIMIT 1"
_INVOICE: Final = "SELECT number FROM invoices WHERE practice_id = %(practice)s LIMIT 1"
_REPORT: Final = """
    SELECT id FROM feedback_reports WHERE practice_id = %(practice)s AND npi = ''
    ORDER BY tin, id LIMIT 1
"""
_ASKED: Final[Mapping[str, LiteralString]] = {
    "clinician": _CLINICIAN,
    "facility": _FACILITY,
    "case_id": _CASE,
    "submission_id": _SUBMISSION,
    "consent_id": _CONSENT,
    "number": _INVOICE,
    "report_id": _REPORT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subjects:
    """`values` by the name of a parameter, `entries` by the path of a list of the roster."""

    practice: PracticeId
    npi: Npi
    facility: str
    values: Mapping[str, object]
    entries: Mapping[str, object]

    def values_of(self, route: str) -> Iterator[Mapping[str, object]]:
        if "{path}" not in route:
            yield self.values
            return
        for path, entry in self.entries.items():
            yield {**self.values, "path": path, "entry_id": entry}

    def query_of(self, route: str) -> Mapping[str, str]:
        if route.endswith("/facility"):
            return {"facility": self.facility, "year": str(YEAR)}
        return _QUERIES.get(route, {"year": str(YEAR)})


def subjects_in(
    database: BenchDatabase, practice: PracticeId, work: UnitOfWork, **told: object
) -> Subjects:
    """`told`: values of parameters that belong to no practice."""
    asked = {"practice": practice, "sample": PRACTICE}
    with psycopg.connect(database.conninfo("postgres")) as connection:
        found = {
            name: connection.execute(statement, asked).fetchone() or (None,)
            for name, statement in _ASKED.items()
        }
    clinician_id, npi = found.pop("clinician")
    [facility] = found.pop("facility")
    return Subjects(
        practice=practice,
        npi=Npi(npi),
        facility=facility,
        values={
            "practice_id": practice,
            "entry_id": clinician_id,
            "measure_id": _MEASURE,
            "field": CaseField.PATIENT_SEX.value,
            **{name: row[0] for name, row in found.items()},
            **told,
        },
        entries={
            kind.path: next((each.id for each in work.roster.all(kind.entry, practice)), None)
            for kind in ENTRY_KINDS
        },
    )
