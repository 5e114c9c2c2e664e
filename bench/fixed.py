"""What every part of the benchmark agrees on. Imports nothing that a measured process would pay."""

from pathlib import Path
from typing import Final

from app.domain.identifiers import PracticeId

ROOT: Final = Path(__file__).parents[1]
OUT: Final = Path(__file__).parent / "out"
VERSION: Final = "2020V1.0"
SCHEMA: Final = ROOT / "schemas" / "xsd" / VERSION / "AnesthesiaRecords.xsd"
PRACTICE: Final = PracticeId("12345")
OTHER_PRACTICE: Final = PracticeId("23456")
"""Sends files beside `PRACTICE`: those of one practice are never taken in at once."""
SEED: Final = 1
STDIN: Final = "-"
