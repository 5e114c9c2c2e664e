"""Files that replace a period: what they would do, their confirmation, and their undoing."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("submissions", sa.Column("replace_period", sa.Text(), nullable=True))
    op.create_table(
        "period_replacements",
        sa.Column("practice_id", sa.Text(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("stored_now", sa.Integer(), nullable=False),
        sa.Column("would_delete", sa.Integer(), nullable=False),
        sa.Column("created", sa.Integer(), nullable=False),
        sa.Column("replaced", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("max_share", sa.Double(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("above_limit", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("end", sa.Text(), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undo_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undo_asked_by", sa.Uuid(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("restored", sa.Integer(), nullable=True),
        sa.Column("reverted", sa.Integer(), nullable=True),
        sa.Column("removed", sa.Integer(), nullable=True),
        sa.Column("conflicts", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint(
            "practice_id", "submission_id", name=op.f("pk_period_replacements")
        ),
    )
    op.create_table(
        "period_replacement_cases",
        sa.Column("practice_id", sa.Text(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint(
            "practice_id",
            "submission_id",
            "case_id",
            name=op.f("pk_period_replacement_cases"),
        ),
    )


def downgrade() -> None:
    op.drop_table("period_replacement_cases")
    op.drop_table("period_replacements")
    op.drop_column("submissions", "replace_period")
