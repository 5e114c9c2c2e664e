"""Counts of a year's months side by side in one row; a smaller index for a clinician's cases."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_MONTHS: Final = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_NUMBERED: Final = tuple(enumerate(_MONTHS, 1))


def upgrade() -> None:
    sums = ", ".join(
        f"coalesce(sum(cases) FILTER (WHERE extract(month FROM month) = {number}), 0)"
        for number, _ in _NUMBERED
    )
    _remake(
        [sa.Column(month, sa.Integer(), nullable=False) for month in _MONTHS],
        keys=("facility_id",),
        filled=f"""
            SELECT practice_id, performance_year, tin, npi, facility_id, {sums}
            FROM earlier_case_counts GROUP BY 1, 2, 3, 4, 5""",  # noqa: S608 - names of ours
    )
    op.drop_index("ix_case_staff_npi", table_name="case_staff")
    op.create_index("ix_case_staff_npi", "case_staff", ["practice_id", "npi", "case_id"])


def downgrade() -> None:
    op.drop_index("ix_case_staff_npi", table_name="case_staff")
    op.create_index("ix_case_staff_npi", "case_staff", ["practice_id", "npi", "tin", "case_id"])
    counted = ", ".join(f"({number}, {month})" for number, month in _NUMBERED)
    _remake(
        [sa.Column("cases", sa.Integer(), nullable=False)],
        keys=("month", "facility_id"),
        filled=f"""
            SELECT practice_id, performance_year, tin, npi,
                   make_date(performance_year, number, 1), facility_id, cases
            FROM earlier_case_counts, LATERAL (VALUES {counted}) counted (number, cases)
            WHERE cases <> 0""",  # noqa: S608 - names of ours
    )


def _remake(values: list[sa.Column[int]], *, keys: tuple[str, ...], filled: str) -> None:
    """Make the table anew with `keys` behind those that stay, from its rows as they were."""
    types = {"facility_id": sa.Text(), "month": sa.Date()}
    op.rename_table("case_counts", "earlier_case_counts")
    op.execute("ALTER INDEX pk_case_counts RENAME TO pk_earlier_case_counts")
    op.drop_index("ix_case_counts_by_tin", table_name="earlier_case_counts")
    op.create_table(
        "case_counts",
        sa.Column("practice_id", sa.Text(), nullable=False),
        sa.Column("performance_year", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("tin", sa.Text(), nullable=False),
        sa.Column("npi", sa.Text(), nullable=False),
        *(sa.Column(key, types[key], nullable=False) for key in keys),
        *values,
        sa.PrimaryKeyConstraint(
            "practice_id", "performance_year", "tin", "npi", *keys, name="pk_case_counts"
        ),
    )
    op.execute(f"INSERT INTO case_counts {filled}")
    op.drop_table("earlier_case_counts")
    op.create_index(
        "ix_case_counts_by_tin",
        "case_counts",
        ["practice_id", "performance_year", "tin"],
        postgresql_where=sa.text("npi = ''"),
    )
