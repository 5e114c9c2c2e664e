"""The tables of replaced periods: what a preview told, and which cases would disappear."""

from sqlalchemy import Boolean, Column, DateTime, Double, Integer, Table, Text, Uuid

from app.storage.tables.metadata import metadata

_INSTANT = DateTime(timezone=True)

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
    Column("made_at", _INSTANT, nullable=False),
    Column("confirmed_at", _INSTANT),
    Column("confirmed_by", Uuid),
    Column("above_limit", Boolean, nullable=False, server_default="false"),
    Column("end", Text),
    Column("ended_by", Uuid),
    Column("deleted_at", _INSTANT),
    Column("undo_asked_at", _INSTANT),
    Column("undo_asked_by", Uuid),
    Column("undone_at", _INSTANT),
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
