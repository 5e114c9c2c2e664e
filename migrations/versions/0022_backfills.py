"""Which catalogue version outcomes stand under, and backfills to another one.

Whatever is stored by now was decided by rules that nobody noted: its version is "unknown".
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.storage.row_security import bound_table

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_TABLES = ("outcome_versions", "backfills", "backfill_moves", "backfill_counts")
# One step along the index for each practice and year, not one for each case.
_STORED_SO_FAR = """
    INSERT INTO outcome_versions (practice_id, performance_year, version)
    WITH RECURSIVE seen AS (
        (SELECT practice_id, performance_year FROM cases
         ORDER BY practice_id, performance_year LIMIT 1)
        UNION ALL
        SELECT next.practice_id, next.performance_year FROM seen, LATERAL (
            SELECT practice_id, performance_year FROM cases c
            WHERE (c.practice_id, c.performance_year) > (seen.practice_id, seen.performance_year)
            ORDER BY practice_id, performance_year LIMIT 1
        ) next
    )
    SELECT practice_id, performance_year, 'unknown' FROM seen
"""


def upgrade() -> None:
    op.create_table(
        "outcome_versions",
        sa.Column("practice_id", sa.Text(), nullable=False),
        sa.Column("performance_year", sa.SmallInteger(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("being_left", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint(
            "practice_id", "performance_year", "version", name=op.f("pk_outcome_versions")
        ),
    )
    op.create_index(
        "ix_outcome_versions_of_a_year", "outcome_versions", ["performance_year", "version"]
    )
    op.create_table(
        "backfills",
        sa.Column("practice_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("performance_year", sa.SmallInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("from_versions", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("to_version", sa.Text(), nullable=False),
        sa.Column("lined_up_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("position", sa.Uuid(), nullable=True),
        sa.Column("cases_total", sa.Integer(), nullable=True),
        sa.Column("cases_done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("cases_moved", sa.Integer(), server_default="0", nullable=False),
        sa.Column("cases_unreadable", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practices.id"], name=op.f("fk_backfills_practice_id")
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_backfills")),
    )
    op.create_index("ix_backfills_id", "backfills", ["id"], unique=True)
    op.create_index(
        "ix_backfills_unfinished",
        "backfills",
        ["practice_id", "performance_year"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "backfill_moves",
        sa.Column("practice_id", sa.Text(), nullable=False),
        sa.Column("backfill_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("measure_id", sa.Text(), nullable=False),
        sa.Column("stratum", sa.Text(), nullable=False),
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("place_before", sa.Text(), nullable=True),
        sa.Column("reason_before", sa.Text(), nullable=True),
        sa.Column("place_after", sa.Text(), nullable=True),
        sa.Column("reason_after", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint(
            *("practice_id", "backfill_id", "case_id", "measure_id", "stratum"),
            name=op.f("pk_backfill_moves"),
        ),
    )
    op.create_index("ix_backfill_moves_of_a_case", "backfill_moves", ["practice_id", "case_id"])
    op.create_table(
        "backfill_counts",
        sa.Column("practice_id", sa.Text(), nullable=False),
        sa.Column("backfill_id", sa.Uuid(), nullable=False),
        sa.Column("measure_id", sa.Text(), nullable=False),
        sa.Column("stratum", sa.Text(), nullable=False),
        sa.Column("tin", sa.Text(), nullable=False),
        sa.Column("npi", sa.Text(), nullable=False),
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("before", sa.Integer(), nullable=False),
        sa.Column("after", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            *("practice_id", "backfill_id", "measure_id", "stratum"),
            *("tin", "npi", "facility_id", "place"),
            name=op.f("pk_backfill_counts"),
        ),
    )
    op.execute(_STORED_SO_FAR)
    for table in _TABLES:
        for statement in bound_table(table, "SELECT"):
            op.execute(statement)


def downgrade() -> None:
    for table in _TABLES:
        op.drop_table(table)
