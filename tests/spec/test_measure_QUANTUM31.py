"""QUANTUM31, central line by ultrasound."""

from typing import Any

import pytest

from tests.factories import a_case, reported
from tests.spec.landing import MET, NOT_ELIGIBLE, NOT_MET, UNREPORTED, codes_of, landing

codes = codes_of("Quantum31")

CASES: list[tuple[str, dict[str, Any], Any]] = [
    # why, facts (else: 2018, a central line, CPT 36556), lands in
    ("ultrasound used", codes("52A"), MET),
    ("not used", codes("52C"), NOT_MET),
    ("no answer", {}, UNREPORTED),
    ("its code of other registries", {"quality": reported("MD52", "52A")}, MET),
    ("the codes of 2017 say nothing later", codes("1A"), UNREPORTED),
    ("guidance among the CPT codes is no answer", {"surgery": ("36556", "76937")}, UNREPORTED),
    ("still the same in 2022", {"year": 2022} | codes("52A"), MET),
    ("an arterial line", {"surgery": ("36620",)} | codes("52A"), NOT_ELIGIBLE),
]  # fmt: skip


@pytest.mark.parametrize(("why", "facts", "expected"), CASES, ids=[case[0] for case in CASES])
def test_where_a_case_lands(why, facts, expected):
    case = a_case(**{"year": 2018, "age": 60, "anesthesia": (), "surgery": ("36556",)} | facts)
    assert landing("QUANTUM31", case).population is expected
