"""ABG43, outside the operating room: end-tidal carbon dioxide monitored."""

from typing import Any

import pytest

from tests.factories import a_case
from tests.spec.landing import MET, NOT_ELIGIBLE, NOT_MET, UNREPORTED, codes_of, landing

codes = codes_of("ABG43")

OUTSIDE = "1088"


CASES: list[tuple[str, dict[str, Any], Any]] = [
    # why, facts (else: 2023, screening colonoscopy 00812), lands in
    ("monitored", codes(OUTSIDE, "53A"), MET),
    ("not monitored", codes(OUTSIDE, "53B"), NOT_MET),
    ("no answer", codes(OUTSIDE), UNREPORTED),
    ("in the operating room", codes("53A"), NOT_ELIGIBLE),
    ("another procedure", {"anesthesia": ("00790",)} | codes(OUTSIDE, "53A"), NOT_ELIGIBLE),
]  # fmt: skip


@pytest.mark.parametrize(("why", "facts", "expected"), CASES, ids=[case[0] for case in CASES])
def test_where_a_case_lands(why, facts, expected):
    case = a_case(**{"year": 2023, "anesthesia": ("00812",)} | facts)
    assert landing("ABG43", case).population is expected
