"""The tables of people who sign in: users, their sessions, and what is under way until then.

Of every secret that a browser holds only the hash is stored.
"""

from sqlalchemy import (
    BigInteger,
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

_NOT_ENDED = text("ended_at IS NULL")

users = Table(
    "users",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("email", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("practice_ids", ARRAY(Text), nullable=False),
    Column("organization_id", Uuid, ForeignKey("organizations.id")),
    Column("npi", Text),
    Column("created_at", INSTANT, nullable=False),
    Column("created_by", Text),
    Column("ended_at", INSTANT),
    Column("last_sign_in_at", INSTANT),
    Column("issuer", Text),
    Column("subject", Text),
    Column("password_hash", Text),
    Column("second_step_salt", LargeBinary),
    Column("second_step_master_key", Text),
    Column("second_step_confirmed_at", INSTANT),
    Column("second_step_last_used", BigInteger),
    Index("ix_users_email", "email", unique=True, postgresql_where=_NOT_ENDED),
    Index("ix_users_identity", "issuer", "subject", unique=True, postgresql_where=_NOT_ENDED),
)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("user_id", Uuid, ForeignKey("users.id"), primary_key=True),
    Column("code_hash", LargeBinary, primary_key=True),
)

invitations = Table(
    "invitations",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("user_id", Uuid, ForeignKey("users.id"), nullable=False),
    Column("created_at", INSTANT, nullable=False),
    Column("expires_at", INSTANT, nullable=False),
    Index("ix_invitations_user_id", "user_id", unique=True),
)

sign_ins = Table(
    "sign_ins",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("user_id", Uuid, ForeignKey("users.id")),
    Column("nonce", Text),
    Column("code_verifier", Text),
    Column("next_path", Text, nullable=False),
    Column("expires_at", INSTANT, nullable=False),
    Index("ix_sign_ins_expires_at", "expires_at"),
)
"""Signing in that has begun: at an OpenID provider, or here up to the second step."""

sessions = Table(
    "sessions",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("secret_hash", LargeBinary, nullable=False),
    Column("user_id", Uuid, ForeignKey("users.id"), nullable=False),
    Column("created_at", INSTANT, nullable=False),
    Column("last_seen_at", INSTANT, nullable=False),
    Column("expires_at", INSTANT, nullable=False),
    Column("ended_at", INSTANT),
    Column("address", Text),
    Column("browser", Text),
    Column("is_of_provider", Boolean, nullable=False),
    Index("ix_sessions_secret_hash", "secret_hash", unique=True),
    Index("ix_sessions_user_id", "user_id"),
)
