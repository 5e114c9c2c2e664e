"""The tables of reporting to CMS: registrations, consents, agreements."""

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
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from app.storage.tables.kinds import INSTANT
from app.storage.tables.metadata import metadata

registrations = Table(
    "registrations",
    metadata,
    Column("practice_id", Text, ForeignKey("practices.id"), primary_key=True),
    Column("performance_year", SmallInteger, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    Column("option", Text, nullable=False),
    Column("is_renewal", Boolean, nullable=False),
    Column("representative_name", Text, nullable=False),
    Column("representative_title", Text, nullable=False),
    Column("signed_on", Date, nullable=False),
    Column("registered_at", INSTANT, nullable=False),
    Column("mvp", Text),
    Column("subgroup_ids", ARRAY(Uuid), nullable=False),
    Column("cms_registration_acknowledged", Boolean, nullable=False),
    Column("virtual_group_id", Uuid),
    Column("over_90000_usd", Boolean),
    Column("over_200_patients", Boolean),
    Column("over_200_services", Boolean),
    Column("opts_in", Boolean, nullable=False),
    Column("withdrawn_on", Date),
)

consents = Table(
    "consents",
    metadata,
    Column("practice_id", Text, ForeignKey("practices.id"), primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("performance_year", SmallInteger, nullable=False),
    Column("clinician_id", Uuid, nullable=False),
    Column("npi", Text, nullable=False),
    Column("signer", Text, nullable=False),
    Column("signed_on", Date, nullable=False),
    Column("evidence", Text, nullable=False),
    Column("recorded_at", INSTANT, nullable=False),
    Column("withdrawn_on", Date),
    Column("withdrawal_reason", Text),
    Index(
        "ix_consents_in_force",
        "practice_id",
        "performance_year",
        "clinician_id",
        unique=True,
        postgresql_where=text("withdrawn_on IS NULL"),
    ),
)

agreements = Table(
    "agreements",
    metadata,
    Column("practice_id", Text, ForeignKey("practices.id"), primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_until", Date),
    Column("reference", Text, nullable=False),
)
