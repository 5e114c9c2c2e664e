"""A PostgreSQL of a test's own, to be killed as a crash or a loss of power kills it."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import URL, make_url

from app.storage.embedded.database import embedded_database_url, embedded_home
from tests.cluster_folder import new_cluster_folder
from tests.databases import connect, remove_cluster
from tests.waiting import wait_for


@dataclass(frozen=True, kw_only=True)
class OwnCluster:
    folder: Path
    url: URL

    def kill(self) -> None:
        """End the server and every process of it at once, without a word to anybody."""
        postmaster = self._postmaster()
        for pid in (postmaster, *_children_of(postmaster)):
            _kill(pid)

    def start(self) -> None:
        """Return once it has recovered and takes connections."""
        embedded_database_url(self.folder)

    def connect(self) -> psycopg.Connection:
        return connect(self.url)

    def connect_as_superuser(self) -> psycopg.Connection:
        """Its own commits wait for nobody: see `hold_commits`."""
        connection = connect(self.url.set(username="postgres"))
        connection.execute("SET synchronous_commit = local")
        return connection

    def hold_commits(self) -> None:
        """Let every commit from now on be written for good and nobody be told of it.

        As if it waited for a standby server, of which there is none.
        """
        with self.connect_as_superuser() as connection:
            connection.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
            connection.execute("SELECT pg_reload_conf()")
        wait_for(self._does_hold_commits)

    def let_commits_go(self) -> None:
        with self.connect_as_superuser() as connection:
            connection.execute("ALTER SYSTEM RESET synchronous_standby_names")
            connection.execute("SELECT pg_reload_conf()")

    def _does_hold_commits(self) -> bool:
        """Try one: it is held, or it is over at once because the setting has not arrived yet."""
        with self.connect_as_superuser() as looker, closing(self.connect()) as trying:
            trying.pgconn.send_query(b"SELECT pg_logical_emit_message(true, 'tried', '')")
            wait_for(lambda: _waits_or_is_idle(looker, trying.info.backend_pid))
            held = _wait_event(looker, trying.info.backend_pid) == "SyncRep"
            looker.execute("SELECT pg_terminate_backend(%s)", (trying.info.backend_pid,))
        return held

    def _postmaster(self) -> int:
        home = embedded_home(self.folder)
        assert home is not None, "it was started"
        return int((home / "data" / "postmaster.pid").read_text().split()[0])


@contextmanager
def own_cluster() -> Iterator[OwnCluster]:
    """A cluster with an empty database; whatever became of it is removed."""
    folder = new_cluster_folder()
    try:
        cluster = OwnCluster(folder=folder, url=make_url(embedded_database_url(folder)))
        with cluster.connect_as_superuser() as connection:
            # A killed process loses nothing that it has written: only a loss of power would.
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("SELECT pg_reload_conf()")
        yield cluster
    finally:
        remove_cluster(folder)


def _wait_event(looker: psycopg.Connection, pid: int) -> str | None:
    row = looker.execute(
        "SELECT wait_event FROM pg_stat_activity WHERE pid = %s", (pid,)
    ).fetchone()
    return None if row is None else row[0]


def _waits_or_is_idle(looker: psycopg.Connection, pid: int) -> bool:
    return _wait_event(looker, pid) in ("SyncRep", "ClientRead")


def _children_of(parent: int) -> list[int]:
    listed = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid="], capture_output=True, check=True, text=True
    ).stdout
    pairs = (line.split() for line in listed.splitlines())
    return [int(pid) for pid, ppid in pairs if int(ppid) == parent]


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):  # it saw its parent go
        os.kill(pid, signal.SIGKILL)
