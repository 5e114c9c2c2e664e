"""The queue: its tables, the attempts at a submission, and how far one is read."""

import sqlalchemy as sa
from alembic import op

from app.storage.database import driver_connection
from app.storage.queue_schema import bring_up, take_down

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    bring_up(driver_connection(op.get_bind()))
    op.add_column(
        "submissions", sa.Column("attempts", sa.Integer(), server_default="0", nullable=False)
    )
    op.create_table(
        "submission_progress",
        sa.Column("practice_id", sa.Text(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("records_read", sa.Integer(), nullable=False),
        sa.Column("bytes_read", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "practice_id", "submission_id", name=op.f("pk_submission_progress")
        ),
        prefixes=["UNLOGGED"],  # it means nothing after a crash
    )
    op.create_index(
        "ix_submissions_unfinished_of_a_practice",
        "submissions",
        ["practice_id"],
        postgresql_where=sa.text("finished_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_submissions_unfinished_of_a_practice", "submissions")
    op.drop_table("submission_progress")
    op.drop_column("submissions", "attempts")
    take_down(driver_connection(op.get_bind()))
