"""The parts that every process of a deployment joins alike, with or without HTTP."""

from typing import Final

from sqlalchemy import Engine

from app.checking.cores import usable_cores
from app.checking.pool import CheckingPool
from app.checking.standards import Standards, load_standards
from app.intake.processing import Library
from app.intake.service import Intake, OnFinished, count_nothing
from app.measures.catalogue import load_catalogue
from app.settings import Settings
from app.storage.blobs import blob_store_at
from app.storage.database import create_database_engine
from app.storage.embedded import embedded_database_url
from app.storage.unit_of_work import UnitOfWork

_MOST_PROCESSES: Final = 8
"""Each holds about 60 MiB, and every process of a server may have as many."""


def create_engine_for(settings: Settings) -> Engine:
    """The engine of the deployment's database: its own, or the embedded one, started if need be."""
    url = settings.database_url or embedded_database_url(settings.data_dir)
    return create_database_engine(url)


def create_intake(
    settings: Settings, engine: Engine, *, on_finished: OnFinished = count_nothing
) -> Intake:
    standards = load_standards(settings.rules_file)
    return Intake(
        open_work=lambda: UnitOfWork(engine),
        blobs=blob_store_at(settings.blobs, spool=settings.spool),
        library=Library(standards=standards, measures=load_catalogue()),
        on_finished=on_finished,
        pool=_pool_for(settings, standards),
    )


def _pool_for(settings: Settings, standards: Standards) -> CheckingPool | None:
    """Its processes start with the first large file: a service that gets none has none."""
    processes = settings.processes or min(usable_cores(), _MOST_PROCESSES)
    if processes == 1:
        return None
    return CheckingPool(processes, standards, start_method="spawn")
