"""Every table. `practice_id` leads every primary key, so that the tables can be spread by it."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
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

from app.storage import (
    access_tables,
    activity_tables,
    asc_tables,
    audit_tables,
    notice_tables,
    replacement_tables,
    reporting_tables,
    retention_tables,
    roster_tables,
)
from app.storage.metadata import metadata
from app.storage.months import MONTHS

__all__ = [
    "access_tables",
    "activity_tables",
    "asc_tables",
    "audit_tables",
    "metadata",
    "notice_tables",
    "replacement_tables",
    "reporting_tables",
    "retention_tables",
    "roster_tables",
]

_INSTANT = DateTime(timezone=True)
_CLOCK_TIME = DateTime(timezone=False)  # the sender's clock, no zone: kept as it came

practices = Table(
    "practices",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("created_at", _INSTANT, nullable=False, server_default=text("now()")),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("addresses", JSONB, nullable=False, server_default=text("'[]'")),
    Column("contacts", JSONB, nullable=False, server_default=text("'[]'")),
    Column("clinicians", Integer),
)

practice_tins = Table(
    "practice_tins",
    metadata,
    Column("practice_id", Text, ForeignKey("practices.id"), primary_key=True),
    Column("tin", Text, primary_key=True),
    Column("created_at", _INSTANT, nullable=False, server_default=text("now()")),
    Column("id", Uuid, nullable=False, server_default=text("gen_random_uuid()")),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("valid_from", Date),
    Column("valid_until", Date),
    UniqueConstraint("practice_id", "id"),
)

submissions = Table(
    "submissions",
    metadata,
    Column("practice_id", Text, ForeignKey("practices.id"), primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("sandbox", Boolean, nullable=False),
    Column("status", Text, nullable=False),
    Column("schema_version", Text),
    Column("on_error", Text, nullable=False),
    Column("replace_period", Text),
    Column("file_name", Text),
    Column("sha256", Text, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("api_key_id", Uuid, nullable=False),
    Column("received_at", _INSTANT, nullable=False),
    Column("finished_at", _INSTANT),
    Column("created", Integer, nullable=False, server_default="0"),
    Column("replaced", Integer, nullable=False, server_default="0"),
    Column("unchanged", Integer, nullable=False, server_default="0"),
    Column("held", Integer, nullable=False, server_default="0"),
    Column("rejected", Integer, nullable=False, server_default="0"),
    Column("valid", Integer, nullable=False, server_default="0"),
    Column("errors", Integer, nullable=False, server_default="0"),
    Column("warnings", Integer, nullable=False, server_default="0"),
    Column("findings_accepted", Integer, nullable=False, server_default="0"),
    Column("findings_total", Integer, nullable=False, server_default="0"),
    Column("failure_cause", Text),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("purged_at", _INSTANT),
    Index("ix_submissions_id", "id", unique=True),
    Index("ix_submissions_same_bytes", "sha256", "practice_id"),
    Index(
        "ix_submissions_unfinished",
        "received_at",
        postgresql_where=text("finished_at IS NULL"),
    ),
    Index(
        "ix_submissions_unfinished_of_a_practice",
        "practice_id",
        postgresql_where=text("finished_at IS NULL"),
    ),
)

submission_progress = Table(
    "submission_progress",
    metadata,
    Column("practice_id", Text, primary_key=True),
    Column("submission_id", Uuid, primary_key=True),
    Column("records_read", Integer, nullable=False),
    Column("bytes_read", BigInteger, nullable=False),
    prefixes=["UNLOGGED"],
)

submission_findings = Table(
    "submission_findings",
    metadata,
    Column("practice_id", Text, primary_key=True),
    Column("submission_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("finding", JSONB, nullable=False),
    Column("acceptance_id", Uuid),
)

submission_finding_counts = Table(
    "submission_finding_counts",
    metadata,
    Column("practice_id", Text, primary_key=True),
    Column("submission_id", Uuid, primary_key=True),
    Column("code", Text, primary_key=True),
    Column("severity", Text, primary_key=True),
    Column("findings", Integer, nullable=False),
    Column("accepted", Integer, nullable=False),
)

accepted_findings = Table(
    "accepted_findings",
    metadata,
    Column("practice_id", Text, ForeignKey("practices.id"), primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("sandbox", Boolean, nullable=False),
    Column("code", Text, nullable=False),
    Column("path", Text),
    Column("reason", Text, nullable=False),
    Column("expires_on", Date, nullable=False),
    Column("accepted_at", _INSTANT, nullable=False),
    Column("accepted_by", Uuid, nullable=False),
    Column("accepted_by_role", Text, nullable=False),
    Column("accepted_by_label", Text),
    Column("withdrawn_at", _INSTANT),
    Column("withdrawn_by", Uuid),
    Column("withdrawn_by_role", Text),
    Column("withdrawn_by_label", Text),
    Column("withdrawal_reason", Text),
)

submission_records = Table(
    "submission_records",
    metadata,
    Column("practice_id", Text, primary_key=True),
    Column("submission_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("line", Integer, nullable=False),
    Column("anesthesia_record_id", Text),
    Column("outcome", Text, nullable=False),
    Column("case_id", Uuid),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("practice_id", Text, primary_key=True),
    Column("api_key_id", Uuid, primary_key=True),
    Column("idempotency_key", Text, primary_key=True),
    Column("request_hash", Text, nullable=False),
    Column("made_id", Uuid, nullable=False),
    Column("created_at", _INSTANT, nullable=False, server_default=text("now()")),
    Column("answer", JSONB),
)

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
    Column("patient_id", Text),
    Column("date_of_birth", Date),
    Column("race", Text),
    Column("home_zip", Text),
    Column("home_state", Text),
    Column("place_of_service", SmallInteger),
    Column("procedure_id", Text),
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
)

case_counts = Table(
    "case_counts",
    metadata,
    Column("practice_id", Text, primary_key=True),
    Column("performance_year", SmallInteger, primary_key=True, autoincrement=False),
    Column("tin", Text, primary_key=True),
    Column("npi", Text, primary_key=True),
    Column("facility_id", Text, primary_key=True),
    *(Column(month, Integer, nullable=False) for month in MONTHS),
    Index(
        "ix_case_counts_by_tin",
        "practice_id",
        "performance_year",
        "tin",
        postgresql_where=text("npi = ''"),
    ),
)

measure_counts = Table(
    "measure_counts",
    metadata,
    Column("practice_id", Text, primary_key=True),
    Column("performance_year", SmallInteger, primary_key=True, autoincrement=False),
    Column("measure_id", Text, primary_key=True),
    Column("stratum", Text, primary_key=True),
    Column("tin", Text, primary_key=True),
    Column("npi", Text, primary_key=True),
    Column("performance_met", Integer, nullable=False),
    Column("performance_not_met", Integer, nullable=False),
    Column("denominator_exception", Integer, nullable=False),
    Column("denominator_exclusion", Integer, nullable=False),
    Column("unreported", Integer, nullable=False),
    Index(
        "ix_measure_counts_by_tin",
        "practice_id",
        "performance_year",
        "measure_id",
        "stratum",
        "tin",
        postgresql_where=text("npi = ''"),
    ),
)
