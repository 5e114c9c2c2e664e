"""The totals that are kept in step with the cases."""

from sqlalchemy import (
    Column,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    text,
)

from app.storage.tables.metadata import metadata
from app.storage.tables.months import MONTHS

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
