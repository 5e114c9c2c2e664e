"""A process that saves cases prepared before: what `psql` COPY is compared with.

python -m bench.load_process PATH RECORDS, with NACOR_DATA_DIR set.
"""

import gc
import os
import sys
import time
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Final
from uuid import uuid4

import orjson

from app.checking.checker import CheckedRecord, Expectation, check_case_file
from app.checking.standards import load_standards
from app.domain.roster import RegisteredTins
from app.domain.spans import Span
from app.intake.preparing import Terms, prepare
from app.intake.processing import Library
from app.intake.sameness import say_the_same
from app.measures.catalogue.catalogue import load_catalogue
from app.opening import create_data_keys, create_engine_for
from app.settings import Settings
from app.storage.cases.case_store import PreparedCase
from app.storage.unit_of_work import UnitOfWork
from bench.fixed import PRACTICE, VERSION

_BATCH: Final = 1_000  # as the intake does


def main(path: str, records: int) -> None:
    settings = Settings.from_environ(os.environ)
    engine = create_engine_for(settings)
    keys = create_data_keys(settings, engine)
    library = Library(standards=load_standards(), measures=load_catalogue())
    cases = list(_prepared(Path(path), library))
    assert len(cases) == records, "every generated record is valid"
    gc.freeze()  # what was prepared is not the loader's to look through again and again
    times = [time.perf_counter()]
    with UnitOfWork(engine, keys=keys) as work:
        store = work.case_store(
            PRACTICE,
            sandbox=False,
            submission_id=uuid4(),
            schema_version=VERSION,
            same_content=say_the_same,
        )
        waiting = iter(cases)
        while batch := list(islice(waiting, _BATCH)):
            store.save(batch)
        times.append(time.perf_counter())
        store.count()
        times.append(time.perf_counter())
        work.commit()
        times.append(time.perf_counter())
    parts = {"save": times[1] - times[0], "totals": times[2] - times[1]}
    parts["commit"] = times[3] - times[2]
    print(orjson.dumps(parts).decode())
    engine.dispose()


def _prepared(path: Path, library: Library) -> Iterator[PreparedCase]:
    with path.open("rb") as source:
        expectation = Expectation(day=date(2026, 1, 1), practice_id=PRACTICE)
        for checked in check_case_file(source, library.standards, expectation):
            if isinstance(checked, CheckedRecord):
                yield _prepare(checked, library)


def _prepare(checked: CheckedRecord, library: Library) -> PreparedCase:
    assert checked.case is not None, "every generated record is valid"
    tins = RegisteredTins({member.tin: Span() for member in checked.case.staff})
    case = prepare(checked, measures=library.measures, terms=Terms(tins=tins)).case
    assert case is not None, "every generated record is valid"
    return case


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
