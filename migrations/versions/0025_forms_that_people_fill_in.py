"""What the registration form asks for besides, and letters that confirm it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.storage.row_security import bound_table, free_table

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("orders", sa.Column("is_renewal", sa.Boolean(), nullable=True))
    op.add_column(
        "orders",
        sa.Column("providers", postgresql.JSONB(), server_default="[]", nullable=False),
    )
    op.alter_column("orders", "providers", server_default=None)
    op.create_table(
        "confirmations",
        sa.Column("practice_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("performance_year", sa.SmallInteger(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column("registration", sa.Integer(), nullable=True),
        sa.Column("invoice_number", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column("tried_at", _INSTANT, nullable=True),
        sa.Column("next_try_at", _INSTANT, nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practices.id"], name=op.f("fk_confirmations_practice_id")
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_confirmations")),
    )
    for statement in bound_table("confirmations", "SELECT", "INSERT"):
        op.execute(statement)


def downgrade() -> None:
    for statement in free_table("confirmations"):
        op.execute(statement)
    op.drop_table("confirmations")
    op.drop_column("orders", "providers")
    op.drop_column("orders", "is_renewal")
