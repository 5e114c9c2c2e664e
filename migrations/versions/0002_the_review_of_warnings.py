"""Accepted findings, findings counted by code, labels of keys; idempotency keys for every POST."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "accepted_findings",
        sa.Column("practice_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sandbox", sa.Boolean(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_by", sa.Uuid(), nullable=False),
        sa.Column("accepted_by_role", sa.Text(), nullable=False),
        sa.Column("accepted_by_label", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_by_role", sa.Text(), nullable=True),
        sa.Column("withdrawn_by_label", sa.Text(), nullable=True),
        sa.Column("withdrawal_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practices.id"], name=op.f("fk_accepted_findings_practice_id")
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_accepted_findings")),
    )
    op.create_table(
        "submission_finding_counts",
        sa.Column("practice_id", sa.Text(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("findings", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "practice_id",
            "submission_id",
            "code",
            "severity",
            name=op.f("pk_submission_finding_counts"),
        ),
    )
    op.add_column("submission_findings", sa.Column("acceptance_id", sa.Uuid(), nullable=True))
    op.add_column(
        "submissions",
        sa.Column("findings_accepted", sa.Integer(), server_default="0", nullable=False),
    )
    op.add_column("api_keys", sa.Column("label", sa.Text(), nullable=True))
    op.alter_column("idempotency_keys", "submission_id", new_column_name="made_id")
    op.execute(_COUNT_WHAT_IS_KEPT)


def downgrade() -> None:
    op.alter_column("idempotency_keys", "made_id", new_column_name="submission_id")
    op.drop_column("api_keys", "label")
    op.drop_column("submissions", "findings_accepted")
    op.drop_column("submission_findings", "acceptance_id")
    op.drop_table("submission_finding_counts")
    op.drop_table("accepted_findings")


# Of earlier submissions the findings above the 10,000 that are kept can no longer be told apart.
_COUNT_WHAT_IS_KEPT = """
    INSERT INTO submission_finding_counts
        (practice_id, submission_id, code, severity, findings, accepted)
    SELECT practice_id, submission_id, finding->>'code', finding->>'severity', count(*), 0
    FROM submission_findings
    GROUP BY 1, 2, 3, 4
"""
