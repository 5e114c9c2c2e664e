"""The connection to PostgreSQL: an engine per process, a migration to head."""

from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine

_ROOT = Path(__file__).parents[2]


def create_database_engine(url: str) -> Engine:
    """Raises: sqlalchemy.exc.ArgumentError for a URL that is none."""
    return create_engine(with_driver(url), pool_size=10, max_overflow=20, pool_pre_ping=True)


def with_driver(url: str) -> str:
    """Let plain `postgresql://` URLs, as hosting services give them, use psycopg 3."""
    scheme, separator, rest = url.partition("://")
    plain = scheme in ("postgres", "postgresql")
    return f"postgresql+psycopg{separator}{rest}" if plain else url


def plain_url(engine: Engine) -> str:
    """The address of the database, password and all, as PostgreSQL's own clients read it."""
    return engine.url.set(drivername="postgresql").render_as_string(hide_password=False)


def driver_connection(connection: Connection) -> psycopg.Connection:
    """The psycopg connection in whose transaction `connection` is, for COPY."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection), "the engine uses psycopg 3"
    return driver


def migrate_to_head(engine: Engine) -> None:
    config = _alembic_config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_at_head(connection: Connection) -> bool:
    script = ScriptDirectory.from_config(_alembic_config())
    current = MigrationContext.configure(connection).get_current_revision()
    return current == script.get_current_head()


def _alembic_config() -> Config:
    config = Config(str(_ROOT / "alembic.ini"))
    config.set_main_option("script_location", str(_ROOT / "migrations"))
    return config
