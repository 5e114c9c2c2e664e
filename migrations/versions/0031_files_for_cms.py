"""What is made for CMS after a performance year, sealed, and what was sent of it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.storage.row_security import bound_table

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_PRIVILEGES = {
    "cms_submissions": ("SELECT", "INSERT"),
    "cms_documents": ("SELECT", "INSERT", "UPDATE (sent_on, id_at_cms)"),
}


def upgrade() -> None:
    op.create_table(
        "cms_submissions",
        *_key("cms_submissions"),
        sa.Column("performance_year", sa.SmallInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("catalogue_version", sa.Text(), nullable=True),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.Column("ready", sa.Integer(), nullable=False),
        sa.Column("by_key", sa.Uuid(), nullable=True),
        sa.Column("by_role", sa.Text(), nullable=False),
        sa.Column("by_label", sa.Text(), nullable=True),
        sa.Column("by_user", sa.Uuid(), nullable=True),
    )
    op.create_table(
        "cms_documents",
        *_key("cms_documents"),
        sa.Column("cms_submission_id", sa.Uuid(), nullable=False),
        sa.Column("performance_year", sa.SmallInteger(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("tin", sa.Text(), nullable=True),
        sa.Column("npi", sa.Text(), nullable=True),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("group_name", sa.Text(), nullable=True),
        sa.Column("entity_id", sa.Text(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("data_key", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("measures", sa.Integer(), nullable=False),
        sa.Column("activities", sa.Integer(), nullable=False),
        sa.Column("left_out", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("faults", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("id_at_cms", sa.Text(), nullable=True),
    )
    op.create_index("ix_cms_submissions_id", "cms_submissions", ["id"], unique=True)
    op.create_index("ix_cms_documents_id", "cms_documents", ["id"], unique=True)
    op.create_index(
        "ix_cms_documents_of_submission",
        "cms_documents",
        ["practice_id", "cms_submission_id", "id"],
    )
    op.create_index(
        "ix_cms_documents_sent",
        "cms_documents",
        ["practice_id", "performance_year", "id"],
        postgresql_where=sa.text("sent_on IS NOT NULL"),
    )
    for table, privileges in _PRIVILEGES.items():
        for statement in bound_table(table, *privileges):
            op.execute(statement)


def downgrade() -> None:
    for table in _PRIVILEGES:
        op.drop_table(table)


def _key(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("practice_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practices.id"], name=op.f(f"fk_{table}_practice_id")
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f(f"pk_{table}")),
    )
