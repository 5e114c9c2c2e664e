"""The tables of the keys that seal, and of the times when all was sealed anew."""

from sqlalchemy import Column, Index, Integer, LargeBinary, Table, Text, Uuid, text

from app.storage.tables.kinds import INSTANT
from app.storage.tables.metadata import metadata

data_keys = Table(
    "data_keys",
    metadata,
    Column("practice_id", Text, primary_key=True),  # '' for those of files as received
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("master_key", Text, nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    Column("created_at", INSTANT, nullable=False, server_default=text("now()")),
)

re_encryptions = Table(
    "re_encryptions",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("begun_at", INSTANT, nullable=False, server_default=text("now()")),
    Column("ended_at", INSTANT),
    Index(
        "ix_re_encryptions_under_way",
        text("(ended_at IS NULL)"),
        unique=True,
        postgresql_where=text("ended_at IS NULL"),
    ),
)
