"""The measures of a release with other rules."""

import shutil
from pathlib import Path

from app.measures.catalogue.catalogue import DATA, Catalogue, load_catalogue


def measures_where(folder: Path, edition: str, old: str, new: str) -> Catalogue:
    """The measures of another release, in which one edition says something else."""
    shutil.copytree(DATA, folder)
    path = folder / "editions" / f"{edition}.toml"
    changed = path.read_text("utf-8").replace(old, new)
    assert changed != path.read_text("utf-8")
    path.write_text(changed, "utf-8")
    return load_catalogue(folder)
