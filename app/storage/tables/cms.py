"""The tables of what is made for CMS: all of a practice and year at once, and each document.

`tin` and `npi` are None where the entity has none. `content` is the document, sealed.
"""

from sqlalchemy import (
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from app.storage.tables.actor_columns import actor_columns
from app.storage.tables.kinds import INSTANT
from app.storage.tables.metadata import metadata

cms_submissions = Table(
    "cms_submissions",
    metadata,
    Column("practice_id", Text, ForeignKey("practices.id"), primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("performance_year", SmallInteger, nullable=False),
    Column("made_at", INSTANT, nullable=False),
    Column("catalogue_version", Text),
    Column("documents", Integer, nullable=False),
    Column("ready", Integer, nullable=False),
    *actor_columns(),
    Index("ix_cms_submissions_id", "id", unique=True),
)

cms_documents = Table(
    "cms_documents",
    metadata,
    Column("practice_id", Text, ForeignKey("practices.id"), primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("cms_submission_id", Uuid, nullable=False),
    Column("performance_year", SmallInteger, nullable=False),
    Column("level", Text, nullable=False),
    Column("tin", Text),
    Column("npi", Text),
    Column("group_id", Uuid),
    Column("group_name", Text),
    Column("entity_id", Text),
    Column("content", LargeBinary, nullable=False),
    Column("data_key", Integer, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("measures", Integer, nullable=False),
    Column("activities", Integer, nullable=False),
    Column("left_out", JSONB, nullable=False),
    Column("faults", JSONB, nullable=False),
    Column("sent_on", Date),
    Column("id_at_cms", Text),
    Index("ix_cms_documents_id", "id", unique=True),
    Index("ix_cms_documents_of_submission", "practice_id", "cms_submission_id", "id"),
    Index(
        "ix_cms_documents_sent",
        *("practice_id", "performance_year", "id"),
        postgresql_where=text("sent_on IS NOT NULL"),
    ),
)
