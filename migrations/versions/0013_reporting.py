"""Reporting to CMS: registrations of a performance year, consents of clinicians, agreements."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_registrations()
    _create_consents()
    _create_agreements()


def downgrade() -> None:
    for table in ("agreements", "consents", "registrations"):
        op.drop_table(table)


def _create_registrations() -> None:
    op.create_table(
        "registrations",
        sa.Column("practice_id", sa.Text(), nullable=False),
        sa.Column("performance_year", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("option", sa.Text(), nullable=False),
        sa.Column("is_renewal", sa.Boolean(), nullable=False),
        sa.Column("representative_name", sa.Text(), nullable=False),
        sa.Column("representative_title", sa.Text(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mvp", sa.Text(), nullable=True),
        sa.Column("subgroup_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("cms_registration_acknowledged", sa.Boolean(), nullable=False),
        sa.Column("virtual_group_id", sa.Uuid(), nullable=True),
        sa.Column("over_90000_usd", sa.Boolean(), nullable=True),
        sa.Column("over_200_patients", sa.Boolean(), nullable=True),
        sa.Column("over_200_services", sa.Boolean(), nullable=True),
        sa.Column("opts_in", sa.Boolean(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        *_known_by("registrations", "practice_id", "performance_year"),
    )


def _create_consents() -> None:
    op.create_table(
        "consents",
        sa.Column("practice_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("performance_year", sa.SmallInteger(), nullable=False),
        sa.Column("clinician_id", sa.Uuid(), nullable=False),
        sa.Column("npi", sa.Text(), nullable=False),
        sa.Column("signer", sa.Text(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("withdrawal_reason", sa.Text(), nullable=True),
        *_known_by("consents", "practice_id", "id"),
    )
    op.create_index(
        "ix_consents_in_force",
        "consents",
        ["practice_id", "performance_year", "clinician_id"],
        unique=True,
        postgresql_where=sa.text("withdrawn_on IS NULL"),
    )


def _create_agreements() -> None:
    op.create_table(
        "agreements",
        sa.Column("practice_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=False),
        *_known_by("agreements", "practice_id", "id"),
    )


def _known_by(table: str, *key: str) -> tuple[sa.Constraint, ...]:
    return (
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practices.id"], name=op.f(f"fk_{table}_practice_id")
        ),
        sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{table}")),
    )
