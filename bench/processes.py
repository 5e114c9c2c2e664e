"""Whole processes, measured from outside: start-up included, nothing of ours in between."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from bench.fixed import OUT, ROOT

_LAUNCHER: Final = Path(__file__).parent / "launcher.py"
_KIB_IN_MIB: Final = 1024


class CommandFailed(Exception):
    """A program that was to be measured did not do its work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """`seconds` of wall time, `cpu_seconds` of user and system time, peak resident memory."""

    seconds: float
    cpu_seconds: float
    peak_mib: float
    output: str


def run(
    command: Sequence[str],
    *,
    cpus: frozenset[int] | None = None,
    stdin: IO[bytes] | None = None,
    environment: dict[str, str] | None = None,
) -> Run:
    """Run `command` to its end, on `cpus` only if they are given.

    Raises: CommandFailed, with what it wrote to standard error.
    """
    reading, writing = os.pipe()
    pinned = ",".join(str(cpu) for cpu in sorted(cpus or ()))
    bare = [sys.executable, "-I", "-S", str(_LAUNCHER), str(writing), pinned]
    done = subprocess.run(
        [*bare, *command],
        cwd=ROOT,
        env=environment or child_environment(),
        stdin=stdin or subprocess.DEVNULL,
        capture_output=True,
        pass_fds=[writing],
        text=True,
        check=False,
    )
    os.close(writing)
    with os.fdopen(reading) as answer:
        told = answer.read().split()
    if not told or told[3] != "0":
        raise CommandFailed(f"{' '.join(command)}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return Run(
        seconds=float(told[0]),
        peak_mib=int(told[1]) / _KIB_IN_MIB,
        cpu_seconds=float(told[2]),
        output=done.stdout,
    )


@contextmanager
def piped(command: Sequence[str]) -> Iterator[IO[bytes]]:
    """What `command` writes, while it writes it: a large file that is never on the disk."""
    with subprocess.Popen(
        command, cwd=ROOT, env=child_environment(), stdout=subprocess.PIPE
    ) as source:
        assert source.stdout is not None, "it was asked for"
        try:
            yield source.stdout
        finally:
            source.stdout.close()
            source.terminate()


@contextmanager
def background(
    command: Sequence[str], log_name: str, environment: dict[str, str]
) -> Iterator["subprocess.Popen[bytes]"]:
    """A program that serves until it is told to end; what it says is in a log beside the data."""
    with (
        log_of(log_name).open("wb") as log,
        subprocess.Popen(command, env=environment, stdout=log, stderr=log) as process,
    ):
        try:
            yield process
        finally:
            process.terminate()


def log_of(name: str) -> Path:
    return OUT / f"{name}.log"


def child_environment(**added: str) -> dict[str, str]:
    """Ours without what would steer the programs, and with compiled modules kept, as installed."""
    dropped = ("NACOR_", "PG", "PYTHON")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    return {**kept, "PYTHONPYCACHEPREFIX": str(OUT / "pycache"), **added}


def program(name: str) -> str:
    """The path of a program that is installed beside our interpreter."""
    return str(Path(sys.executable).with_name(name))
