"""The commands of `nacor` in the process of the test, on its database."""

import os
import subprocess
from collections.abc import Mapping
from contextlib import chdir
from pathlib import Path
from typing import Protocol

import pytest
from click.testing import Result
from sqlalchemy import Engine
from typer.testing import CliRunner

from app.cli.main import app
from tests.databases import text_of
from tests.registry import MASTER_KEY


class Nacor(Protocol):
    def __call__(self, *words: str) -> Result: ...


def nacor_on(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Nacor:
    url = engine.url.set(drivername="postgresql")
    monkeypatch.setenv("NACOR_DATABASE_URL", text_of(url))
    monkeypatch.setenv("NACOR_SECRET_KEY", MASTER_KEY)

    def run(*words: str) -> Result:
        return CliRunner().invoke(app, [*words])

    return run


def run_here(
    *words: str, folder: Path, settings: Mapping[str, str]
) -> "subprocess.CompletedProcess[bytes]":
    """Run a command as in a process of its own in this folder, with these settings only."""
    unset = dict.fromkeys(name for name in os.environ if name.startswith("NACOR_"))
    with chdir(folder):
        done = CliRunner().invoke(app, [*words], env={**unset, **settings})
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return subprocess.CompletedProcess(
        words, done.exit_code, stdout=done.stdout_bytes, stderr=done.stderr_bytes
    )
