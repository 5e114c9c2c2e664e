"""Totals of subgroups and virtual groups, counted once for those that are on a roster already."""

from typing import Final

import sqlalchemy as sa
from alembic import op

from app.storage.row_security import bound_table

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_POPULATIONS: Final = (
    "performance_met",
    "performance_not_met",
    "denominator_exception",
    "denominator_exclusion",
    "unreported",
)


def upgrade() -> None:
    op.create_table(
        "group_counts",
        sa.Column("practice_id", sa.Text(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("measure_id", sa.Text(), nullable=False),
        sa.Column("stratum", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _POPULATIONS),
        sa.PrimaryKeyConstraint(
            "practice_id", "group_id", "measure_id", "stratum", name="pk_group_counts"
        ),
    )
    for statement in bound_table("group_counts", "SELECT", "INSERT", "UPDATE", "DELETE"):
        op.execute(statement)
    op.create_index("ix_virtual_groups_of_a_name", "virtual_groups", ["performance_year", "name"])
    counted = ", ".join(f"count(*) FILTER (WHERE population = '{name}')" for name in _POPULATIONS)
    op.execute(f"""
        WITH members AS (
            SELECT DISTINCT s.practice_id, s.case_id, g.id AS group_id, g.performance_year
            FROM subgroups g JOIN case_staff s
                ON s.practice_id = g.practice_id AND s.tin = g.tin AND s.npi = ANY(g.npis)
            UNION ALL
            SELECT DISTINCT s.practice_id, s.case_id, g.id, g.performance_year
            FROM virtual_groups g JOIN case_staff s
                ON s.practice_id = g.practice_id AND s.tin = ANY(g.tins)
        )
        INSERT INTO group_counts
        SELECT m.practice_id, group_id, m.measure_id, m.stratum, {counted}
        FROM members JOIN cases c USING (practice_id, case_id, performance_year)
        JOIN measure_outcomes m USING (practice_id, case_id)
        WHERE c.status = 'active' AND NOT c.sandbox
        GROUP BY 1, 2, 3, 4
    """)  # noqa: S608 - names of ours


def downgrade() -> None:
    op.drop_index("ix_virtual_groups_of_a_name", table_name="virtual_groups")
    op.drop_table("group_counts")
