"""The tables of the roster. Those of practices and of their TINs are with all the others."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from app.storage.tables.actor_columns import actor_columns
from app.storage.tables.kinds import INSTANT
from app.storage.tables.metadata import metadata


def _of_practice() -> tuple[Column[object], ...]:
    return (
        Column("practice_id", Text, ForeignKey("practices.id"), primary_key=True),
        Column("id", Uuid, primary_key=True),
        Column("version", Integer, nullable=False),
    )


facilities = Table(
    "facilities",
    metadata,
    *_of_practice(),
    Column("facility_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("place_of_service", SmallInteger),
    Column("ccn", Text),
    Column("npi", Text),
    UniqueConstraint("practice_id", "facility_id"),
)

clinicians = Table(
    "clinicians",
    metadata,
    *_of_practice(),
    Column("npi", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("credentials", Text, nullable=False),
    Column("asa_member_years", ARRAY(SmallInteger), nullable=False),
    UniqueConstraint("practice_id", "npi"),
)

employments = Table(
    "employments",
    metadata,
    *_of_practice(),
    Column("clinician_id", Uuid, nullable=False),
    Column("tin", Text, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date),
    UniqueConstraint("practice_id", "clinician_id", "tin", "starts_on"),
)

subgroups = Table(
    "subgroups",
    metadata,
    *_of_practice(),
    Column("tin", Text, nullable=False),
    Column("performance_year", SmallInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("npis", ARRAY(Text), nullable=False),
    UniqueConstraint("practice_id", "tin", "performance_year", "name"),
)

virtual_groups = Table(
    "virtual_groups",
    metadata,
    *_of_practice(),
    Column("performance_year", SmallInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("tins", ARRAY(Text), nullable=False),
    Column("confirmed_at", INSTANT),
    UniqueConstraint("practice_id", "performance_year", "name"),
    # Those of other practices that are the same one.
    Index("ix_virtual_groups_of_a_name", "performance_year", "name"),
)


def _actor() -> tuple[Column[object], ...]:
    return Column("at", INSTANT, nullable=False), *actor_columns()


roster_changes = Table(
    "roster_changes",
    metadata,
    Column("practice_id", Text, ForeignKey("practices.id"), primary_key=True),
    Column("id", Uuid, primary_key=True),
    *_actor(),
    Column("kind", Text, nullable=False),
    Column("entry_id", Uuid),
    Column("action", Text, nullable=False),
    Column("before", JSONB),
    Column("after", JSONB),
)

reconciliation_decisions = Table(
    "reconciliation_decisions",
    metadata,
    Column("practice_id", Text, ForeignKey("practices.id"), primary_key=True),
    Column("performance_year", SmallInteger, primary_key=True, autoincrement=False),
    Column("kind", Text, primary_key=True),
    Column("tin", Text, primary_key=True, server_default=text("''")),
    Column("npi", Text, primary_key=True, server_default=text("''")),
    Column("decision", Text, nullable=False),
    Column("reason", Text),
    *_actor(),
)

# Of the registry as a whole: a year leads, there are a few rows a year.
provider_list_orders = Table(
    "provider_list_orders",
    metadata,
    Column("performance_year", SmallInteger, primary_key=True, autoincrement=False),
    Column("id", Uuid, primary_key=True),
    *_actor(),
    Column("locks", Boolean, nullable=False),
    Column("given_on", Date, nullable=False),
    Column("opens_on", Date),
    Column("reason", Text, nullable=False),
)
