"""Billing: frozen counts, price lists, orders, invoices, and the years that are reconciled."""

from collections.abc import Iterator
from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.storage.row_security import bound_table, free_table, read_and_appended

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


_OF_PRACTICE: Final = {
    "frozen_counts": ("SELECT", "INSERT"),
    "orders": ("SELECT", "INSERT", "UPDATE"),
    "invoices": ("SELECT", "INSERT"),
    "invoice_payments": ("SELECT", "INSERT"),
    "reconciled_years": ("SELECT", "INSERT"),
}
_OF_THE_REGISTRY: Final = ("invoice_series", "price_lists")
_ANY_CALLER: Final = "(SELECT nacor_caller()) IS NOT NULL"


def upgrade() -> None:
    _create_frozen_counts()
    _create_tables_of_the_registry()
    _create_orders()
    _create_invoices()
    _create_reconciled_years()
    for statement in _bindings():
        op.execute(statement)


def downgrade() -> None:
    for table in (*_OF_PRACTICE, *_OF_THE_REGISTRY):
        for statement in free_table(table):
            op.execute(statement)
        op.drop_table(table)


def _bindings() -> Iterator[str]:
    """A practice that replaces its order gets a credit, which takes a number of the series."""
    for table, privileges in _OF_PRACTICE.items():
        yield from bound_table(table, *privileges)
    yield from bound_table("invoice_series", "SELECT", "INSERT", "UPDATE", rows=_ANY_CALLER)
    yield from read_and_appended(
        "price_lists", read=_ANY_CALLER, appended="(SELECT nacor_reaches_every_practice())"
    )


def _create_frozen_counts() -> None:
    op.create_table(
        "frozen_counts",
        sa.Column("practice_id", sa.Text(), nullable=False),
        sa.Column("performance_year", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("case_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("purged", sa.Integer(), server_default="0", nullable=False),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("frozen_at", _INSTANT, nullable=False),
        *_of_practice("frozen_counts", "practice_id", "performance_year", "period"),
    )


def _create_reconciled_years() -> None:
    op.create_table(
        "reconciled_years",
        sa.Column("practice_id", sa.Text(), nullable=False),
        sa.Column("performance_year", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("ordered", postgresql.JSONB(), nullable=False),
        sa.Column("submitted", postgresql.JSONB(), nullable=False),
        sa.Column("invoice_number", sa.Text(), nullable=True),
        sa.Column("reconciled_at", _INSTANT, nullable=False),
        *_of_practice("reconciled_years", "practice_id", "performance_year"),
    )


def _create_tables_of_the_registry() -> None:
    op.create_table(
        "price_lists",
        sa.Column("performance_year", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("administrative_fee", sa.BigInteger(), nullable=True),
        sa.Column("prices", postgresql.JSONB(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("payment_instructions", sa.Text(), nullable=False),
        sa.Column("entered_at", _INSTANT, nullable=False),
        *_actor(),
        sa.PrimaryKeyConstraint("performance_year", "version", name=op.f("pk_price_lists")),
    )
    op.create_table(
        "invoice_series",
        sa.Column("year", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_invoice_series")),
    )


def _create_orders() -> None:
    op.create_table(
        "orders",
        sa.Column("practice_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("performance_year", sa.SmallInteger(), nullable=False),
        sa.Column("product", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("quantities", postgresql.JSONB(), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("clinicians", sa.Integer(), nullable=False),
        sa.Column("price_version", sa.Integer(), nullable=False),
        sa.Column("ordered_by", postgresql.JSONB(), nullable=False),
        sa.Column("billing_contact", postgresql.JSONB(), nullable=False),
        sa.Column("placed_at", _INSTANT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        *_actor(),
        *_of_practice("orders", "practice_id", "id"),
    )


def _create_invoices() -> None:
    op.create_table(
        "invoices",
        sa.Column("practice_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("performance_year", sa.SmallInteger(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("lines", postgresql.JSONB(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("payment_instructions", sa.Text(), nullable=False),
        sa.Column("bill_to", postgresql.JSONB(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column("credits", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        *_of_practice("invoices", "practice_id", "number"),
    )
    op.create_index("ix_invoices_number", "invoices", ["number"], unique=True)
    op.create_index("ix_invoices_credits", "invoices", ["practice_id", "credits"], unique=True)
    op.create_table(
        "invoice_payments",
        sa.Column("practice_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.Column("entered_at", _INSTANT, nullable=False),
        *_actor(),
        *_of_practice("invoice_payments", "practice_id", "number"),
    )


def _actor() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("by_key", sa.Uuid(), nullable=True),
        sa.Column("by_role", sa.Text(), nullable=False),
        sa.Column("by_label", sa.Text(), nullable=True),
        sa.Column("by_user", sa.Uuid(), nullable=True),
    )


def _of_practice(table: str, *key: str) -> tuple[sa.Constraint, ...]:
    return (
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practices.id"], name=op.f(f"fk_{table}_practice_id")
        ),
        sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{table}")),
    )
