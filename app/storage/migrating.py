"""Brings a database to head, and tells whether it is there.

Alembic takes 9 MiB and a while to load, so only a database that is to be migrated loads it.
"""

from functools import cache
from pathlib import Path

from sqlalchemy import Connection, Engine, text

_ROOT = Path(__file__).parents[2]
_MIGRATIONS = _ROOT / "migrations"


def migrate_to_head(engine: Engine) -> None:
    with engine.begin() as connection:
        if not is_at_head(connection):
            _upgrade(connection)


def is_at_head(connection: Connection) -> bool:
    return _revision_of(connection) == newest_revision()


@cache
def newest_revision() -> str:
    """The names of the migrations begin with their revision, a number of four digits."""
    newest = max(file.name for file in (_MIGRATIONS / "versions").glob("[0-9]*.py"))
    return newest.partition("_")[0]


def _revision_of(connection: Connection) -> str | None:
    """None for a database that was never migrated."""
    if connection.scalar(text("SELECT to_regclass('alembic_version')")) is None:
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config(str(_ROOT / "alembic.ini"))
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
