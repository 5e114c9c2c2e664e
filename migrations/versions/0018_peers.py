"""Comparisons with peers, and practices that opt out of them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.storage.row_security import bound_table

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "practices",
        sa.Column("peers_opted_out", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.create_table(
        "peer_comparisons",
        sa.Column("practice_id", sa.Text(), nullable=False),
        sa.Column("performance_year", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("tin", sa.Text(), nullable=False),
        sa.Column("npi", sa.Text(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("measure_id", sa.Text(), nullable=False),
        sa.Column("stratum", sa.Text(), nullable=False),
        sa.Column("performance_rate", sa.Numeric(), nullable=False),
        sa.Column("data_completeness", sa.Numeric(), nullable=False),
        sa.Column("cuts", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint(
            "practice_id",
            "performance_year",
            "level",
            "tin",
            "npi",
            "group_id",
            "measure_id",
            "stratum",
            name="pk_peer_comparisons",
        ),
    )
    op.create_table(
        "peer_refreshes",
        sa.Column("performance_year", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("performance_year", name="pk_peer_refreshes"),
    )
    for statement in (
        *bound_table("peer_comparisons", "SELECT", "DELETE"),
        *bound_table("peer_refreshes", "SELECT", rows="true"),
    ):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("peer_refreshes")
    op.drop_table("peer_comparisons")
    op.drop_column("practices", "peers_opted_out")
