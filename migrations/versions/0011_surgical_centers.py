"""Surgical centers: where cases landed in their measures, the totals, and what a center enters."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)


def upgrade() -> None:
    _create_outcomes()
    _create_counts()
    _create_figures()


def downgrade() -> None:
    op.drop_table("asc_figures")
    op.drop_table("asc_counts")
    op.drop_index("ix_asc_outcomes_behind_a_number", table_name="asc_outcomes")
    op.drop_table("asc_outcomes")


def _create_outcomes() -> None:
    op.create_table(
        "asc_outcomes",
        sa.Column("practice_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("measure_id", sa.Text(), nullable=False),
        sa.Column("performance_year", sa.SmallInteger(), nullable=False),
        sa.Column("landing", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(
            "practice_id", "case_id", "measure_id", name=op.f("pk_asc_outcomes")
        ),
    )
    op.create_index(
        "ix_asc_outcomes_behind_a_number",
        "asc_outcomes",
        ["practice_id", "measure_id", "performance_year", "landing", "case_id"],
    )


def _create_counts() -> None:
    op.create_table(
        "asc_counts",
        sa.Column("practice_id", sa.Text(), nullable=False),
        sa.Column("performance_year", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("measure_id", sa.Text(), nullable=False),
        sa.Column("landing", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        *(sa.Column(month, sa.Integer(), nullable=False) for month in _MONTHS),
        sa.PrimaryKeyConstraint(
            "practice_id",
            "performance_year",
            "facility_id",
            "measure_id",
            "landing",
            "reason",
            name=op.f("pk_asc_counts"),
        ),
    )


def _create_figures() -> None:
    op.create_table(
        "asc_figures",
        sa.Column("practice_id", sa.Text(), nullable=False),
        sa.Column("facility_entry_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("figures", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practices.id"], name=op.f("fk_asc_figures_practice_id_practices")
        ),
        sa.PrimaryKeyConstraint(
            "practice_id", "facility_entry_id", "year", name=op.f("pk_asc_figures")
        ),
    )
