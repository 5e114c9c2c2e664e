"""426, from the operating room to the PACU with a checklist."""

from typing import Any

import pytest

from tests.factories import a_case
from tests.spec.landing import EXCLUSION, MET, NOT_ELIGIBLE, NOT_MET, UNREPORTED, codes_of, landing

codes = codes_of("PQRS426")

CASES: list[tuple[str, dict[str, Any], Any]] = [
    # why, facts (else: 2018), lands in
    ("to the PACU with a checklist", codes("G9656", "G9655"), MET),
    ("without one", codes("G9656", "G9658"), NOT_MET),
    ("no answer", codes("G9656"), UNREPORTED),
    ("handed over during the anesthetic, or to an ICU", codes("G9656", "G9657"), EXCLUSION),
    ("exclusion goes before met", codes("G9656", "G9657", "G9655"), EXCLUSION),
    ("nobody said where to", codes("G9655"), NOT_ELIGIBLE),
]  # fmt: skip


@pytest.mark.parametrize(("why", "facts", "expected"), CASES, ids=[case[0] for case in CASES])
def test_where_a_case_lands(why, facts, expected):
    case = a_case(**{"year": 2018} | facts)
    assert landing("426", case).population is expected
