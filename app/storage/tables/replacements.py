"""The tables of replaced periods: what a preview told, and which cases would disappear."""

from sqlalchemy import Boolean, Column, Double, Integer, Table, Text, Uuid

from app.storage.tables.kinds import INSTANT
from app.storage.tables.metadata import metadata

period_replacements = Table(
    "period_replacements",
    metadata,
    Column("practice_id", Text, primary_key=True),
    Column("submission_id", Uuid, primary_key=True),
    Column("stored_now", Integer, nullable=False),
    Column("would_delete", Integer, nullable=False),
    Column("created", Integer, nullable=False),
    Column("replaced", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("held", Integer, nullable=False),
    Column("rejected", Integer, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("max_share", Double, nullable=False),
    Column("made_at", INSTANT, nullable=False),
    Column("confirmed_at", INSTANT),
    Column("confirmed_by", Uuid),
    Column("above_limit", Boolean, nullable=False, server_default="false"),
    Column("end", Text),
    Column("ended_by", Uuid),
    Column("deleted_at", INSTANT),
    Column("undo_asked_at", INSTANT),
    Column("undo_asked_by", Uuid),
    Column("undone_at", INSTANT),
    Column("restored", Integer),
    Column("reverted", Integer),
    Column("removed", Integer),
    Column("conflicts", Integer),
)

period_replacement_cases = Table(
    "period_replacement_cases",
    metadata,
    Column("practice_id", Text, primary_key=True),
    Column("submission_id", Uuid, primary_key=True),
    Column("case_id", Uuid, primary_key=True),
)
