"""What the quick start shows is what runs: its commands and its Python, as they stand there."""

import html
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.clear_http import ask_in_clear
from tests.registry import PRACTICE, Registry
from tests.waiting import PATIENCE_SECONDS

YEAR = 2023  # of the newest version that is open


def examples(address: str, language: str) -> list[str]:
    page = ask_in_clear("GET", f"{address}/docs/quick-start").text
    found = re.findall(rf'<code class="{language}">(.*?)</code>', page, re.DOTALL)
    return [html.unescape(each) for each in found]


def run(command: list[str], folder: Path, **environment: str) -> str:
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_python_runs_as_it_stands(address: str, live_registry: Registry, folder: Path) -> None:
    (script,) = examples(address, "python")
    key = live_registry.vendor().key
    assert key is not None
    printed = run([sys.executable, "-c", script], folder, NACOR_API_KEY=key)
    assert printed.startswith("accepted {'total': 1, ")


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl is installed")
def test_the_commands_run_as_they_stand(
    address: str, live_registry: Registry, folder: Path
) -> None:
    sample, check, keys, send, count = examples(address, "sh")
    vendor, practice = live_registry.vendor().key, live_registry.practice().key
    assert vendor is not None
    assert practice is not None
    run(["sh", "-c", sample], folder)
    assert json.loads(run(["sh", "-c", check], folder))["valid"] is True
    assert f"nacor practice add {PRACTICE}" in keys  # the fixture has done so
    receipt = json.loads(run(["sh", "-c", send], folder, NACOR_API_KEY=vendor))
    assert receipt["status"] == "accepted"
    made_key, counted = count.split("\n", maxsplit=1)
    assert made_key.startswith("export NACOR_PRACTICE_KEY=")
    answer = json.loads(run(["sh", "-c", counted], folder, NACOR_PRACTICE_KEY=practice))
    assert (answer["performance_year"], answer["cases"]) == (YEAR, 1)
