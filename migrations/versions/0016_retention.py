"""Retention: policies, legal holds, purges, and what was counted before them."""

import sqlalchemy as sa
from alembic import op

from app.storage.row_security import OF_PRACTICE, bound_table

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)

_OF_REQUESTS = {
    "retention_policies": ("SELECT", "INSERT", "UPDATE"),
    "legal_holds": ("SELECT", "INSERT", "UPDATE"),
    "purges": ("SELECT",),
    "purged_case_counts": (),
}


def upgrade() -> None:
    op.create_table(
        "retention_policies",
        sa.Column("practice_id", sa.Text(), nullable=False),
        sa.Column("years", sa.SmallInteger(), nullable=False),
        sa.Column("purges_by_itself", sa.Boolean(), nullable=False),
        *_of_a_practice("retention_policies", "practice_id"),
    )
    op.create_table(
        "legal_holds",
        sa.Column("practice_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("placed_by", sa.Text(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.Text(), nullable=True),
        sa.Column("lift_reason", sa.Text(), nullable=True),
        *_of_a_practice("legal_holds", "practice_id", "id"),
    )
    op.create_table(
        "purges",
        sa.Column("practice_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("older_than", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("versions", sa.Integer(), nullable=False),
        sa.Column("submissions", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_stopped", sa.Boolean(), nullable=False),
        *_of_a_practice("purges", "practice_id", "id"),
    )
    key = ("practice_id", "performance_year", "tin", "npi", "facility_id")
    op.create_table(
        "purged_case_counts",
        sa.Column("practice_id", sa.Text(), nullable=False),
        sa.Column("performance_year", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("tin", sa.Text(), nullable=False),
        sa.Column("npi", sa.Text(), nullable=False),
        sa.Column("facility_id", sa.Text(), nullable=False),
        *(sa.Column(month, sa.Integer(), nullable=False) for month in _MONTHS),
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_purged_case_counts")),
    )
    op.add_column("submissions", sa.Column("purged_at", sa.DateTime(timezone=True), nullable=True))
    for table, privileges in _OF_REQUESTS.items():
        for statement in bound_table(table, *privileges, rows=OF_PRACTICE):
            op.execute(statement)


def downgrade() -> None:
    op.drop_column("submissions", "purged_at")
    for table in ("purged_case_counts", "purges", "legal_holds", "retention_policies"):
        op.drop_table(table)


def _of_a_practice(table: str, *key: str) -> tuple[sa.Constraint, ...]:
    return (
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practices.id"], name=op.f(f"fk_{table}_practice_id")
        ),
        sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{table}")),
    )
