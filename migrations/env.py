"""Runs migrations on the connection it is given, or on NACOR_DATABASE_URL for `alembic` itself."""

import os

from alembic import context
from sqlalchemy import Connection, NullPool, create_engine

from app.storage.database import with_driver
from app.storage.queue_schema import PREFIX
from app.storage.tables import metadata


def _is_ours(name: str | None, kind: str, _: object) -> bool:
    return not (kind == "table" and name is not None and name.startswith(PREFIX))


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        compare_server_default=True,
        include_name=_is_ours,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    _run(given)
else:
    engine = create_engine(with_driver(os.environ["NACOR_DATABASE_URL"]), poolclass=NullPool)
    with engine.connect() as own:
        _run(own)
