"""The table of exports."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Table, Text, Uuid

from app.storage.tables.kinds import INSTANT
from app.storage.tables.metadata import metadata

exports = Table(
    "exports",
    metadata,
    Column("practice_id", Text, ForeignKey("practices.id"), primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("status", Text, nullable=False),
    Column("asked_at", INSTANT, nullable=False),
    Column("asked_by", Text),
    Column("attempts", Integer, nullable=False),
    Column("parts", Integer),
    Column("parts_done", Integer, nullable=False),
    Column("finished_at", INSTANT),
    Column("expires_at", INSTANT),
    Column("sha256", Text),
    Column("bytes", BigInteger),
    Index("ix_exports_sha256", "sha256"),
)
