"""The tables of cases: fields that are asked for, the record as received, outcomes, history."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from app.storage.tables.metadata import metadata

_INSTANT = DateTime(timezone=True)
_CLOCK_TIME = DateTime(timezone=False)  # the sender's clock, no zone: kept as it came

cases = Table(
    "cases",
    metadata,
    Column("practice_id", Text, primary_key=True),
    Column("case_id", Uuid, primary_key=True),
    Column("anesthesia_record_id", Text, nullable=False),
    Column("sandbox", Boolean, nullable=False),
    Column("status", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("submission_id", Uuid, nullable=False),
    Column("record_number", Integer, nullable=False),
    Column("stored_at", _INSTANT, nullable=False),
    Column("schema_version", Text, nullable=False),
    Column("performance_year", SmallInteger, nullable=False),
    Column("date_of_service", Date, nullable=False),
    Column("facility_id", Text, nullable=False),
    Column("patient_sex", Text, nullable=False),
    Column("age_years", SmallInteger, nullable=False),
    Column("asa_class", Text, nullable=False),
    Column("procedure_status", Text, nullable=False),
    Column("anesthesia_start", _CLOCK_TIME, nullable=False),
    Column("anesthesia_end", _CLOCK_TIME, nullable=False),
    Column("race", Text),
    Column("home_state", Text),
    Column("place_of_service", SmallInteger),
    Column("procedure_start", _CLOCK_TIME),
    Column("procedure_end", _CLOCK_TIME),
    Column("admission_status", Text),
    Column("admission_date", _CLOCK_TIME),
    Column("transfer_status", Text),
    Column("coverage", Text),
    Column("weight_kg", Numeric),
    Column("height_cm", Numeric),
    Column("disposition", Text),
    Column("discharge", Text),
    Column("discharge_time", _CLOCK_TIME),
    Column("hospital_stay_days", Integer),
    Column("methods", JSONB, nullable=False),
    Column("anesthesia_codes", JSONB, nullable=False),
    Column("procedure_codes", JSONB, nullable=False),
    Column("diagnoses", JSONB, nullable=False),
    Column("postoperative_diagnoses", JSONB, nullable=False),
    Column("outcomes", JSONB, nullable=False),
    Column("quality_codes", JSONB, nullable=False),
    Column("temperatures", JSONB, nullable=False),
    Column("payment_methods", JSONB, nullable=False),
    Column("deleted_at", _INSTANT),
    Column("deletion_reason", Text),
    Column("deleted_by", Uuid),
    UniqueConstraint("practice_id", "sandbox", "anesthesia_record_id"),
    # By hash, which knows no order: else the pages of a large practice are read along all cases.
    Index("ix_cases_id", "case_id", postgresql_using="hash"),
    Index("ix_cases_date_of_service", "practice_id", "date_of_service"),
    Index("ix_cases_of_a_year", "practice_id", "performance_year", "case_id"),
    Index("ix_cases_held", "practice_id", postgresql_where=text("status = 'held'")),
)

case_payloads = Table(
    "case_payloads",
    metadata,
    Column("practice_id", Text, primary_key=True),
    Column("case_id", Uuid, primary_key=True),
    Column("data", LargeBinary, nullable=False),
    Column("data_key", Integer),  # None for a record from before records were sealed
)

case_staff = Table(
    "case_staff",
    metadata,
    Column("practice_id", Text, primary_key=True),
    Column("case_id", Uuid, primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("tin", Text, nullable=False),
    Column("npi", Text, nullable=False),
    Column("credentials", Text, nullable=False),
    Column("responsibility", Text),
    Column("sign_in", _CLOCK_TIME),
    Column("sign_out", _CLOCK_TIME),
    Index("ix_case_staff_npi", "practice_id", "npi", "case_id"),
)

measure_outcomes = Table(
    "measure_outcomes",
    metadata,
    Column("practice_id", Text, primary_key=True),
    Column("case_id", Uuid, primary_key=True),
    Column("measure_id", Text, primary_key=True),
    Column("stratum", Text, primary_key=True),
    Column("performance_year", SmallInteger, nullable=False),
    Column("population", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Index(
        "ix_measure_outcomes_behind_a_number",
        "practice_id",
        "measure_id",
        "performance_year",
        "case_id",
    ),
)

case_versions = Table(
    "case_versions",
    metadata,
    Column("practice_id", Text, primary_key=True),
    Column("case_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("ended_at", _INSTANT, nullable=False),
    Column("ended_by", Text, nullable=False),
    Column("row", JSONB, nullable=False),
    Column("staff", JSONB, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("data_key", Integer),
)
