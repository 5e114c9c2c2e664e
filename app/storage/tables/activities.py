"""The table of attested improvement activities."""

from sqlalchemy import (
    Column,
    Date,
    DateTime,
    ForeignKey,
    Integer,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from app.storage.tables.metadata import metadata

activity_attestations = Table(
    "activity_attestations",
    metadata,
    Column("practice_id", Text, ForeignKey("practices.id"), primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("performance_year", SmallInteger, nullable=False),
    Column("activity_id", Text, nullable=False),
    Column("tin", Text, nullable=False),
    Column("npi", Text),
    Column("subgroup_id", Uuid),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date),
    Column("clinicians", Integer),
    Column("attested_at", DateTime(timezone=True), nullable=False),
    Column("attested_by", Uuid, nullable=False),
    Column("attested_by_label", Text),
    UniqueConstraint(
        *("practice_id", "performance_year", "activity_id", "tin", "npi", "subgroup_id"),
        name="uq_activity_attestations_once",
        postgresql_nulls_not_distinct=True,
    ),
)
