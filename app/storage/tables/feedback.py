"""The tables of feedback reports.

`npi` is "" where a report is of no clinician, `tin` where it is of a virtual group. `group_id` is
that of a subgroup or virtual group; `group_practices` those with cases in a virtual group.
"""

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from app.storage.tables.actor_columns import actor_columns
from app.storage.tables.kinds import INSTANT
from app.storage.tables.metadata import metadata
from app.storage.tables.notices import progress_of_a_notice


def _group() -> tuple[Column[object], ...]:
    return (Column("group_id", Uuid), Column("group_name", Text))


feedback_reports = Table(
    "feedback_reports",
    metadata,
    Column("practice_id", Text, ForeignKey("practices.id"), primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("performance_year", SmallInteger, nullable=False),
    Column("quarter", SmallInteger, nullable=False),
    Column("tin", Text, nullable=False),
    Column("npi", Text, nullable=False),
    *_group(),
    Column("group_practices", ARRAY(Text)),
    Column("made_at", INSTANT, nullable=False),
    Column("catalogue_version", Text),
    Column("sha256", Text, nullable=False),
    Column("figures", JSONB, nullable=False),
    *actor_columns(),
    Index("ix_feedback_reports_id", "id", unique=True),
    Index("ix_feedback_reports_npi", "practice_id", "npi", "id"),
)

_OF_WHOM = ("practice_id", "performance_year", "quarter", "tin", "npi", "group_id")

# Reports that were asked for. The second index: none is made twice at a time.
feedback_requests = Table(
    "feedback_requests",
    metadata,
    Column("practice_id", Text, ForeignKey("practices.id"), primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("performance_year", SmallInteger, nullable=False),
    Column("quarter", SmallInteger, nullable=False),
    Column("tin", Text, nullable=False),
    Column("npi", Text, nullable=False),
    *_group(),
    Column("status", Text, nullable=False),
    Column("asked_at", INSTANT, nullable=False),
    Column("attempts", SmallInteger, nullable=False),
    Column("finished_at", INSTANT),
    Column("report_id", Uuid),
    Column("failure", Text),
    *actor_columns(),
    Index("ix_feedback_requests_id", "id", unique=True),
    Index(
        "ix_feedback_requests_under_way",
        *_OF_WHOM,
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=text("status IN ('waiting', 'running')"),
    ),
)

# The quarters whose reports were made by themselves: each practice has each of them once.
feedback_quarters = Table(
    "feedback_quarters",
    metadata,
    Column("practice_id", Text, ForeignKey("practices.id"), primary_key=True),
    Column("performance_year", SmallInteger, primary_key=True, autoincrement=False),
    Column("quarter", SmallInteger, primary_key=True, autoincrement=False),
    Column("made_at", INSTANT, nullable=False),
)

feedback_deliveries = Table(
    "feedback_deliveries",
    metadata,
    Column("practice_id", Text, ForeignKey("practices.id"), primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("report_id", Uuid, nullable=False),
    Column("at", INSTANT, nullable=False),
    Column("format", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("cases", Integer),
    *actor_columns(),
    Index("ix_feedback_deliveries_report_id", "practice_id", "report_id", "id"),
)

feedback_reminders = Table(
    "feedback_reminders",
    metadata,
    Column("practice_id", Text, ForeignKey("practices.id"), primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("performance_year", SmallInteger, nullable=False),
    Column("quarter", SmallInteger, nullable=False),
    Column("user_id", Uuid, ForeignKey("users.id"), nullable=False),
    Column("created_at", INSTANT, nullable=False),
    *progress_of_a_notice(),
    Index("ix_feedback_reminders_id", "id", unique=True),
    Index(
        "ix_feedback_reminders_once",
        *("practice_id", "performance_year", "quarter", "user_id"),
        unique=True,
    ),
)
