"""The tables of billing. Money is in whole cents."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from app.storage.tables.actor_columns import actor_columns
from app.storage.tables.kinds import INSTANT
from app.storage.tables.metadata import metadata

# Ids side by side in an array take a quarter of what a row for each would.
frozen_counts = Table(
    "frozen_counts",
    metadata,
    Column("practice_id", Text, ForeignKey("practices.id"), primary_key=True),
    Column("performance_year", SmallInteger, primary_key=True, autoincrement=False),
    Column("period", Text, primary_key=True),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("cases", Integer, nullable=False),
    Column("case_ids", ARRAY(Uuid), nullable=False),
    Column("purged", Integer, nullable=False, server_default="0"),
    Column("proof", Text, nullable=False),
    Column("frozen_at", INSTANT, nullable=False),
)

# Of the registry as a whole, as the two behind it: a year leads, there are a few rows a year.
price_lists = Table(
    "price_lists",
    metadata,
    Column("performance_year", SmallInteger, primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("currency", Text, nullable=False),
    Column("administrative_fee", BigInteger),
    Column("prices", JSONB, nullable=False),
    Column("issuer", Text, nullable=False),
    Column("payment_instructions", Text, nullable=False),
    Column("entered_at", INSTANT, nullable=False),
    *actor_columns(),
)

invoice_series = Table(
    "invoice_series",
    metadata,
    Column("year", SmallInteger, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
)

orders = Table(
    "orders",
    metadata,
    Column("practice_id", Text, ForeignKey("practices.id"), primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("performance_year", SmallInteger, nullable=False),
    Column("product", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("quantities", JSONB, nullable=False),
    Column("members", Integer, nullable=False),
    Column("clinicians", Integer, nullable=False),
    Column("price_version", Integer, nullable=False),
    Column("ordered_by", JSONB, nullable=False),
    Column("billing_contact", JSONB, nullable=False),
    Column("placed_at", INSTANT, nullable=False),
    Column("is_renewal", Boolean),
    Column("providers", JSONB, nullable=False),
    Column("state", Text, nullable=False),
    *actor_columns(),
)

invoices = Table(
    "invoices",
    metadata,
    Column("practice_id", Text, ForeignKey("practices.id"), primary_key=True),
    Column("number", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("performance_year", SmallInteger, nullable=False),
    Column("issued_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("currency", Text, nullable=False),
    Column("lines", JSONB, nullable=False),
    Column("issuer", Text, nullable=False),
    Column("payment_instructions", Text, nullable=False),
    Column("bill_to", JSONB, nullable=False),
    Column("order_id", Uuid),
    Column("credits", Text),
    Column("reason", Text),
    Index("ix_invoices_number", "number", unique=True),
    Index("ix_invoices_credits", "practice_id", "credits", unique=True),
)

invoice_payments = Table(
    "invoice_payments",
    metadata,
    Column("practice_id", Text, ForeignKey("practices.id"), primary_key=True),
    Column("number", Text, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("paid_on", Date, nullable=False),
    Column("cents", BigInteger, nullable=False),
    Column("reference", Text, nullable=False),
    Column("entered_at", INSTANT, nullable=False),
    *actor_columns(),
)

reconciled_years = Table(
    "reconciled_years",
    metadata,
    Column("practice_id", Text, ForeignKey("practices.id"), primary_key=True),
    Column("performance_year", SmallInteger, primary_key=True, autoincrement=False),
    Column("ordered", JSONB, nullable=False),
    Column("submitted", JSONB, nullable=False),
    Column("invoice_number", Text),
    Column("reconciled_at", INSTANT, nullable=False),
)
