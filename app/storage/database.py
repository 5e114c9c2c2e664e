"""The connection to PostgreSQL: an engine per process."""

import psycopg
from sqlalchemy import Connection, Engine, create_engine


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
