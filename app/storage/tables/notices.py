"""The tables of notices. They are found by webhook and by id, so those lead where a practice may
be missing; nothing here is on the path of cases.
"""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from app.storage.tables.kinds import INSTANT
from app.storage.tables.metadata import metadata

webhooks = Table(
    "webhooks",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("api_key_id", Uuid, ForeignKey("api_keys.id"), nullable=False),
    Column("url", Text, nullable=False),
    Column("events", ARRAY(Text), nullable=False),
    Column("description", Text),
    Column("switched_off", Text),
    Column("created_at", INSTANT, nullable=False),
    Index("ix_webhooks_api_key_id", "api_key_id"),
)

webhook_secrets = Table(
    "webhook_secrets",
    metadata,
    Column("webhook_id", Uuid, ForeignKey("webhooks.id", ondelete="CASCADE"), primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("master_key", Text, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    Column("ends_at", INSTANT),
)


def progress_of_a_notice() -> tuple[Column[object], ...]:
    return (
        Column("state", Text, nullable=False),
        Column("tries", SmallInteger, nullable=False),
        Column("tried_at", INSTANT),
        Column("next_try_at", INSTANT),
        Column("failure", Text),
        Column("status", Integer),
    )


webhook_deliveries = Table(
    "webhook_deliveries",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("webhook_id", Uuid, ForeignKey("webhooks.id", ondelete="CASCADE"), nullable=False),
    Column("event", Text, nullable=False),
    Column("practice_id", Text),
    Column("submission_id", Uuid),
    Column("body", Text, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    *progress_of_a_notice(),
    Index("ix_webhook_deliveries_webhook_id", "webhook_id", "id"),
    Index(
        "ix_webhook_deliveries_open",
        "webhook_id",
        text("coalesce(next_try_at, created_at)"),
        "id",
        postgresql_where=text("state IN ('pending', 'waiting')"),
    ),
    Index(
        "ix_webhook_deliveries_ended",
        "tried_at",
        postgresql_where=text("state IN ('delivered', 'dead')"),
    ),
)

submission_mails = Table(
    "submission_mails",
    metadata,
    Column("practice_id", Text, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("submission_id", Uuid, nullable=False),
    Column("address", Text),
    Column("created_at", INSTANT, nullable=False),
    *progress_of_a_notice(),
    Index("ix_submission_mails_id", "id", unique=True),
    Index(
        "ix_submission_mails_ended",
        "tried_at",
        postgresql_where=text("state IN ('delivered', 'dead')"),
    ),
)

confirmations = Table(
    "confirmations",
    metadata,
    Column("practice_id", Text, ForeignKey("practices.id"), primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("performance_year", SmallInteger, nullable=False),
    Column("order_id", Uuid),
    Column("registration", Integer),
    Column("invoice_number", Text),
    Column("address", Text, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    *progress_of_a_notice(),
)

practice_mail_domains = Table(
    "practice_mail_domains",
    metadata,
    Column("practice_id", Text, ForeignKey("practices.id"), primary_key=True),
    Column("sandbox", Boolean, primary_key=True),
    Column("domain", Text, primary_key=True),
    Column("allowed_at", INSTANT, nullable=False),
    Column("allowed_by", Uuid, nullable=False),
    Column("allowed_by_role", Text, nullable=False),
)
