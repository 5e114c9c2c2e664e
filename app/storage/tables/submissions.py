"""The tables of submissions: receipts, findings, what became of each record."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from app.storage.tables.kinds import INSTANT
from app.storage.tables.metadata import metadata

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
    Column("received_at", INSTANT, nullable=False),
    Column("finished_at", INSTANT),
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
    Column("purged_at", INSTANT),
    Column("software", Text),
    Index("ix_submissions_id", "id", unique=True),
    Index("ix_submissions_of_a_sender", "api_key_id", "id"),
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
    Column("accepted_at", INSTANT, nullable=False),
    Column("accepted_by", Uuid, nullable=False),
    Column("accepted_by_role", Text, nullable=False),
    Column("accepted_by_label", Text),
    Column("withdrawn_at", INSTANT),
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
    Column("created_at", INSTANT, nullable=False, server_default=text("now()")),
    Column("answer", JSONB),
)
