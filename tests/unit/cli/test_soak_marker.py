"""`make test` leaves the long tests out and `make soak` takes them in."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
LONG_TEST = "tests/unit/xsd/test_reader_guards.py"


@pytest.mark.parametrize(
    ("options", "is_run"), [([], False), (["-m", "soak or not soak"], True)], ids=["test", "soak"]
)
def test_the_long_test_runs_only_when_asked_for(options: list[str], is_run: bool) -> None:
    collected = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "--noconftest",
            "--collect-only",
            "-q",
            *options,
            LONG_TEST,
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ("test_the_process_does_not_grow_either" in collected.stdout) == is_run
