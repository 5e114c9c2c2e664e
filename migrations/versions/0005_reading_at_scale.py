"""Indexes for what is read of practices with many cases."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # By hash, which knows no order: else the pages of a large practice are read along all cases.
    op.drop_index("ix_cases_id", table_name="cases")
    op.create_index("ix_cases_id", "cases", ["case_id"], postgresql_using="hash")
    op.create_index("ix_cases_of_a_year", "cases", ["practice_id", "performance_year", "case_id"])
    op.create_index("ix_case_staff_npi", "case_staff", ["practice_id", "npi", "tin", "case_id"])
    op.create_index(
        "ix_case_counts_by_tin",
        "case_counts",
        ["practice_id", "performance_year", "tin"],
        postgresql_where=sa.text("npi = ''"),
    )
    op.create_index(
        "ix_measure_counts_by_tin",
        "measure_counts",
        ["practice_id", "performance_year", "measure_id", "stratum", "tin"],
        postgresql_where=sa.text("npi = ''"),
    )


def downgrade() -> None:
    op.drop_index("ix_measure_counts_by_tin", table_name="measure_counts")
    op.drop_index("ix_case_counts_by_tin", table_name="case_counts")
    op.drop_index("ix_case_staff_npi", table_name="case_staff")
    op.drop_index("ix_cases_of_a_year", table_name="cases")
    op.drop_index("ix_cases_id", table_name="cases")
    op.create_index("ix_cases_id", "cases", ["case_id"])
