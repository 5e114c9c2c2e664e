"""The roster: more about practices and their TINs, facilities, clinicians, and who changed what."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_OF_PRACTICES = ("version", "addresses", "contacts", "clinicians")
_OF_TINS = ("id", "version", "valid_from", "valid_until")
_TABLES = (
    "facilities",
    "clinicians",
    "employments",
    "subgroups",
    "virtual_groups",
    "roster_changes",
    "reconciliation_decisions",
    "provider_list_orders",
)


def upgrade() -> None:
    _extend_practices()
    _create_entries()
    _create_history()


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)
    op.drop_constraint(op.f("uq_practice_tins_practice_id_id"), "practice_tins")
    for column in reversed(_OF_TINS):
        op.drop_column("practice_tins", column)
    for column in reversed(_OF_PRACTICES):
        op.drop_column("practices", column)


def _extend_practices() -> None:
    op.add_column("practices", _version_from_1())
    op.add_column("practices", _empty_list("addresses"))
    op.add_column("practices", _empty_list("contacts"))
    op.add_column("practices", sa.Column("clinicians", sa.Integer(), nullable=True))
    op.add_column(
        "practice_tins",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
    )
    op.add_column("practice_tins", _version_from_1())
    op.add_column("practice_tins", sa.Column("valid_from", sa.Date(), nullable=True))
    op.add_column("practice_tins", sa.Column("valid_until", sa.Date(), nullable=True))
    op.create_unique_constraint(
        op.f("uq_practice_tins_practice_id_id"), "practice_tins", ["practice_id", "id"]
    )


def _create_entries() -> None:
    _create(
        "facilities",
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("place_of_service", sa.SmallInteger(), nullable=True),
        sa.Column("ccn", sa.Text(), nullable=True),
        sa.Column("npi", sa.Text(), nullable=True),
        once=("practice_id", "facility_id"),
    )
    _create(
        "clinicians",
        sa.Column("npi", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("credentials", sa.Text(), nullable=False),
        sa.Column("asa_member_years", postgresql.ARRAY(sa.SmallInteger()), nullable=False),
        once=("practice_id", "npi"),
    )
    _create(
        "employments",
        sa.Column("clinician_id", sa.Uuid(), nullable=False),
        sa.Column("tin", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        once=("practice_id", "clinician_id", "tin", "starts_on"),
    )
    _create(
        "subgroups",
        sa.Column("tin", sa.Text(), nullable=False),
        sa.Column("performance_year", sa.SmallInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("npis", postgresql.ARRAY(sa.Text()), nullable=False),
        once=("practice_id", "tin", "performance_year", "name"),
    )
    _create(
        "virtual_groups",
        sa.Column("performance_year", sa.SmallInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("tins", postgresql.ARRAY(sa.Text()), nullable=False),
        once=("practice_id", "performance_year", "name"),
    )


def _create_history() -> None:
    op.create_table(
        "roster_changes",
        sa.Column("practice_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *_actor(),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("before", postgresql.JSONB(), nullable=True),
        sa.Column("after", postgresql.JSONB(), nullable=True),
        *_known_by("roster_changes", "practice_id", "id"),
    )
    op.create_table(
        "reconciliation_decisions",
        sa.Column("practice_id", sa.Text(), nullable=False),
        sa.Column("performance_year", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("tin", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("npi", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        *_actor(),
        *_known_by(
            "reconciliation_decisions", "practice_id", "performance_year", "kind", "tin", "npi"
        ),
    )
    op.create_table(
        "provider_list_orders",
        sa.Column("performance_year", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *_actor(),
        sa.Column("locks", sa.Boolean(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("performance_year", "id", name=op.f("pk_provider_list_orders")),
    )


def _create(table: str, *columns: sa.Column[object], once: tuple[str, ...]) -> None:
    """Create the table of one kind of entry; the columns of `once` name an entry."""
    op.create_table(
        table,
        sa.Column("practice_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *columns,
        *_known_by(table, "practice_id", "id"),
        sa.UniqueConstraint(*once, name=op.f(f"uq_{table}_{'_'.join(once)}")),
    )


def _known_by(table: str, *key: str) -> tuple[sa.Constraint, ...]:
    return (
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practices.id"], name=op.f(f"fk_{table}_practice_id")
        ),
        sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{table}")),
    )


def _actor() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_key", sa.Uuid(), nullable=True),
        sa.Column("by_role", sa.Text(), nullable=False),
        sa.Column("by_label", sa.Text(), nullable=True),
    )


def _version_from_1() -> sa.Column[int]:
    return sa.Column("version", sa.Integer(), server_default="1", nullable=False)


def _empty_list(name: str) -> sa.Column[object]:
    return sa.Column(name, postgresql.JSONB(), server_default=sa.text("'[]'"), nullable=False)
