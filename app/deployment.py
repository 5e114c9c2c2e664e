"""The parts that every process of a deployment joins alike, with or without HTTP."""

import gc

from sqlalchemy import Engine

from app.intake.processing import Library
from app.intake.service import Intake, OnFinished, count_nothing
from app.intake.spread import CheckingPool, usable_cores
from app.intake.standards import load_standards
from app.measures.catalogue import load_catalogue
from app.settings import Settings
from app.storage.blobs import BlobStore
from app.storage.database import create_database_engine
from app.storage.embedded import embedded_database_url
from app.storage.unit_of_work import UnitOfWork


def create_engine_for(settings: Settings) -> Engine:
    """The engine of the deployment's database: its own, or the embedded one, started if need be."""
    url = settings.database_url or embedded_database_url(settings.data_dir)
    return create_database_engine(url)


def create_intake(
    settings: Settings, engine: Engine, *, on_finished: OnFinished = count_nothing
) -> Intake:
    return Intake(
        open_work=lambda: UnitOfWork(engine),
        blobs=BlobStore.at(settings.blobs),
        library=Library(standards=load_standards(settings.rules_file), measures=load_catalogue()),
        on_finished=on_finished,
        pool=_pool_for(settings),
    )


def _pool_for(settings: Settings) -> CheckingPool | None:
    """Its processes start with the first large file: a service that gets none has none."""
    processes = settings.processes or usable_cores()
    if processes == 1:
        return None
    return CheckingPool(processes, settings.rules_file, start_method="spawn")


def settle_process() -> None:
    """Call once, when a process has loaded what it needs and goes to work.

    Collecting garbage among modules that never become any took a twentieth of the intake.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
