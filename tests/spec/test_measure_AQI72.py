"""AQI72, joint replacement: anemia screened and treated."""

from typing import Any

import pytest

from tests.factories import a_case
from tests.spec.landing import EXCEPTION, MET, NOT_ELIGIBLE, NOT_MET, UNREPORTED, codes_of, landing

codes = codes_of("AQI72")

ELECTIVE = "G9643"


CASES: list[tuple[str, dict[str, Any], Any]] = [
    # why, facts (else: 60 years, hip replacement, anesthesia 01214), lands in
    ("a negative screen leaves the rate", codes(ELECTIVE, "11A68"), EXCEPTION),
    ("anemia treated", codes(ELECTIVE, "11A67"), MET),
    ("a reason for no screen", codes(ELECTIVE, "11A69"), EXCEPTION),
    ("not screened", codes(ELECTIVE, "11A70"), NOT_MET),
    ("no answer", codes(ELECTIVE), UNREPORTED),
    ("not elective", codes("11A67"), NOT_ELIGIBLE),
    ("17 is out", {"age": 17} | codes(ELECTIVE, "11A67"), NOT_ELIGIBLE),
    ("a shoulder", {"anesthesia": ("01638",)} | codes(ELECTIVE, "11A67"), MET),
    ("no joint", codes(ELECTIVE, "11A67") | {"anesthesia": ("00790",)}, NOT_ELIGIBLE),
]  # fmt: skip


@pytest.mark.parametrize(("why", "facts", "expected"), CASES, ids=[case[0] for case in CASES])
def test_where_a_case_lands(why, facts, expected):
    case = a_case(**{"age": 60, "anesthesia": ("01214",)} | facts)
    assert landing("AQI72", case).population is expected
