"""The case: one `AnesthesiaRecord`, decoded. One shape for every schema version.

Times are the sender's clock times: they carry no zone and are kept as they came. The small parts
are named tuples: intake makes 25 of them a record, at a third of the cost of frozen dataclasses,
and without naming their fields: that would cost half as much again.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from app.domain.identifiers import Npi, Tin


class AnesthesiaMethod(NamedTuple):
    category: str
    subcategory: str | None
    start: datetime
    end: datetime


class StaffMember(NamedTuple):
    tin: Tin
    npi: Npi
    credentials: str
    responsibility: str | None = None
    sign_in: datetime | None = None
    sign_out: datetime | None = None


class ProcedureCode(NamedTuple):
    """A code of CPTSet or CPTAnesSet; quality codes may stand here too (`catalogue` decides)."""

    value: str
    modifier: str | None = None


class DiagnosisCode(NamedTuple):
    """A code of an ICDSet; `version` is "9" or "10". NACOR registry codes stand here too."""

    value: str
    version: str


class OutcomeEvent(NamedTuple):
    outcome_id: int
    occurred: bool
    severity: str | None = None
    time_frame: str | None = None


class QualityCode(NamedTuple):
    """A QCDR entry: `measure` as written in the file (PQRS424), `modifier` "" when absent."""

    measure: str
    code: str
    modifier: str = ""


class Temperature(NamedTuple):
    """A temperature reading; `unit` as written in the file (C, F, degC ...) or None."""

    value: Decimal
    at: datetime | None
    unit: str | None


class Medication(NamedTuple):
    """A drug of IntraOp/MedicationsSet, mixtures as one entry each; `start` is DoseStart."""

    name: str
    start: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnesthesiaCase:
    """What counts, dashboards and measures need of one `AnesthesiaRecord`.

    `date_of_service` is the date of the earliest AnesthesiaStartTime. `medications` is None when
    the record has no MedicationsSet: nothing is known then, which differs from "none given".
    `pacu_arrival` is that of the earliest milestone which tells one.
    """

    anesthesia_record_id: str
    date_of_service: date
    facility_id: str
    patient_sex: str
    age_years: int
    asa_class: str
    procedure_status: str
    staff: tuple[StaffMember, ...]
    methods: tuple[AnesthesiaMethod, ...]
    anesthesia_codes: tuple[ProcedureCode, ...] = ()
    procedure_codes: tuple[ProcedureCode, ...] = ()
    diagnoses: tuple[DiagnosisCode, ...] = ()
    postoperative_diagnoses: tuple[DiagnosisCode, ...] = ()
    outcomes: tuple[OutcomeEvent, ...] = ()
    quality_codes: tuple[QualityCode, ...] = ()
    temperatures: tuple[Temperature, ...] = ()
    pacu_arrival: datetime | None = None
    medications: tuple[Medication, ...] | None = None
    payment_methods: tuple[str, ...] = ()
    patient_id: str | None = None
    date_of_birth: date | None = None
    race: str | None = None
    home_zip: str | None = None
    home_state: str | None = None
    place_of_service: int | None = None
    procedure_id: str | None = None
    procedure_start: datetime | None = None
    procedure_end: datetime | None = None
    admission_status: str | None = None
    admission_date: datetime | None = None
    transfer_status: str | None = None
    coverage: str | None = None
    weight_kg: Decimal | None = None
    height_cm: Decimal | None = None
    disposition: str | None = None
    discharge: str | None = None
    discharge_time: datetime | None = None
    hospital_stay_days: int | None = None

    @property
    def performance_year(self) -> int:
        return self.date_of_service.year
