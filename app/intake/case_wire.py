"""Cases as JSON. One shape for the version that stands and for those before it."""

from datetime import UTC, date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field

from app.domain.json_numbers import JsonNumber
from app.domain.populations import Population
from app.intake.patient_identifiers import (
    PatientIdentifiers,
    identifiers_in,
    with_identifiers,
)
from app.storage.cases.case_queries import CaseStatus, CaseVersion, StoredCase

Instant = Annotated[AwareDatetime, AfterValidator(lambda moment: moment.astimezone(UTC))]
"""A time of ours, in UTC. A `datetime` without a zone is the sender's clock, kept as it came."""


class CaseSummary(BaseModel):
    case_id: UUID
    anesthesia_record_id: str
    status: CaseStatus
    version: int
    date_of_service: date
    facility_id: str
    submission_id: UUID

    @classmethod
    def of(cls, case: StoredCase) -> Self:
        return cls.model_validate(case.fields)


class MethodOut(BaseModel):
    category: str
    subcategory: str | None
    start: datetime
    end: datetime


class ProcedureCodeOut(BaseModel):
    value: str
    modifier: str | None


class DiagnosisCodeOut(BaseModel):
    value: str
    version: str = Field(description="9 or 10, of the ICD.")


class OutcomeEventOut(BaseModel):
    outcome_id: int
    occurred: bool
    severity: str | None
    time_frame: str | None


class QualityCodeOut(BaseModel):
    measure: str = Field(description="As written in the file: PQRS424, MIPS424, AQI48 ...")
    code: str
    modifier: str = Field(description="Empty when there is none.")


class TemperatureOut(BaseModel):
    value: JsonNumber
    at: datetime | None
    unit: str | None = Field(description="As written in the file: C, F, degC ...")


class CaseFields(BaseModel):
    """What the registry keeps of a record, and which submission it came with.

    `patient_id`, `date_of_birth`, `home_zip` and `procedure_id` are kept in the encrypted record
    alone; they are null too where that can no longer be read.
    Clinical times have no zone: they are the sender's clock, kept as it came.
    """

    anesthesia_record_id: str
    submission_id: UUID
    record_number: int = Field(description="Place of the record in its case file, from 1.")
    stored_at: Instant
    schema_version: str
    performance_year: int
    date_of_service: date
    facility_id: str
    patient_sex: str
    age_years: int
    asa_class: str
    procedure_status: str
    anesthesia_start: datetime
    anesthesia_end: datetime
    patient_id: str | None
    date_of_birth: date | None
    race: str | None
    home_zip: str | None
    home_state: str | None
    place_of_service: int | None
    procedure_id: str | None
    procedure_start: datetime | None
    procedure_end: datetime | None
    admission_status: str | None
    admission_date: datetime | None
    transfer_status: str | None
    coverage: str | None
    weight_kg: JsonNumber | None
    height_cm: JsonNumber | None
    disposition: str | None
    discharge: str | None
    discharge_time: datetime | None
    hospital_stay_days: int | None
    methods: list[MethodOut]
    anesthesia_codes: list[ProcedureCodeOut]
    procedure_codes: list[ProcedureCodeOut]
    diagnoses: list[DiagnosisCodeOut]
    postoperative_diagnoses: list[DiagnosisCodeOut]
    outcomes: list[OutcomeEventOut]
    quality_codes: list[QualityCodeOut]
    temperatures: list[TemperatureOut]
    payment_methods: list[str]
    deleted_at: Instant | None
    deletion_reason: str | None
    deleted_by: UUID | None = Field(description="The id of the API key.")


class StaffOut(BaseModel):
    position: int = Field(description="Place in the staff of the record, from 1.")
    tin: str
    npi: str
    credentials: str
    responsibility: str | None
    sign_in: datetime | None
    sign_out: datetime | None


class MeasureOutcomeOut(BaseModel):
    """Where the case landed in a measure; `reason` is explained by the measure."""

    measure_id: str
    stratum: str
    performance_year: int
    population: Population
    reason: str


class CaseOut(BaseModel):
    """A case with its fields, its staff and where it landed in each measure."""

    case_id: UUID
    practice_id: str
    sandbox: bool
    status: CaseStatus
    version: int
    fields: CaseFields
    staff: list[StaffOut]
    measures: list[MeasureOutcomeOut]

    @classmethod
    def of(cls, case: StoredCase, identifiers: PatientIdentifiers) -> Self:
        return cls.model_validate(
            {
                "case_id": case.case_id,
                "practice_id": case.practice_id,
                "sandbox": case.sandbox,
                "status": case.status,
                "version": case.version,
                "fields": with_identifiers(case.fields, identifiers),
                "staff": case.staff,
                "measures": case.outcomes,
            }
        )


class CaseVersionOut(BaseModel):
    """One version; `ended_by` says what replaced or deleted it, null for the one that stands."""

    version: int
    ended_at: Instant | None
    ended_by: str | None
    fields: CaseFields
    staff: list[StaffOut]

    @classmethod
    def standing(cls, case: StoredCase, identifiers: PatientIdentifiers) -> Self:
        return cls(
            version=case.version,
            ended_at=None,
            ended_by=None,
            fields=CaseFields.model_validate(with_identifiers(case.fields, identifiers)),
            staff=[StaffOut.model_validate(member) for member in case.staff],
        )

    @classmethod
    def of(cls, version: CaseVersion) -> Self:
        return cls(
            version=version.version,
            ended_at=version.ended_at,
            ended_by=version.ended_by,
            fields=CaseFields.model_validate(
                with_identifiers(version.fields, identifiers_in(version.record))
            ),
            staff=[StaffOut.model_validate(member) for member in version.staff],
        )


class Tombstone(BaseModel):
    """What stays of a deleted case beside its history."""

    case_id: UUID
    status: CaseStatus
    version: int
    deleted_at: Instant
    reason: str

    @classmethod
    def of(cls, case: StoredCase) -> Self:
        return cls(
            case_id=case.case_id,
            status="deleted",
            version=case.version,
            deleted_at=case.fields["deleted_at"],
            reason=case.fields["deletion_reason"],
        )
