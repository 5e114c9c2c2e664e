"""Feedback reports that are asked for are made by a worker: who asked, and what came of it."""

import sqlalchemy as sa
from alembic import op

from app.storage.row_security import bound_table

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "feedback_requests",
        sa.Column("practice_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("performance_year", sa.SmallInteger(), nullable=False),
        sa.Column("quarter", sa.SmallInteger(), nullable=False),
        sa.Column("tin", sa.Text(), nullable=False),
        sa.Column("npi", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("report_id", sa.Uuid(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("by_key", sa.Uuid(), nullable=True),
        sa.Column("by_role", sa.Text(), nullable=False),
        sa.Column("by_label", sa.Text(), nullable=True),
        sa.Column("by_user", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practices.id"], name=op.f("fk_feedback_requests_practice_id")
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_feedback_requests")),
    )
    op.create_index("ix_feedback_requests_id", "feedback_requests", ["id"], unique=True)
    op.create_index(
        "ix_feedback_requests_under_way",
        "feedback_requests",
        ["practice_id", "performance_year", "quarter", "tin", "npi"],
        unique=True,
        postgresql_where=sa.text("status IN ('waiting', 'running')"),
    )
    for statement in bound_table("feedback_requests", "SELECT", "INSERT"):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("feedback_requests")
