"""Exports: what was asked for, how far it is, and the file that came of it."""

import sqlalchemy as sa
from alembic import op

from app.storage.bounds import REQUEST_ROLE
from app.storage.row_security import OF_PRACTICE, bound_table

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "exports",
        sa.Column("practice_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=True),
        sa.Column("parts_done", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("bytes", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practices.id"], name=op.f("fk_exports_practice_id")
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_exports")),
    )
    op.create_index("ix_exports_sha256", "exports", ["sha256"])
    for statement in bound_table("exports", "SELECT", "INSERT", rows=OF_PRACTICE):
        op.execute(statement)
    op.execute(f"GRANT SELECT ON purged_case_counts TO {REQUEST_ROLE}")


def downgrade() -> None:
    op.execute(f"REVOKE SELECT ON purged_case_counts FROM {REQUEST_ROLE}")  # noqa: S608 - names of ours
    op.drop_table("exports")
