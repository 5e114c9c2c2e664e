"""Folders that nobody else may look into."""

from pathlib import Path


def make_private(folder: Path) -> None:
    """Make `folder` and what is missing above it; what is there already keeps its permissions."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir(mode=0o700, exist_ok=True)
