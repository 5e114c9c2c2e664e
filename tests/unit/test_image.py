"""What the image has: the source tree and what it depends on, and no package of the project."""

import tomllib
from pathlib import Path

PROJECT = Path(__file__).parents[2]


def test_nothing_asks_how_the_project_was_installed() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    assert project["name"] == "anesthesia-registry"
    assert [
        path for path in (PROJECT / "app").rglob("*.py") if project["name"] in path.read_text()
    ] == []
