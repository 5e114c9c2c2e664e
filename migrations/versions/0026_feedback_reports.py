"""Feedback reports, who received what of them, and who was reminded."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.storage.row_security import bound_table

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_PRIVILEGES = {
    "feedback_reports": ("SELECT", "INSERT"),
    "feedback_quarters": ("SELECT",),
    "feedback_deliveries": ("SELECT", "INSERT"),
    "feedback_reminders": ("SELECT",),
}


def upgrade() -> None:
    op.create_table(
        "feedback_reports",
        *_key("feedback_reports"),
        *_quarter(),
        sa.Column("tin", sa.Text(), nullable=False),
        sa.Column("npi", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("catalogue_version", sa.Text(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("figures", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        *_actor(),
    )
    op.create_index("ix_feedback_reports_id", "feedback_reports", ["id"], unique=True)
    op.create_index("ix_feedback_reports_npi", "feedback_reports", ["practice_id", "npi", "id"])
    op.create_table(
        "feedback_quarters",
        sa.Column("practice_id", sa.Text(), nullable=False),
        sa.Column("performance_year", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("quarter", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practices.id"], name=op.f("fk_feedback_quarters_practice_id")
        ),
        sa.PrimaryKeyConstraint(
            *("practice_id", "performance_year", "quarter"), name=op.f("pk_feedback_quarters")
        ),
    )
    op.create_table(
        "feedback_deliveries",
        *_key("feedback_deliveries"),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=True),
        *_actor(),
    )
    op.create_index(
        "ix_feedback_deliveries_report_id",
        "feedback_deliveries",
        ["practice_id", "report_id", "id"],
    )
    op.create_table(
        "feedback_reminders",
        *_key("feedback_reminders"),
        *_quarter(),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_feedback_reminders_user_id")
        ),
    )
    op.create_index("ix_feedback_reminders_id", "feedback_reminders", ["id"], unique=True)
    op.create_index(
        "ix_feedback_reminders_once",
        "feedback_reminders",
        ["practice_id", "performance_year", "quarter", "user_id"],
        unique=True,
    )
    for table, privileges in _PRIVILEGES.items():
        for statement in bound_table(table, *privileges):
            op.execute(statement)


def downgrade() -> None:
    for table in reversed(_PRIVILEGES):
        op.drop_table(table)


def _key(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("practice_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practices.id"], name=op.f(f"fk_{table}_practice_id")
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f(f"pk_{table}")),
    )


def _quarter() -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("performance_year", sa.SmallInteger(), nullable=False),
        sa.Column("quarter", sa.SmallInteger(), nullable=False),
    )


def _actor() -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("by_key", sa.Uuid(), nullable=True),
        sa.Column("by_role", sa.Text(), nullable=False),
        sa.Column("by_label", sa.Text(), nullable=True),
        sa.Column("by_user", sa.Uuid(), nullable=True),
    )
