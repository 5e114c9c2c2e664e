"""The deployment's database, for the time of a command."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.cli.serving import settings
from app.deployment import create_engine_for
from app.storage.unit_of_work import OpenWork, UnitOfWork


@contextmanager
def open_database() -> Iterator[OpenWork]:
    engine = create_engine_for(settings())
    try:
        yield lambda: UnitOfWork(engine)
    finally:
        engine.dispose()
