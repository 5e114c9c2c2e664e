"""The deliveries of a webhook that have not ended, in the order in which they are due."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_webhook_deliveries_open",
        "webhook_deliveries",
        ["webhook_id", sa.text("coalesce(next_try_at, created_at)"), "id"],
        postgresql_where=sa.text("state IN ('pending', 'waiting')"),
    )


def downgrade() -> None:
    op.drop_index("ix_webhook_deliveries_open", table_name="webhook_deliveries")
