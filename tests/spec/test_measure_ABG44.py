"""ABG44, inhalational anesthesia at low flow."""

from typing import Any

import pytest

from tests.factories import a_case, a_method
from tests.spec.landing import MET, NOT_ELIGIBLE, NOT_MET, UNREPORTED, codes_of, landing

codes = codes_of("ABG44")

ELECTIVE, INHALED = "G9643", "1095"


CASES: list[tuple[str, dict[str, Any], Any]] = [
    # why, facts (else: 50 years, general anesthesia of two hours, CPT 00790), lands in
    ("low flow", codes(ELECTIVE, INHALED, "1097"), MET),
    ("a higher flow", codes(ELECTIVE, INHALED, "1098"), NOT_MET),
    ("no answer", codes(ELECTIVE, INHALED), UNREPORTED),
    ("no inhalational agent", codes(ELECTIVE, "1097"), NOT_ELIGIBLE),
    ("not elective", codes(INHALED, "1097"), NOT_ELIGIBLE),
    ("30 minutes are long enough",
     {"methods": [a_method(end="08:30")]} | codes(ELECTIVE, INHALED, "1097"), MET),
    ("29 minutes are too short",
     {"methods": [a_method(end="08:29")]} | codes(ELECTIVE, INHALED, "1097"), NOT_ELIGIBLE),
    ("17 is out", {"age": 17} | codes(ELECTIVE, INHALED, "1097"), NOT_ELIGIBLE),
]  # fmt: skip


@pytest.mark.parametrize(("why", "facts", "expected"), CASES, ids=[case[0] for case in CASES])
def test_where_a_case_lands(why, facts, expected):
    case = a_case(**{} | facts)
    assert landing("ABG44", case).population is expected
