"""The default database: a PostgreSQL that runs without being installed.

The server belongs to the data dir, not to the process that started it. It stays when that process
ends, so that every process of the data dir can attach to it, and runs until `stop_embedded`; idle
it costs some memory and no work. Its access is twice closed: the socket is the only way in and lies
in a folder that only the server's account and root can enter, and the kernel tells PostgreSQL who
is calling ("peer"), so there is no password to keep or to lose. The service connects as the role
`nacor`, which owns its database and is no superuser, as it would be on a server of one's own:
row-level security binds it here too.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL

from app.storage.embedded.account import EmbeddedServerError, account_for_a_new_cluster
from app.storage.embedded.places import find_home, make_home
from app.storage.embedded.server import (
    PORT,
    Cluster,
    ServerState,
    bring_up,
    cluster_in,
    create,
    state_of,
    take_down,
)

if sys.platform != "win32":
    import fcntl

__all__ = ["EmbeddedServerError", "embedded_database_url", "embedded_home", "stop_embedded"]


def embedded_database_url(data_dir: Path) -> str:
    """Return the SQLAlchemy URL of the cluster of `data_dir`, made and started where needed.

    Raises: EmbeddedServerError, naming the way out.
    """
    _refuse_windows()
    data_dir.mkdir(parents=True, exist_ok=True)
    with _alone_with(data_dir) as folder:
        home = find_home(folder) or make_home(folder, account_for_a_new_cluster())
        cluster = cluster_in(home)
        if not cluster.data.exists():
            create(cluster)
        bring_up(cluster)
    return _url(cluster)


def stop_embedded(data_dir: Path) -> bool:
    """Stop the server of `data_dir`, whoever uses it. Return whether there was one to stop."""
    _refuse_windows()
    if not data_dir.is_dir():
        return False
    with _alone_with(data_dir) as folder:
        home = find_home(folder)
        if home is None:
            return False
        cluster = cluster_in(home)
        if state_of(cluster) is ServerState.DOWN:  # a stale pid file may name another's process
            return False
        take_down(cluster)
        return True


def embedded_home(data_dir: Path) -> Path | None:
    """Return the folder that holds the cluster and the server's log, None before the first use."""
    return find_home(data_dir.resolve())


def _refuse_windows() -> None:
    if sys.platform == "win32":
        raise EmbeddedServerError("The embedded PostgreSQL does not run on Windows.")


@contextmanager
def _alone_with(data_dir: Path) -> Iterator[Path]:
    """Hold the lock of `data_dir`, and give its resolved path. The kernel frees it at our death."""
    folder = data_dir.resolve(strict=True)
    lock = folder / "postgres.lock"
    try:
        handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise EmbeddedServerError(f"{lock} cannot be opened: {error.strerror}.") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield folder
    finally:
        os.close(handle)


def _url(cluster: Cluster) -> str:
    return URL.create(
        "postgresql+psycopg",
        username="nacor",
        database="nacor",
        query={"host": str(cluster.sockets), "port": PORT},
    ).render_as_string()
