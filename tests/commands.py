"""The commands of `nacor` in the process of the test, on its database."""

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
