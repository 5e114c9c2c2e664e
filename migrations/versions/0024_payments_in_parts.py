"""Payments of invoices: several for each, with a reference."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_KEY = "pk_invoice_payments"
_AS_ONE = """
    WITH whole AS (
        SELECT practice_id, number, sum(cents) AS cents, max(paid_on) AS paid_on
        FROM invoice_payments GROUP BY practice_id, number)
    UPDATE invoice_payments p SET cents = whole.cents, paid_on = whole.paid_on
    FROM whole WHERE p.practice_id = whole.practice_id AND p.number = whole.number
"""
_FURTHER_ONES = """
    DELETE FROM invoice_payments p USING invoice_payments first
    WHERE p.practice_id = first.practice_id AND p.number = first.number AND p.id > first.id
"""


def upgrade() -> None:
    op.add_column(
        "invoice_payments",
        sa.Column("id", sa.Uuid(), server_default=sa.func.gen_random_uuid(), nullable=False),
    )
    op.add_column(
        "invoice_payments", sa.Column("reference", sa.Text(), server_default="", nullable=False)
    )
    for column in ("id", "reference"):
        op.alter_column("invoice_payments", column, server_default=None)
    op.drop_constraint(_KEY, "invoice_payments")
    op.create_primary_key(_KEY, "invoice_payments", ["practice_id", "number", "id"])


def downgrade() -> None:
    op.execute(_AS_ONE)
    op.execute(_FURTHER_ONES)
    op.drop_constraint(_KEY, "invoice_payments")
    op.create_primary_key(_KEY, "invoice_payments", ["practice_id", "number"])
    op.drop_column("invoice_payments", "reference")
    op.drop_column("invoice_payments", "id")
