"""The tables of retention: policies, legal holds, purges, and what was counted before them."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Integer,
    SmallInteger,
    Table,
    Text,
    Uuid,
)

from app.storage.tables.kinds import INSTANT
from app.storage.tables.metadata import metadata
from app.storage.tables.months import MONTHS

retention_policies = Table(
    "retention_policies",
    metadata,
    Column("practice_id", Text, ForeignKey("practices.id"), primary_key=True),
    Column("years", SmallInteger, nullable=False),
    Column("purges_by_itself", Boolean, nullable=False),
)

legal_holds = Table(
    "legal_holds",
    metadata,
    Column("practice_id", Text, ForeignKey("practices.id"), primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("placed_at", INSTANT, nullable=False),
    Column("placed_by", Text),
    Column("lifted_at", INSTANT),
    Column("lifted_by", Text),
    Column("lift_reason", Text),
)

purges = Table(
    "purges",
    metadata,
    Column("practice_id", Text, ForeignKey("practices.id"), primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("older_than", Date, nullable=False),
    Column("reason", Text, nullable=False),
    Column("started_at", INSTANT, nullable=False),
    Column("cases", Integer, nullable=False),
    Column("counted", Integer, nullable=False),
    Column("versions", Integer, nullable=False),
    Column("submissions", Integer, nullable=False),
    Column("ended_at", INSTANT),
    Column("is_stopped", Boolean, nullable=False),
)

# As `case_counts`: what a purge takes from there is added here, so that what was billed stays told.
purged_case_counts = Table(
    "purged_case_counts",
    metadata,
    Column("practice_id", Text, primary_key=True),
    Column("performance_year", SmallInteger, primary_key=True, autoincrement=False),
    Column("tin", Text, primary_key=True),
    Column("npi", Text, primary_key=True),
    Column("facility_id", Text, primary_key=True),
    *(Column(month, Integer, nullable=False) for month in MONTHS),
)
