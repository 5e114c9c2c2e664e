"""Our own programs, run as a deployment runs them."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import orjson

from app.domain.identifiers import PracticeId
from bench.database import DATA_DIR
from bench.files import CaseFile
from bench.fixed import PRACTICE, SEED, VERSION
from bench.processes import Run, child_environment, program, run


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A run, and the seconds of its parts as the process itself took them."""

    run: Run
    parts: dict[str, float]


def validate(path: str, *, stdin: IO[bytes] | None = None) -> Run:
    return run([program("nacor"), "validate", path], stdin=stdin)


def ingest(
    path: str,
    records: int,
    *,
    stdin: IO[bytes] | None = None,
    cpus: frozenset[int] | None = None,
    data_dir: Path = DATA_DIR,
) -> Told:
    told = _told("bench.ingest_process", path, records, stdin=stdin, cpus=cpus, data_dir=data_dir)
    start = told.run.seconds - sum(told.parts.values())
    return Told(run=told.run, parts={"start the process": start, **told.parts})


def load(file: CaseFile, *, cpus: frozenset[int] | None) -> Told:
    return _told("bench.load_process", str(file.path), file.records, stdin=None, cpus=cpus)


def generator(records: int, practice: PracticeId = PRACTICE) -> list[str]:
    what = ["--version", VERSION, "--practice", practice, "--seed", str(SEED)]
    return [program("nacor"), "generate", "--cases", str(records), *what]


def _told(
    module: str,
    path: str,
    records: int,
    *,
    stdin: IO[bytes] | None,
    cpus: frozenset[int] | None,
    data_dir: Path = DATA_DIR,
) -> Told:
    done = run(
        [sys.executable, "-m", module, path, str(records)],
        stdin=stdin,
        cpus=cpus,
        environment=child_environment(NACOR_DATA_DIR=str(data_dir)),
    )
    return Told(run=done, parts=orjson.loads(done.output))
