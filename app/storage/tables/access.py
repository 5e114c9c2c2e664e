"""The tables of access: organizations, their API keys, and what practices grant to vendors."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from app.storage.tables.kinds import INSTANT
from app.storage.tables.metadata import metadata

organizations = Table(
    "organizations",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("created_at", INSTANT, nullable=False, server_default=text("now()")),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("role", Text, nullable=False),
    Column("practice_ids", ARRAY(Text), nullable=False),
    Column("sandbox", Boolean, nullable=False),
    Column("label", Text),
    Column("organization_id", Uuid, ForeignKey("organizations.id")),
    Column("created_at", INSTANT, nullable=False, server_default=text("now()")),
    Column("created_by", Text),
    Column("expires_at", INSTANT),
    Column("revoked_at", INSTANT),
    Column("last_used_at", INSTANT),
)

api_key_secrets = Table(
    "api_key_secrets",
    metadata,
    Column("key_hash", LargeBinary, primary_key=True),
    Column("api_key_id", Uuid, ForeignKey("api_keys.id"), nullable=False),
    Column("created_at", INSTANT, nullable=False, server_default=text("now()")),
    Column("ends_at", INSTANT),
    Index("ix_api_key_secrets_api_key_id", "api_key_id"),
)

grants = Table(
    "grants",
    metadata,
    Column("practice_id", Text, ForeignKey("practices.id"), primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("organization_id", Uuid, ForeignKey("organizations.id"), nullable=False),
    Column("rights", ARRAY(Text), nullable=False),
    Column("valid_from", INSTANT, nullable=False),
    Column("valid_until", INSTANT),
    Column("granted_at", INSTANT, nullable=False),
    Column("granted_by", Uuid, nullable=False),
    Column("withdrawn_at", INSTANT),
    Column("withdrawn_by", Uuid),
    Index("ix_grants_organization_id", "organization_id", "practice_id"),
)
