"""Every threat of the threat model names tests, and they exist."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "threat-model.md").read_text()
KINDS = (
    "Spoofing",
    "Tampering",
    "Repudiation",
    "Information disclosure",
    "Denial of service",
    "Elevation of privilege",
)
ROWS = [line.strip("|").split("|") for line in PAGE.splitlines() if line.startswith("| ")][1:]
NAMED = sorted(set(re.findall(r"`(tests/[\w/.]+\.py)::(\w+)`", PAGE)))


def test_each_kind_of_threat_has_its_rows() -> None:
    headings = [row[0].strip().strip("*") for row in ROWS if row[1].strip() == ""]
    assert tuple(headings) == KINDS


def test_each_threat_has_an_answer_and_tests_that_try_it() -> None:
    threats = [row for row in ROWS if row[1].strip()]
    assert len(threats) > len(KINDS)
    for threat, _, tests in threats:
        assert re.fullmatch(r"( `tests/\S+::\w+`,?)+ ", tests), threat


@pytest.mark.parametrize(("path", "name"), NAMED, ids=lambda part: part)
def test_each_named_test_exists(path: str, name: str) -> None:
    parsed = ast.parse((ROOT / path).read_text())
    tests = {each.name for each in ast.walk(parsed) if isinstance(each, ast.FunctionDef)}
    assert name.startswith("test_")
    assert name in tests
