"""Write the valid sample case files of every schema version, from the version's own XSD:

    python tests/data/make_valid.py

`minimal.xml` holds what a version requires, `maximal.xml` every element it has, repeated ones
twice. What stands in them is made up: app/xsd/data/sample_values.toml.
"""

from pathlib import Path
from typing import Final

from app.xsd.catalogue import shipped_schemas
from app.xsd.samples import Extent, sample_case_file

DATA: Final = Path(__file__).parent
_NAMES: Final = {Extent.REQUIRED: "minimal", Extent.FULL: "maximal"}


def sample_files() -> dict[Path, bytes]:
    """Return every sample as it should stand on disk."""
    return {
        DATA / version.id / "valid" / f"{name}.xml": sample_case_file(version, extent)
        for version in shipped_schemas().versions()
        for extent, name in _NAMES.items()
    }


if __name__ == "__main__":
    for path, content in sample_files().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
