"""A process that saves cases prepared before: what `psql` COPY is compared with.

python -m bench.load_process PATH RECORDS, with NACOR_DATA_DIR set.
"""

import gc
import hashlib
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

from app.deployment import create_engine_for
from app.intake.checking import CheckedRecord, Expectation, check_case_file
from app.intake.decode import decode_case
from app.intake.processing import Library
from app.intake.sameness import say_the_same
from app.measures.catalogue import load_catalogue
from app.measures.engine import outcomes_for
from app.settings import Settings
from app.storage.case_rows import case_rows
from app.storage.case_store import PreparedCase
from app.storage.payloads import payload_codec
from app.storage.unit_of_work import UnitOfWork
from app.xsd.catalogue import SchemaCatalogue
from bench.fixed import PRACTICE, VERSION

_BATCH: Final = 350  # about what the intake sends at once: 8 MiB of records


def main(path: str, records: int) -> None:
    engine = create_engine_for(Settings.from_environ(os.environ))
    library = Library(schemas=SchemaCatalogue(), measures=load_catalogue())
    cases = list(_prepared(Path(path), library))
    assert len(cases) == records, "every generated record is valid"
    gc.freeze()  # what was prepared is not the loader's to look through again and again
    times = [time.perf_counter()]
    with UnitOfWork(engine) as work:
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
    parts |= {"commit": times[3] - times[2], "compress": _packing_seconds(cases)}
    print(orjson.dumps(parts).decode())
    engine.dispose()


def _prepared(path: Path, library: Library) -> Iterator[PreparedCase]:
    with path.open("rb") as source:
        expectation = Expectation(day=date(2026, 1, 1), practice_id=PRACTICE)
        for checked in check_case_file(source, library.schemas, expectation):
            if isinstance(checked, CheckedRecord):
                yield _prepare(checked, library)


def _prepare(checked: CheckedRecord, library: Library) -> PreparedCase:
    assert checked.read.element is not None, "every generated record is well-formed"
    case = decode_case(checked.read.element)
    year = library.measures.for_year(case.performance_year)
    return PreparedCase(
        number=checked.read.number,
        line=checked.read.line,
        anesthesia_record_id=case.anesthesia_record_id,
        data=checked.read.data,
        rows=case_rows(case, outcomes_for(case, year) if year else []),
        held=False,
    )


def _packing_seconds(cases: list[PreparedCase]) -> float:
    """What of `save` is spent on the payload before any row of it is made, measured apart."""
    codec = payload_codec()
    started = time.perf_counter()
    for case in cases:
        hashlib.blake2b(case.data, digest_size=16).digest()
        codec.compress(case.data)
    return time.perf_counter() - started


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
