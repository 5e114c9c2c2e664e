"""A case as rows of COPY text, without the key columns that only the store knows.

What says whose case it is (PatientID, DOB, HomeZip, ProcedureID) is in no row: it is kept in the
sealed record alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from app.domain.asc import AscOutcome
from app.domain.cases import AnesthesiaCase, StaffMember
from app.domain.populations import MeasureOutcome
from app.storage.copying import NULL, copy_json, copy_text

CASE_COLUMNS: Final = (
    "performance_year",
    "date_of_service",
    "facility_id",
    "patient_sex",
    "age_years",
    "asa_class",
    "procedure_status",
    "anesthesia_start",
    "anesthesia_end",
    "race",
    "home_state",
    "place_of_service",
    "procedure_start",
    "procedure_end",
    "admission_status",
    "admission_date",
    "transfer_status",
    "coverage",
    "weight_kg",
    "height_cm",
    "disposition",
    "discharge",
    "discharge_time",
    "hospital_stay_days",
    "methods",
    "anesthesia_codes",
    "procedure_codes",
    "diagnoses",
    "postoperative_diagnoses",
    "outcomes",
    "quality_codes",
    "temperatures",
    "payment_methods",
)
STAFF_COLUMNS: Final = (
    "position",
    "tin",
    "npi",
    "credentials",
    "responsibility",
    "sign_in",
    "sign_out",
)
OUTCOME_COLUMNS: Final = ("measure_id", "stratum", "performance_year", "population", "reason")
ASC_OUTCOME_COLUMNS: Final = ("measure_id", "performance_year", "landing", "reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRows:
    """COPY text: one line of `cases`, lines of the tables with staff and with outcomes.

    `catalogue_version` is that of the rules of `performance_year` that made the outcomes.
    """

    performance_year: int
    catalogue_version: str
    case: str
    staff: tuple[str, ...]
    outcomes: tuple[str, ...]
    asc_outcomes: tuple[str, ...]


def case_rows(
    case: AnesthesiaCase,
    outcomes: list[MeasureOutcome],
    asc_outcomes: list[AscOutcome],
    *,
    catalogue_version: str,
) -> CaseRows:
    return CaseRows(
        performance_year=case.performance_year,
        catalogue_version=catalogue_version,
        case="\t".join(_case_fields(case)),
        staff=tuple(
            _staff_line(position, member) for position, member in enumerate(case.staff, start=1)
        ),
        outcomes=tuple(
            f"{outcome.measure_id}\t{outcome.stratum}\t{case.performance_year}"
            f"\t{outcome.population.value}\t{outcome.reason}"
            for outcome in outcomes
        ),
        asc_outcomes=tuple(
            f"{each.measure_id}\t{case.performance_year}\t{each.landing.value}\t{each.reason}"
            for each in asc_outcomes
        ),
    )


def _case_fields(case: AnesthesiaCase) -> tuple[str, ...]:
    """In the order of CASE_COLUMNS. Values of closed lists hold nothing to escape."""
    return (
        str(case.performance_year),
        case.date_of_service.isoformat(),
        copy_text(case.facility_id),
        case.patient_sex,
        str(case.age_years),
        case.asa_class,
        case.procedure_status,
        _time(min(method.start for method in case.methods)),
        _time(max(method.end for method in case.methods)),
        case.race or NULL,
        case.home_state or NULL,
        copy_text(case.place_of_service),
        _time(case.procedure_start),
        _time(case.procedure_end),
        case.admission_status or NULL,
        _time(case.admission_date),
        case.transfer_status or NULL,
        case.coverage or NULL,
        copy_text(case.weight_kg),
        copy_text(case.height_cm),
        copy_text(case.disposition),
        case.discharge or NULL,
        _time(case.discharge_time),
        copy_text(case.hospital_stay_days),
        _json(case.methods),
        _json(case.anesthesia_codes),
        _json(case.procedure_codes),
        _json(case.diagnoses),
        _json(case.postoperative_diagnoses),
        _json(case.outcomes),
        _json(case.quality_codes),
        _json(case.temperatures),
        copy_json(case.payment_methods),
    )


def _staff_line(position: int, member: StaffMember) -> str:
    return (
        f"{position}\t{member.tin}\t{member.npi}\t{member.credentials}"
        f"\t{member.responsibility or NULL}\t{_time(member.sign_in)}\t{_time(member.sign_out)}"
    )


def _json(parts: Sequence[NamedTuple]) -> str:
    return copy_json([part._asdict() for part in parts]) if parts else "[]"


def _time(moment: datetime | None) -> str:
    return NULL if moment is None else moment.isoformat(" ")
