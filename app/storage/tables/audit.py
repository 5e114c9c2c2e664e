"""The tables of the audit trail: a chain for each practice, and '' for what belongs to none.

Triggers of the database refuse to change or remove an entry, and to turn a head back.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Index,
    LargeBinary,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from app.storage.tables.metadata import metadata

audit_entries = Table(
    "audit_entries",
    metadata,
    Column("practice_id", Text, primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("actor", Text, nullable=False),
    Column("key_id", Uuid),
    Column("role", Text),
    Column("label", Text),
    Column("address", Text),
    Column("request_id", Text),
    Column("sandbox", Boolean, nullable=False),
    Column("action", Text, nullable=False),
    Column("about", Text),
    Column("about_id", Text),
    Column("reason", Text),
    Column("details", JSONB, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("user_id", Uuid),
    Index("ix_audit_entries_of_a_practice_at", "practice_id", "at", "number"),
    Index("ix_audit_entries_at", "at", "practice_id", "number"),
)

audit_heads = Table(
    "audit_heads",
    metadata,
    Column("practice_id", Text, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)
