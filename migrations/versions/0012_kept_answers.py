"""The first answer to a request with an Idempotency-Key, to be given again."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("idempotency_keys", sa.Column("answer", postgresql.JSONB(), nullable=True))


def downgrade() -> None:
    op.drop_column("idempotency_keys", "answer")
