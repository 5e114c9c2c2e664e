"""Improvement activities that practices attest."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "activity_attestations",
        sa.Column("practice_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("performance_year", sa.SmallInteger(), nullable=False),
        sa.Column("activity_id", sa.Text(), nullable=False),
        sa.Column("tin", sa.Text(), nullable=False),
        sa.Column("npi", sa.Text(), nullable=True),
        sa.Column("subgroup_id", sa.Uuid(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("clinicians", sa.Integer(), nullable=True),
        sa.Column("attested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attested_by", sa.Uuid(), nullable=False),
        sa.Column("attested_by_label", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practices.id"], name=op.f("fk_activity_attestations_practice_id")
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_activity_attestations")),
        sa.UniqueConstraint(
            *("practice_id", "performance_year", "activity_id", "tin", "npi", "subgroup_id"),
            name="uq_activity_attestations_once",
            postgresql_nulls_not_distinct=True,
        ),
    )


def downgrade() -> None:
    op.drop_table("activity_attestations")
