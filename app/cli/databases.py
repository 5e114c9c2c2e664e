"""The deployment's database, for the time of a command."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.cli.serving import migrate_database, settings
from app.opening import create_data_keys, create_engine_for
from app.storage.sealing.data_keys import DataKeys
from app.storage.unit_of_work import OpenWork, UnitOfWork


@contextmanager
def open_database() -> Iterator[OpenWork]:
    engine = create_engine_for(settings())
    try:
        yield lambda: UnitOfWork(engine)
    finally:
        engine.dispose()


@contextmanager
def open_sealed_database() -> Iterator[tuple[DataKeys, OpenWork]]:
    """Also what opens the records and files in it. Raises: KeysMissing."""
    chosen = settings()
    engine = create_engine_for(chosen)
    keys = create_data_keys(chosen, engine)
    try:
        yield keys, lambda: UnitOfWork(engine, keys=keys)
    finally:
        engine.dispose()


@contextmanager
def open_newest_database() -> Iterator[OpenWork]:
    """Migrated to the newest schema before."""
    migrate_database()
    with open_database() as open_work:
        yield open_work
