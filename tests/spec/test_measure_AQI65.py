"""AQI65, bypass: no core temperature of 37.0 C or more."""

from typing import Any

import pytest

from tests.factories import a_case
from tests.spec.landing import MET, NOT_ELIGIBLE, NOT_MET, UNREPORTED, codes_of, landing

codes = codes_of("AQI65")

CASES: list[tuple[str, dict[str, Any], Any]] = [
    # why, facts (else: 60 years, anesthesia 00567), lands in
    ("stayed under 37.0 C", codes("11A11"), MET),
    ("a reading of 37.0 C or more", codes("11A12"), NOT_MET),
    ("no temperature documented", codes("11A13"), NOT_MET),
    ("no answer", {}, UNREPORTED),
    ("17 is out", {"age": 17} | codes("11A11"), NOT_ELIGIBLE),
    ("no heart surgery", {"anesthesia": ("00790",)} | codes("11A11"), NOT_ELIGIBLE),
    ("the code among the diagnoses", {"diagnoses": ("11A11",)}, MET),
]  # fmt: skip


@pytest.mark.parametrize(("why", "facts", "expected"), CASES, ids=[case[0] for case in CASES])
def test_where_a_case_lands(why, facts, expected):
    case = a_case(**{"age": 60, "anesthesia": ("00567",)} | facts)
    assert landing("AQI65", case).population is expected
