"""Practices and their TINs: what all else of them hangs on."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from app.storage.tables.kinds import INSTANT
from app.storage.tables.metadata import metadata

practices = Table(
    "practices",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("created_at", INSTANT, nullable=False, server_default=text("now()")),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("addresses", JSONB, nullable=False, server_default=text("'[]'")),
    Column("contacts", JSONB, nullable=False, server_default=text("'[]'")),
    Column("clinicians", Integer),
    Column("peers_opted_out", Boolean, nullable=False, server_default=text("false")),
)

practice_tins = Table(
    "practice_tins",
    metadata,
    Column("practice_id", Text, ForeignKey("practices.id"), primary_key=True),
    Column("tin", Text, primary_key=True),
    Column("created_at", INSTANT, nullable=False, server_default=text("now()")),
    Column("id", Uuid, nullable=False, server_default=text("gen_random_uuid()")),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("valid_from", Date),
    Column("valid_until", Date),
    UniqueConstraint("practice_id", "id"),
)
