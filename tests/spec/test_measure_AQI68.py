"""AQI68, sleep apnea: screened, and mitigated where found."""

from typing import Any

import pytest

from tests.factories import a_case
from tests.spec.landing import EXCEPTION, MET, NOT_ELIGIBLE, NOT_MET, UNREPORTED, codes_of, landing

codes = codes_of("AQI68")

ELECTIVE = "G9643"


CASES: list[tuple[str, dict[str, Any], Any]] = [
    # why, facts (else: 2023, 50 years, CPT 00790), lands in
    ("screen negative", codes(ELECTIVE, "11A27"), MET),
    ("two strategies", codes(ELECTIVE, "11A26"), MET),
    ("no screen, or no strategies", codes(ELECTIVE, "11A28"), NOT_MET),
    ("could not be screened", codes(ELECTIVE, "11A38"), EXCEPTION),
    ("no answer", codes(ELECTIVE), UNREPORTED),
    ("the status of the procedure is not asked", codes("11A27"), NOT_ELIGIBLE),
    ("17 is out", {"age": 17} | codes(ELECTIVE, "11A27"), NOT_ELIGIBLE),
]  # fmt: skip


@pytest.mark.parametrize(("why", "facts", "expected"), CASES, ids=[case[0] for case in CASES])
def test_where_a_case_lands(why, facts, expected):
    case = a_case(**{"year": 2023} | facts)
    assert landing("AQI68", case).population is expected
