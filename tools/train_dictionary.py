"""Trains a dictionary for `app.storage.cases.payloads` on synthetic records of every version.

Run once for a new number: python tools/train_dictionary.py 2
A dictionary that payloads were made with is never trained again: it is part of the data.
"""

import sys
from pathlib import Path

import zstandard

from app.synthetic.form import VERSIONS
from app.synthetic.generate import GenerationPlan, generate_records

_SIZE = 64 << 10
_RECORDS_OF_EACH_VERSION = 120
_FOLDER = Path(__file__).parents[1] / "app" / "storage" / "dictionaries"


def main(number: int) -> None:
    target = _FOLDER / f"{number}.zstd-dictionary"
    if target.exists():
        raise SystemExit(f"{target} exists and payloads may need it: choose another number")
    samples = [
        record.xml
        for version in VERSIONS
        for record in generate_records(
            GenerationPlan(cases=_RECORDS_OF_EACH_VERSION, version=version, seed=number)
        )
    ]
    dictionary = zstandard.train_dictionary(_SIZE, samples, dict_id=number)
    target.write_bytes(dictionary.as_bytes())


if __name__ == "__main__":
    main(int(sys.argv[1]))
