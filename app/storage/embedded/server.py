"""One cluster of the embedded PostgreSQL: made once, started and stopped any number of times."""

import os
import shlex
import shutil
import time
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from app.storage.embedded.account import (
    EmbeddedServerError,
    Finished,
    ServerAccount,
    account_with_uid,
    names_that_may_connect,
    run_as,
    we_are_root,
)
from app.storage.embedded.places import binaries_for, socket_folder, wheel_install

PORT = "5432"  # there is no TCP port: it is part of the socket's name

_LOG = "server.log"
_LOG_TAIL_CHARACTERS = 2000
_STEP_SECONDS = "600"  # recovery after a crash replays at most max_wal_size
_FAILED_STARTS = 20
_PAUSE_SECONDS = 0.1

_SETTINGS = {
    "listen_addresses": "",
    "port": PORT,
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "fsync": "on",
    "synchronous_commit": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # PostgreSQL quotes values of cases in its errors. The sender of the statement gets them, the
    # log does not.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",  # nobody rotates the log, so it must not grow with the work done
}

_FIRST_STATEMENTS = """\
CREATE ROLE nacor LOGIN CREATEDB CREATEROLE;
CREATE DATABASE nacor OWNER nacor;
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """`home` belongs to `account` and holds the data and the log; `sockets` is often `home`."""

    home: Path
    account: ServerAccount
    binaries: Path
    sockets: Path

    @property
    def data(self) -> Path:
        return self.home / "data"


class ServerState(Enum):
    """The exit codes of pg_isready."""

    ACCEPTING = 0
    REJECTING = 1  # starting up or shutting down
    DOWN = 2


def cluster_in(home: Path) -> Cluster:
    account = _owner_of(home)
    return Cluster(
        home=home,
        account=account,
        binaries=binaries_for(account, wheel_install()),
        sockets=socket_folder(home, account),
    )


def create(cluster: Cluster) -> None:
    """Make the data with its database aside and rename it: it is there whole or not at all."""
    growing = cluster.home / "data.new"
    shutil.rmtree(growing, ignore_errors=True)  # what a maker killed midway left
    single_user = ("--single", "-c", "exit_on_error=on", "postgres")
    refusal = f"A new database cannot be made in {cluster.home}."
    made = _run(cluster, "initdb", *_initdb_options(), data=growing)
    _refuse_failure(made, refusal)
    made = _run(cluster, "postgres", *single_user, data=growing, stdin=_FIRST_STATEMENTS)
    _refuse_failure(made, refusal)
    made = _write(cluster, growing / "pg_hba.conf", "local all all peer map=nacor\n")
    _refuse_failure(made, refusal)
    made = _write(cluster, growing / "pg_ident.conf", _who_may_connect())
    _refuse_failure(made, refusal)
    growing.rename(cluster.data)
    _flush(cluster.home)


def bring_up(cluster: Cluster) -> None:
    """Return once the server takes connections.

    More than one start may be needed: the processes of a server that was killed take a moment to
    notice, and until then PostgreSQL refuses to start beside them. A server whose socket is gone
    is stopped first: that of a data dir that was deleted under it takes the new one's away, when
    it notices and goes.
    """
    deadline = time.monotonic() + float(_STEP_SECONDS)
    failed_starts = 0
    said = "It has been starting for too long."
    while (state := state_of(cluster)) is not ServerState.ACCEPTING:
        if failed_starts == _FAILED_STARTS or time.monotonic() > deadline:
            raise EmbeddedServerError(
                f"The server in {cluster.home} does not start.\n{said}\n{_log_tail(cluster)}"
            )
        if state is ServerState.DOWN:
            started = _start(cluster)
            said = started.output
            if started.exit_code != 0:
                failed_starts += 1
                if failed_starts == _FAILED_STARTS // 2:
                    _run(cluster, "pg_ctl", "stop", "-m", "fast", "-w", "-t", _STEP_SECONDS)
        time.sleep(_PAUSE_SECONDS)


def take_down(cluster: Cluster) -> None:
    stopped = _run(cluster, "pg_ctl", "stop", "-m", "fast", "-w", "-t", _STEP_SECONDS)
    _refuse_failure(stopped, f"The server in {cluster.home} does not stop.")


def state_of(cluster: Cluster) -> ServerState:
    """Ask as ourselves: we are among those who may connect, the server's account need not be."""
    asked = run_as(
        account_with_uid(os.geteuid()),
        [
            *(str(cluster.binaries / "pg_isready"), "--host", str(cluster.sockets)),
            *("--port", PORT, "--username", "nacor", "--dbname", "nacor"),
        ],
        folder=Path("/"),
    )
    return ServerState(asked.exit_code)


def _owner_of(home: Path) -> ServerAccount:
    owner = account_with_uid(home.stat().st_uid)
    usable = not owner.is_ours if we_are_root() else owner.is_ours
    if not usable:
        raise EmbeddedServerError(
            f"{home} belongs to {owner.name}, so no server of ours runs in it."
        )
    return owner


def _initdb_options() -> list[str]:
    return [
        "--username=postgres",
        "--auth=peer",
        "--encoding=UTF8",
        "--no-locale",
        "--locale-provider=builtin",  # sorts alike on every machine and after every upgrade
        "--builtin-locale=C.UTF-8",
        "--no-instructions",
        *(f"--set={name}={value}" for name, value in _SETTINGS.items()),
    ]


def _who_may_connect() -> str:
    """Lines of pg_ident.conf: an account of this machine, and the roles it may take."""
    return "".join(f'nacor "{name}" all\n' for name in names_that_may_connect())


def _start(cluster: Cluster) -> Finished:
    """Start the server in a session of its own, which pg_ctl sees to: Ctrl-C does not reach it."""
    sockets = f"-k {shlex.quote(str(cluster.sockets))}"
    wait = ("-w", "-t", _STEP_SECONDS)
    return _run(cluster, "pg_ctl", "start", *wait, "-s", "-l", _LOG, "-o", sockets)


def _run(
    cluster: Cluster, program: str, *options: str, data: Path | None = None, stdin: str = ""
) -> Finished:
    return run_as(
        cluster.account,
        [str(cluster.binaries / program), *options],
        folder=cluster.home,
        pgdata=data or cluster.data,
        stdin=stdin,
    )


def _write(cluster: Cluster, path: Path, text: str) -> Finished:
    return run_as(cluster.account, ["tee", str(path)], folder=cluster.home, stdin=text)


def _flush(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _log_tail(cluster: Cluster) -> str:
    try:
        log = (cluster.home / _LOG).read_text(errors="replace")
    except OSError:
        return ""
    return log[-_LOG_TAIL_CHARACTERS:]


def _refuse_failure(done: Finished, reason: str) -> None:
    if done.exit_code != 0:
        raise EmbeddedServerError(f"{reason}\n{done.output}")
