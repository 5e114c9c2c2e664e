"""People who sign in: users, sessions, invitations, and signing in that has begun."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.storage.row_security import bound_table

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_WHO_ACTED = ("roster_changes", "reconciliation_decisions", "provider_list_orders")
_NOT_ENDED = sa.text("ended_at IS NULL")
_TABLES = ("users", "recovery_codes", "invitations", "sign_ins", "sessions")


def upgrade() -> None:
    op.add_column("audit_entries", sa.Column("user_id", sa.Uuid(), nullable=True))
    for table in _WHO_ACTED:
        op.add_column(table, sa.Column("by_user", sa.Uuid(), nullable=True))
    _create_users()
    _create_what_users_hold()
    _create_sign_ins()
    _create_sessions()
    for table in _TABLES:  # before one of their rows is found nobody is known to be bound
        for statement in bound_table(table, rows="false"):
            op.execute(statement)


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)
    for table in _WHO_ACTED:
        op.drop_column(table, "by_user")
    op.drop_column("audit_entries", "user_id")


def _create_users() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("email", "name", "role")),
        sa.Column("practice_ids", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("npi", sa.Text(), nullable=True),
        _instant("created_at"),
        sa.Column("created_by", sa.Text(), nullable=True),
        _instant("ended_at", nullable=True),
        _instant("last_sign_in_at", nullable=True),
        *(sa.Column(name, sa.Text(), nullable=True) for name in ("issuer", "subject")),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("second_step_salt", sa.LargeBinary(), nullable=True),
        sa.Column("second_step_master_key", sa.Text(), nullable=True),
        _instant("second_step_confirmed_at", nullable=True),
        sa.Column("second_step_last_used", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_users_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
    )
    op.create_index("ix_users_email", "users", ["email"], unique=True, postgresql_where=_NOT_ENDED)
    op.create_index(
        "ix_users_identity",
        "users",
        ["issuer", "subject"],
        unique=True,
        postgresql_where=_NOT_ENDED,
    )


def _create_what_users_hold() -> None:
    op.create_table(
        "recovery_codes",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        _of_user("recovery_codes"),
        sa.PrimaryKeyConstraint("user_id", "code_hash", name=op.f("pk_recovery_codes")),
    )
    op.create_table(
        "invitations",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        _instant("created_at"),
        _instant("expires_at"),
        _of_user("invitations"),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_invitations")),
    )
    op.create_index("ix_invitations_user_id", "invitations", ["user_id"], unique=True)


def _create_sign_ins() -> None:
    op.create_table(
        "sign_ins",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        *(sa.Column(name, sa.Text(), nullable=True) for name in ("nonce", "code_verifier")),
        sa.Column("next_path", sa.Text(), nullable=False),
        _instant("expires_at"),
        _of_user("sign_ins"),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_ins")),
    )
    op.create_index("ix_sign_ins_expires_at", "sign_ins", ["expires_at"])


def _create_sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        *(_instant(name) for name in ("created_at", "last_seen_at", "expires_at")),
        _instant("ended_at", nullable=True),
        *(sa.Column(name, sa.Text(), nullable=True) for name in ("address", "browser")),
        sa.Column("is_of_provider", sa.Boolean(), nullable=False),
        _of_user("sessions"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
    )
    op.create_index("ix_sessions_secret_hash", "sessions", ["secret_hash"], unique=True)
    op.create_index("ix_sessions_user_id", "sessions", ["user_id"])


def _instant(name: str, *, nullable: bool = False) -> "sa.Column[object]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _of_user(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f(f"fk_{table}_user_id"))
