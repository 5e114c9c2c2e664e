"""The tables of backfills, and of the catalogue versions that outcomes stand under."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from app.storage.tables.kinds import INSTANT
from app.storage.tables.metadata import metadata

outcome_versions = Table(
    "outcome_versions",
    metadata,
    Column("practice_id", Text, primary_key=True),
    Column("performance_year", SmallInteger, primary_key=True, autoincrement=False),
    Column("version", Text, primary_key=True),
    Column("being_left", Boolean, nullable=False, server_default=text("false")),
    Index("ix_outcome_versions_of_a_year", "performance_year", "version"),
)

backfills = Table(
    "backfills",
    metadata,
    Column("practice_id", Text, ForeignKey("practices.id"), primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("performance_year", SmallInteger, nullable=False),
    Column("status", Text, nullable=False),
    Column("from_versions", ARRAY(Text), nullable=False),
    Column("to_version", Text, nullable=False),
    Column("lined_up_at", INSTANT, nullable=False),
    Column("started_at", INSTANT),
    Column("ended_at", INSTANT),
    Column("position", Uuid),
    Column("cases_total", Integer),
    Column("cases_done", Integer, nullable=False, server_default="0"),
    Column("cases_moved", Integer, nullable=False, server_default="0"),
    Column("cases_unreadable", Integer, nullable=False, server_default="0"),
    Index("ix_backfills_id", "id", unique=True),
    Index(
        "ix_backfills_unfinished",
        "practice_id",
        "performance_year",
        unique=True,
        postgresql_where=text("ended_at IS NULL"),
    ),
)

backfill_moves = Table(
    "backfill_moves",
    metadata,
    Column("practice_id", Text, primary_key=True),
    Column("backfill_id", Uuid, primary_key=True),
    Column("case_id", Uuid, primary_key=True),
    Column("measure_id", Text, primary_key=True),
    Column("stratum", Text, primary_key=True),
    Column("facility_id", Text, nullable=False),
    Column("place_before", Text),
    Column("reason_before", Text),
    Column("place_after", Text),
    Column("reason_after", Text),
    Index("ix_backfill_moves_of_a_case", "practice_id", "case_id"),
)

backfill_counts = Table(
    "backfill_counts",
    metadata,
    Column("practice_id", Text, primary_key=True),
    Column("backfill_id", Uuid, primary_key=True),
    Column("measure_id", Text, primary_key=True),
    Column("stratum", Text, primary_key=True),
    Column("tin", Text, primary_key=True),
    Column("npi", Text, primary_key=True),
    Column("facility_id", Text, primary_key=True),
    Column("place", Text, primary_key=True),
    Column("before", Integer, nullable=False),
    Column("after", Integer, nullable=False),
)
