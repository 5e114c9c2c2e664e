"""The first tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("practice_ids", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("sandbox", sa.Boolean(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_api_keys_key_hash")),
    )
    op.create_table(
        "case_counts",
        sa.Column("practice_id", sa.Text(), nullable=False),
        sa.Column("performance_year", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("tin", sa.Text(), nullable=False),
        sa.Column("npi", sa.Text(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "practice_id",
            "performance_year",
            "tin",
            "npi",
            "month",
            "facility_id",
            name=op.f("pk_case_counts"),
        ),
    )
    op.create_table(
        "case_payloads",
        sa.Column("practice_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("practice_id", "case_id", name=op.f("pk_case_payloads")),
    )
    op.create_table(
        "case_staff",
        sa.Column("practice_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tin", sa.Text(), nullable=False),
        sa.Column("npi", sa.Text(), nullable=False),
        sa.Column("credentials", sa.Text(), nullable=False),
        sa.Column("responsibility", sa.Text(), nullable=True),
        sa.Column("sign_in", sa.DateTime(), nullable=True),
        sa.Column("sign_out", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("practice_id", "case_id", "position", name=op.f("pk_case_staff")),
    )
    op.create_table(
        "case_versions",
        sa.Column("practice_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.Text(), nullable=False),
        sa.Column("row", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("staff", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("practice_id", "case_id", "version", name=op.f("pk_case_versions")),
    )
    op.create_table(
        "cases",
        sa.Column("practice_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("anesthesia_record_id", sa.Text(), nullable=False),
        sa.Column("sandbox", sa.Boolean(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("record_number", sa.Integer(), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("schema_version", sa.Text(), nullable=False),
        sa.Column("performance_year", sa.SmallInteger(), nullable=False),
        sa.Column("date_of_service", sa.Date(), nullable=False),
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("patient_sex", sa.Text(), nullable=False),
        sa.Column("age_years", sa.SmallInteger(), nullable=False),
        sa.Column("asa_class", sa.Text(), nullable=False),
        sa.Column("procedure_status", sa.Text(), nullable=False),
        sa.Column("anesthesia_start", sa.DateTime(), nullable=False),
        sa.Column("anesthesia_end", sa.DateTime(), nullable=False),
        sa.Column("patient_id", sa.Text(), nullable=True),
        sa.Column("date_of_birth", sa.Date(), nullable=True),
        sa.Column("race", sa.Text(), nullable=True),
        sa.Column("home_zip", sa.Text(), nullable=True),
        sa.Column("home_state", sa.Text(), nullable=True),
        sa.Column("place_of_service", sa.SmallInteger(), nullable=True),
        sa.Column("procedure_id", sa.Text(), nullable=True),
        sa.Column("procedure_start", sa.DateTime(), nullable=True),
        sa.Column("procedure_end", sa.DateTime(), nullable=True),
        sa.Column("admission_status", sa.Text(), nullable=True),
        sa.Column("admission_date", sa.DateTime(), nullable=True),
        sa.Column("transfer_status", sa.Text(), nullable=True),
        sa.Column("coverage", sa.Text(), nullable=True),
        sa.Column("weight_kg", sa.Numeric(), nullable=True),
        sa.Column("height_cm", sa.Numeric(), nullable=True),
        sa.Column("disposition", sa.Text(), nullable=True),
        sa.Column("discharge", sa.Text(), nullable=True),
        sa.Column("discharge_time", sa.DateTime(), nullable=True),
        sa.Column("hospital_stay_days", sa.Integer(), nullable=True),
        sa.Column("methods", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("anesthesia_codes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("procedure_codes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("diagnoses", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "postoperative_diagnoses", postgresql.JSONB(astext_type=sa.Text()), nullable=False
        ),
        sa.Column("outcomes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("quality_codes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("temperatures", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("payment_methods", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deletion_reason", sa.Text(), nullable=True),
        sa.Column("deleted_by", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("practice_id", "case_id", name=op.f("pk_cases")),
        sa.UniqueConstraint(
            "practice_id",
            "sandbox",
            "anesthesia_record_id",
            name=op.f("uq_cases_practice_id_sandbox_anesthesia_record_id"),
        ),
    )
    op.create_index(
        "ix_cases_date_of_service", "cases", ["practice_id", "date_of_service"], unique=False
    )
    op.create_index(
        "ix_cases_held",
        "cases",
        ["practice_id"],
        unique=False,
        postgresql_where=sa.text("status = 'held'"),
    )
    op.create_index("ix_cases_id", "cases", ["case_id"], unique=False)
    op.create_table(
        "idempotency_keys",
        sa.Column("practice_id", sa.Text(), nullable=False),
        sa.Column("api_key_id", sa.Uuid(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("request_hash", sa.Text(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint(
            "practice_id", "api_key_id", "idempotency_key", name=op.f("pk_idempotency_keys")
        ),
    )
    op.create_table(
        "measure_counts",
        sa.Column("practice_id", sa.Text(), nullable=False),
        sa.Column("performance_year", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("measure_id", sa.Text(), nullable=False),
        sa.Column("stratum", sa.Text(), nullable=False),
        sa.Column("tin", sa.Text(), nullable=False),
        sa.Column("npi", sa.Text(), nullable=False),
        sa.Column("performance_met", sa.Integer(), nullable=False),
        sa.Column("performance_not_met", sa.Integer(), nullable=False),
        sa.Column("denominator_exception", sa.Integer(), nullable=False),
        sa.Column("denominator_exclusion", sa.Integer(), nullable=False),
        sa.Column("unreported", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "practice_id",
            "performance_year",
            "measure_id",
            "stratum",
            "tin",
            "npi",
            name=op.f("pk_measure_counts"),
        ),
    )
    op.create_table(
        "measure_outcomes",
        sa.Column("practice_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("measure_id", sa.Text(), nullable=False),
        sa.Column("stratum", sa.Text(), nullable=False),
        sa.Column("performance_year", sa.SmallInteger(), nullable=False),
        sa.Column("population", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(
            "practice_id", "case_id", "measure_id", "stratum", name=op.f("pk_measure_outcomes")
        ),
    )
    op.create_index(
        "ix_measure_outcomes_behind_a_number",
        "measure_outcomes",
        ["practice_id", "measure_id", "performance_year", "case_id"],
        unique=False,
    )
    op.create_table(
        "practices",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practices")),
    )
    op.create_table(
        "submission_findings",
        sa.Column("practice_id", sa.Text(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("finding", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint(
            "practice_id", "submission_id", "number", name=op.f("pk_submission_findings")
        ),
    )
    op.create_table(
        "submission_records",
        sa.Column("practice_id", sa.Text(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("anesthesia_record_id", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint(
            "practice_id", "submission_id", "number", name=op.f("pk_submission_records")
        ),
    )
    op.create_table(
        "practice_tins",
        sa.Column("practice_id", sa.Text(), nullable=False),
        sa.Column("tin", sa.Text(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practices.id"], name=op.f("fk_practice_tins_practice_id")
        ),
        sa.PrimaryKeyConstraint("practice_id", "tin", name=op.f("pk_practice_tins")),
    )
    op.create_table(
        "submissions",
        sa.Column("practice_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sandbox", sa.Boolean(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("schema_version", sa.Text(), nullable=True),
        sa.Column("on_error", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("api_key_id", sa.Uuid(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created", sa.Integer(), server_default="0", nullable=False),
        sa.Column("replaced", sa.Integer(), server_default="0", nullable=False),
        sa.Column("unchanged", sa.Integer(), server_default="0", nullable=False),
        sa.Column("held", sa.Integer(), server_default="0", nullable=False),
        sa.Column("rejected", sa.Integer(), server_default="0", nullable=False),
        sa.Column("valid", sa.Integer(), server_default="0", nullable=False),
        sa.Column("errors", sa.Integer(), server_default="0", nullable=False),
        sa.Column("warnings", sa.Integer(), server_default="0", nullable=False),
        sa.Column("findings_total", sa.Integer(), server_default="0", nullable=False),
        sa.Column("failure_cause", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practices.id"], name=op.f("fk_submissions_practice_id")
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_submissions")),
    )
    op.create_index("ix_submissions_id", "submissions", ["id"], unique=True)
    op.create_index(
        "ix_submissions_same_bytes", "submissions", ["sha256", "practice_id"], unique=False
    )
    op.create_index(
        "ix_submissions_unfinished",
        "submissions",
        ["received_at"],
        unique=False,
        postgresql_where=sa.text("finished_at IS NULL"),
    )
    # The payload is compressed already: PostgreSQL must not try again.
    op.execute("ALTER TABLE case_payloads ALTER COLUMN data SET STORAGE EXTERNAL")
    op.execute("ALTER TABLE case_versions ALTER COLUMN payload SET STORAGE EXTERNAL")


def downgrade() -> None:
    op.drop_index(
        "ix_submissions_unfinished",
        table_name="submissions",
        postgresql_where=sa.text("finished_at IS NULL"),
    )
    op.drop_index("ix_submissions_same_bytes", table_name="submissions")
    op.drop_index("ix_submissions_id", table_name="submissions")
    op.drop_table("submissions")
    op.drop_table("practice_tins")
    op.drop_table("submission_records")
    op.drop_table("submission_findings")
    op.drop_table("practices")
    op.drop_index("ix_measure_outcomes_behind_a_number", table_name="measure_outcomes")
    op.drop_table("measure_outcomes")
    op.drop_table("measure_counts")
    op.drop_table("idempotency_keys")
    op.drop_index("ix_cases_id", table_name="cases")
    op.drop_index("ix_cases_held", table_name="cases", postgresql_where=sa.text("status = 'held'"))
    op.drop_index("ix_cases_date_of_service", table_name="cases")
    op.drop_table("cases")
    op.drop_table("case_versions")
    op.drop_table("case_staff")
    op.drop_table("case_payloads")
    op.drop_table("case_counts")
    op.drop_table("api_keys")
