"""A cluster of the benchmark's own, as the adapter makes it, gone when the benchmark ends."""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psycopg
from psycopg import sql
from sqlalchemy import Engine

from app.roster.service import register_practice
from app.storage.database import create_database_engine, migrate_to_head
from app.storage.embedded import embedded_database_url, embedded_home, stop_embedded
from app.storage.embedded_server import PORT, Cluster, cluster_in
from app.storage.tables import metadata
from app.storage.unit_of_work import UnitOfWork
from app.synthetic.practice import practice_tins
from bench.fixed import OUT, PRACTICE, SEED

DATA_DIR: Final = OUT / "data"
ROWS: Final = OUT / "rows"
_KEPT_TABLES: Final = {"practices", "practice_tins", "api_keys"}
_LOADED_TABLES: Final = ("cases", "case_staff", "measure_outcomes", "case_payloads")


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchDatabase:
    cluster: Cluster
    engine: Engine

    def conninfo(self, role: str) -> str:
        return f"host={self.cluster.sockets} port={PORT} user={role} dbname=nacor"

    def server_version(self) -> str:
        with psycopg.connect(self.conninfo("nacor")) as connection:
            return connection.info.parameter_status("server_version") or ""

    def empty(self) -> None:
        """Begin anew: no cases, no submissions, and nothing left for the server to write."""
        emptied = [table.name for table in metadata.sorted_tables if table.name not in _KEPT_TABLES]
        truncate = sql.SQL("TRUNCATE {}").format(_identifiers(emptied))
        with psycopg.connect(self.conninfo("postgres"), autocommit=True) as connection:
            connection.execute(truncate)
            connection.execute("CHECKPOINT")

    def pin(self, cpus: frozenset[int]) -> None:
        """Keep the server's processes on `cpus`, those to come too."""
        postmaster = int((self.cluster.data / "postmaster.pid").read_text().splitlines()[0])
        for process in (postmaster, *_children_of(postmaster)):
            os.sched_setaffinity(process, cpus)

    def dump_rows(self) -> Path:
        """Write the loaded rows as COPY text; return the script by which psql loads them again."""
        ROWS.mkdir(exist_ok=True)
        script = ROWS / "load.sql"
        with psycopg.connect(self.conninfo("nacor")) as connection:
            commands = [_dump_table(connection, table) for table in _LOADED_TABLES]
        script.write_text("".join(commands))
        return script


@contextmanager
def bench_database() -> Iterator[BenchDatabase]:
    _remove()  # what a run that was killed left behind
    try:
        engine = create_database_engine(embedded_database_url(DATA_DIR))
        migrate_to_head(engine)
        _register(engine)
        home = embedded_home(DATA_DIR)
        assert home is not None, "it was made above"
        yield BenchDatabase(cluster=cluster_in(home), engine=engine)
        engine.dispose()
    finally:
        _remove()


def _register(engine: Engine) -> None:
    tins = list(practice_tins(PRACTICE, SEED))
    register_practice(PRACTICE, name="Bench", tins=tins, open_work=lambda: UnitOfWork(engine))


def _remove() -> None:
    if not DATA_DIR.exists():
        return
    stop_embedded(DATA_DIR)
    home = embedded_home(DATA_DIR)
    if home is not None:
        sockets = cluster_in(home).sockets
        shutil.rmtree(home)
        shutil.rmtree(sockets, ignore_errors=True)  # often the home itself
    shutil.rmtree(DATA_DIR)
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


def _children_of(process: int) -> list[int]:
    children = Path(f"/proc/{process}/task/{process}/children")
    return [int(child) for child in children.read_text().split()]


def _identifiers(names: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))
