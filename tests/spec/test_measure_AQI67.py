"""AQI67, frail inpatients of 70 and more: seen by more than one discipline."""

from typing import Any

import pytest

from tests.factories import a_case
from tests.spec.landing import MET, NOT_ELIGIBLE, NOT_MET, UNREPORTED, codes_of, landing

codes = codes_of("AQI67")

FRAIL = "11A14"


CASES: list[tuple[str, dict[str, Any], Any]] = [
    # why, facts (else: 70 years, place of service 21), lands in
    ("70 is in", codes(FRAIL, "11A15"), MET),
    ("69 is out", {"age": 69} | codes(FRAIL, "11A15"), NOT_ELIGIBLE),
    ("no consult", codes(FRAIL, "11A16"), NOT_MET),
    ("no answer", codes(FRAIL), UNREPORTED),
    ("not screened, or not frail", codes("11A15"), NOT_ELIGIBLE),
    ("ambulatory center", {"place": 24} | codes(FRAIL, "11A15"), NOT_ELIGIBLE),
    ("place unknown, admitted as inpatient",
     {"place": None, "admission": "Inpatient"} | codes(FRAIL, "11A15"), MET),
    ("the place outweighs the admission",
     {"place": 24, "admission": "Inpatient"} | codes(FRAIL, "11A15"), NOT_ELIGIBLE),
    ("neither known", {"place": None} | codes(FRAIL, "11A15"), NOT_ELIGIBLE),
    ("an emergency by ASA class", {"asa": "IIIE"} | codes(FRAIL, "11A15"), NOT_ELIGIBLE),
]  # fmt: skip


@pytest.mark.parametrize(("why", "facts", "expected"), CASES, ids=[case[0] for case in CASES])
def test_where_a_case_lands(why, facts, expected):
    case = a_case(**{"age": 70, "place": 21} | facts)
    assert landing("AQI67", case).population is expected
