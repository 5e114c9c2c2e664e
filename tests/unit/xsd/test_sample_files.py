"""The valid sample case files are those that `tests/data/make_valid.py` writes."""

import runpy
from pathlib import Path

from schema_engines import SAMPLES, VERSIONS

from app.domain.identifiers import parse_npi, parse_tin
from app.xsd.samples import sample_values

MAKE_VALID = runpy.run_path(str(SAMPLES / "make_valid.py"))


def test_the_samples_are_up_to_date() -> None:
    samples: dict[Path, bytes] = MAKE_VALID["sample_files"]()
    assert len(samples) == 2 * len(VERSIONS)
    stale = [str(path) for path, content in samples.items() if path.read_bytes() != content]
    assert stale == [], "run: python tests/data/make_valid.py"


def test_the_made_up_identifiers_would_pass_for_real_ones() -> None:
    values = sample_values(2020)
    assert all(parse_npi(npi) for npi in values["NPI"])
    assert all(parse_tin(tin) for tin in values["TaxID"])
