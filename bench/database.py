"""A cluster of the benchmark's own, as the adapter makes it, gone when the benchmark ends."""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psycopg
from psycopg import sql
from sqlalchemy import Engine

from app.domain.identifiers import PracticeId
from app.roster.service import register_practice
from app.storage.database import create_database_engine
from app.storage.embedded.database import embedded_database_url, embedded_home, stop_embedded
from app.storage.embedded.server import PORT, Cluster, cluster_in
from app.storage.migrating import migrate_to_head
from app.storage.tables import metadata
from app.storage.unit_of_work import UnitOfWork
from app.synthetic.practice import practice_tins
from bench.fixed import OTHER_PRACTICE, OUT, PRACTICE, SEED

DATA_DIR: Final = OUT / "data"
ROWS: Final = OUT / "rows"
_KEPT_TABLES: Final = {
    *("practices", "practice_tins", "organizations", "grants", "api_keys", "api_key_secrets"),
    *("audit_entries", "audit_heads"),  # the database refuses to empty them
}
LOADED_TABLES: Final = ("cases", "case_staff", "measure_outcomes", "asc_outcomes", "case_payloads")
EVERY_TABLE: Final = (
    *LOADED_TABLES,
    *("submissions", "submission_records", "submission_findings", "submission_finding_counts"),
    *("case_counts", "measure_counts", "asc_counts", "field_counts"),
)
"""Those that a case file leaves rows in."""
_QUEUE_TABLES: Final = ("procrastinate_jobs", "procrastinate_workers")


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchDatabase:
    data_dir: Path
    cluster: Cluster
    engine: Engine

    def conninfo(self, role: str) -> str:
        return f"host={self.cluster.sockets} port={PORT} user={role} dbname=nacor"

    def server_version(self) -> str:
        with psycopg.connect(self.conninfo("nacor")) as connection:
            return connection.info.parameter_status("server_version") or ""

    def empty(self) -> None:
        """Begin anew: no cases, no submissions, no jobs, and nothing left for the server to write.

        No worker may run.
        """
        emptied = [table.name for table in metadata.sorted_tables if table.name not in _KEPT_TABLES]
        truncate = sql.SQL("TRUNCATE {} CASCADE").format(_identifiers([*emptied, *_QUEUE_TABLES]))
        with psycopg.connect(self.conninfo("postgres"), autocommit=True) as connection:
            connection.execute(truncate)
            connection.execute("CHECKPOINT")

    def pin(self, cpus: frozenset[int]) -> None:
        """Keep the server's processes on `cpus`, those to come too."""
        for process in self._processes():
            with suppress(ProcessLookupError):  # ended since it was listed
                os.sched_setaffinity(process, cpus)

    def cpu_seconds(self) -> float:
        """User and system time that the server has taken since it was started."""
        postmaster, *children = self._processes()
        ended = _cpu_ticks(postmaster)[2:]  # what it has waited for
        alive = (_cpu_ticks(process)[:2] for process in (postmaster, *children))
        return sum(map(sum, (ended, *alive))) / os.sysconf("SC_CLK_TCK")

    def _processes(self) -> list[int]:
        postmaster = int((self.cluster.data / "postmaster.pid").read_text().splitlines()[0])
        return [postmaster, *_children_of(postmaster)]

    def dump_rows(self, tables: Sequence[str]) -> Path:
        """Write the rows of `tables` as COPY text; return the script by which psql loads them."""
        ROWS.mkdir(exist_ok=True)
        script = ROWS / "load.sql"
        with psycopg.connect(self.conninfo("nacor")) as connection:
            commands = [_dump_table(connection, table) for table in tables]
        script.write_text("".join(commands))
        return script


@contextmanager
def bench_database(data_dir: Path = DATA_DIR, *, stays: bool = False) -> Iterator[BenchDatabase]:
    """A new one; where it `stays`, `kept_database` finds it."""
    _remove(data_dir)  # what a run that was killed left behind
    try:
        with _opened(data_dir) as database:
            for practice in (PRACTICE, OTHER_PRACTICE):
                _register(database.engine, practice)
            yield database
    finally:
        if stays:
            stop_embedded(data_dir)
        else:
            _remove(data_dir)


@contextmanager
def kept_database(data_dir: Path) -> Iterator[BenchDatabase]:
    """What an earlier run has kept, with the tables of today."""
    try:
        with _opened(data_dir) as database:
            yield database
    finally:
        stop_embedded(data_dir)


@contextmanager
def _opened(data_dir: Path) -> Iterator[BenchDatabase]:
    engine = create_database_engine(embedded_database_url(data_dir))
    migrate_to_head(engine)
    home = embedded_home(data_dir)
    assert home is not None, "it was made above"
    yield BenchDatabase(data_dir=data_dir, cluster=cluster_in(home), engine=engine)
    engine.dispose()


def _register(engine: Engine, practice: PracticeId) -> None:
    tins = list(practice_tins(practice, SEED))
    register_practice(practice, name="Bench", tins=tins, open_work=lambda: UnitOfWork(engine))


def _remove(data_dir: Path) -> None:
    if not data_dir.exists():
        return
    stop_embedded(data_dir)
    home = embedded_home(data_dir)
    if home is not None:
        sockets = cluster_in(home).sockets
        shutil.rmtree(home)
        shutil.rmtree(sockets, ignore_errors=True)  # often the home itself
    shutil.rmtree(data_dir)
    shutil.rmtree(ROWS, ignore_errors=True)


def _dump_table(connection: psycopg.Connection, table: str) -> str:
    """Write the rows of `table` and return psql's command that loads them."""
    columns = _identifiers([column.name for column in metadata.tables[table].columns])
    target = sql.SQL("{} ({})").format(sql.Identifier(table), columns)
    rows = ROWS / f"{table}.copy"
    with (
        rows.open("wb") as file,
        connection.cursor() as cursor,
        cursor.copy(sql.SQL("COPY {} TO STDOUT").format(target)) as copy,
    ):
        file.writelines(copy)
    return f"\\copy {target.as_string(connection)} FROM '{rows}'\n"


def computed_milliseconds(process: int) -> float:
    """Since its start; the kernel counts in nanoseconds, without waits for a processor or disk."""
    return int(Path(f"/proc/{process}/schedstat").read_text().split()[0]) / 1e6


def _children_of(process: int) -> list[int]:
    children = Path(f"/proc/{process}/task/{process}/children")
    return [int(child) for child in children.read_text().split()]


def _cpu_ticks(process: int) -> list[int]:
    """User and system time of its own, then of its children that have ended."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:  # ended since it was listed: its parent has waited for it
        return [0, 0, 0, 0]
    return [int(ticks) for ticks in fields[11:15]]


def _identifiers(names: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))
