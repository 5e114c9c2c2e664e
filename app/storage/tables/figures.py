"""The tables of figures beside those of TINs and clinicians: groups, peers, fields."""

from sqlalchemy import Column, DateTime, Integer, Numeric, SmallInteger, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from app.domain.case_fields import CaseField
from app.storage.tables.metadata import metadata

group_counts = Table(
    "group_counts",
    metadata,
    Column("practice_id", Text, primary_key=True),
    Column("group_id", Uuid, primary_key=True),
    Column("measure_id", Text, primary_key=True),
    Column("stratum", Text, primary_key=True),
    Column("performance_met", Integer, nullable=False),
    Column("performance_not_met", Integer, nullable=False),
    Column("denominator_exception", Integer, nullable=False),
    Column("denominator_exclusion", Integer, nullable=False),
    Column("unreported", Integer, nullable=False),
)

# Of the cases that count in a month, how many tell each field.
field_counts = Table(
    "field_counts",
    metadata,
    Column("practice_id", Text, primary_key=True),
    Column("performance_year", SmallInteger, primary_key=True, autoincrement=False),
    Column("month", SmallInteger, primary_key=True, autoincrement=False),
    Column("cases", Integer, nullable=False),
    *(Column(field.value, Integer, nullable=False) for field in CaseField),
)

# `tin` and `npi` are "", `group_id` is nil where the level has none.
peer_comparisons = Table(
    "peer_comparisons",
    metadata,
    Column("practice_id", Text, primary_key=True),
    Column("performance_year", SmallInteger, primary_key=True, autoincrement=False),
    Column("level", Text, primary_key=True),
    Column("tin", Text, primary_key=True),
    Column("npi", Text, primary_key=True),
    Column("group_id", Uuid, primary_key=True),
    Column("measure_id", Text, primary_key=True),
    Column("stratum", Text, primary_key=True),
    Column("performance_rate", Numeric, nullable=False),
    Column("data_completeness", Numeric, nullable=False),
    Column("cuts", JSONB, nullable=False),
)

# Of the registry as a whole: a row a year.
peer_refreshes = Table(
    "peer_refreshes",
    metadata,
    Column("performance_year", SmallInteger, primary_key=True, autoincrement=False),
    Column("as_of", DateTime(timezone=True), nullable=False),
    Column("fingerprint", Text, nullable=False),
)
