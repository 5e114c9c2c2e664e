"""The tables of the measures for surgical centers (ASCQR)."""

from sqlalchemy import Column, ForeignKey, Index, Integer, SmallInteger, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from app.storage.tables.metadata import metadata
from app.storage.tables.months import MONTHS

asc_outcomes = Table(
    "asc_outcomes",
    metadata,
    Column("practice_id", Text, primary_key=True),
    Column("case_id", Uuid, primary_key=True),
    Column("measure_id", Text, primary_key=True),
    Column("performance_year", SmallInteger, nullable=False),
    Column("landing", Text, nullable=False),
    Column("reason", Text, nullable=False),
    # With the landing in it: of a rare event the few cases are found among a million others.
    Index(
        "ix_asc_outcomes_behind_a_number",
        "practice_id",
        "measure_id",
        "performance_year",
        "landing",
        "case_id",
    ),
)

asc_counts = Table(
    "asc_counts",
    metadata,
    Column("practice_id", Text, primary_key=True),
    Column("performance_year", SmallInteger, primary_key=True, autoincrement=False),
    Column("facility_id", Text, primary_key=True),
    Column("measure_id", Text, primary_key=True),
    Column("landing", Text, primary_key=True),
    Column("reason", Text, primary_key=True),
    *(Column(month, Integer, nullable=False) for month in MONTHS),
)

asc_figures = Table(
    "asc_figures",
    metadata,
    Column("practice_id", Text, ForeignKey("practices.id"), primary_key=True),
    Column("facility_entry_id", Uuid, primary_key=True),
    Column("year", SmallInteger, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    Column("figures", JSONB, nullable=False),
)
