"""427, from the operating room to the ICU with a checklist."""

from typing import Any

import pytest

from tests.factories import a_case
from tests.spec.landing import EXCEPTION, MET, NOT_ELIGIBLE, NOT_MET, UNREPORTED, codes_of, landing

codes = codes_of("PQRS427")

CASES: list[tuple[str, dict[str, Any], Any]] = [
    # why, facts (else: 2018), lands in
    ("to the ICU without a checklist", codes("0581F", "0583F-8P"), NOT_MET),
    ("with one", codes("0581F", "0583F"), MET),
    ("a reason for none, by the general convention", codes("0581F", "0583F-1P"), EXCEPTION),
    ("no answer", codes("0581F"), UNREPORTED),
    ("not to the ICU", codes("0582F", "0583F"), NOT_ELIGIBLE),
    ("0581F outweighs 0582F", codes("0581F", "0582F", "0583F"), MET),
]  # fmt: skip


@pytest.mark.parametrize(("why", "facts", "expected"), CASES, ids=[case[0] for case in CASES])
def test_where_a_case_lands(why, facts, expected):
    case = a_case(**{"year": 2018} | facts)
    assert landing("427", case).population is expected
