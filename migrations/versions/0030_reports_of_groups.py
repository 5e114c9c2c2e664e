"""Feedback reports of subgroups and virtual groups: which group, and whose cases are in it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_TABLES = ("feedback_reports", "feedback_requests")
_OF_WHOM = ("practice_id", "performance_year", "quarter", "tin", "npi")


def upgrade() -> None:
    for table in _TABLES:
        op.add_column(table, sa.Column("group_id", sa.Uuid(), nullable=True))
        op.add_column(table, sa.Column("group_name", sa.Text(), nullable=True))
    op.add_column(
        "feedback_reports",
        sa.Column("group_practices", postgresql.ARRAY(sa.Text()), nullable=True),
    )
    _index_under_way(*_OF_WHOM, "group_id")


def downgrade() -> None:
    for table in _TABLES:
        op.execute(f"DELETE FROM {table} WHERE group_id IS NOT NULL")  # noqa: S608 - ours
    _index_under_way(*_OF_WHOM)
    op.drop_column("feedback_reports", "group_practices")
    for table in _TABLES:
        op.drop_column(table, "group_name")
        op.drop_column(table, "group_id")


def _index_under_way(*columns: str) -> None:
    name = "ix_feedback_requests_under_way"
    op.drop_index(name, "feedback_requests")
    op.create_index(
        name,
        "feedback_requests",
        list(columns),
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("status IN ('waiting', 'running')"),
    )
