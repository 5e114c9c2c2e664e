"""The audit trail, and API keys that expire, are rotated and reach what practices grant."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_KEEP_ENTRIES = """
    CREATE FUNCTION refuse_to_change_the_audit_trail() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'the audit trail is only appended to'
            USING ERRCODE = 'insufficient_privilege';
    END $$;
    CREATE TRIGGER audit_entries_are_kept
        BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_the_audit_trail();
    CREATE TRIGGER audit_heads_are_kept
        BEFORE DELETE OR TRUNCATE ON audit_heads
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_the_audit_trail();
    CREATE TRIGGER audit_heads_go_forward
        BEFORE UPDATE ON audit_heads FOR EACH ROW
        WHEN (NEW.number <= OLD.number OR NEW.practice_id <> OLD.practice_id)
        EXECUTE FUNCTION refuse_to_change_the_audit_trail();
"""


def upgrade() -> None:
    _create_audit()
    _create_organizations()
    _extend_keys()
    _create_grants()


def downgrade() -> None:
    op.drop_table("grants")
    op.add_column("api_keys", sa.Column("key_hash", sa.LargeBinary(), nullable=True))
    op.execute(
        """UPDATE api_keys k SET key_hash = (
               SELECT s.key_hash FROM api_key_secrets s WHERE s.api_key_id = k.id
               ORDER BY s.created_at DESC LIMIT 1)"""
    )
    op.alter_column("api_keys", "key_hash", nullable=False)
    op.create_unique_constraint(op.f("uq_api_keys_key_hash"), "api_keys", ["key_hash"])
    op.drop_table("api_key_secrets")
    for column in ("last_used_at", "revoked_at", "expires_at", "created_by", "organization_id"):
        op.drop_column("api_keys", column)
    op.drop_table("organizations")
    op.drop_table("audit_heads")
    op.drop_table("audit_entries")
    op.execute("DROP FUNCTION refuse_to_change_the_audit_trail")


def _create_audit() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("practice_id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=True),
        *(_text(name) for name in ("role", "label", "address", "request_id")),
        sa.Column("sandbox", sa.Boolean(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        *(_text(name) for name in ("about", "about_id", "reason")),
        sa.Column("details", postgresql.JSONB(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("practice_id", "number", name=op.f("pk_audit_entries")),
    )
    op.create_index(
        "ix_audit_entries_of_a_practice_at", "audit_entries", ["practice_id", "at", "number"]
    )
    op.create_index("ix_audit_entries_at", "audit_entries", ["at", "practice_id", "number"])
    op.create_table(
        "audit_heads",
        sa.Column("practice_id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("practice_id", name=op.f("pk_audit_heads")),
    )
    op.execute(_KEEP_ENTRIES)


def _create_organizations() -> None:
    op.create_table(
        "organizations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        _now("created_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organizations")),
    )


def _extend_keys() -> None:
    op.add_column("api_keys", sa.Column("organization_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_api_keys_organization_id"),
        "api_keys",
        "organizations",
        ["organization_id"],
        ["id"],
    )
    op.add_column("api_keys", _text("created_by"))
    for column in ("expires_at", "revoked_at", "last_used_at"):
        op.add_column("api_keys", sa.Column(column, sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "api_key_secrets",
        sa.Column("key_hash", sa.LargeBinary(), nullable=False),
        sa.Column("api_key_id", sa.Uuid(), nullable=False),
        _now("created_at"),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["api_key_id"], ["api_keys.id"], name=op.f("fk_api_key_secrets_api_key_id")
        ),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_api_key_secrets")),
    )
    op.create_index("ix_api_key_secrets_api_key_id", "api_key_secrets", ["api_key_id"])
    op.execute(
        """INSERT INTO api_key_secrets (key_hash, api_key_id, created_at)
           SELECT key_hash, id, created_at FROM api_keys"""
    )
    op.drop_constraint(op.f("uq_api_keys_key_hash"), "api_keys")
    op.drop_column("api_keys", "key_hash")


def _create_grants() -> None:
    op.create_table(
        "grants",
        sa.Column("practice_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("rights", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted_by", sa.Uuid(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_grants_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practices.id"], name=op.f("fk_grants_practice_id")
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_grants")),
    )
    op.create_index("ix_grants_organization_id", "grants", ["organization_id", "practice_id"])


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=True)


def _now(name: str) -> sa.Column[object]:
    return sa.Column(
        name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
    )
