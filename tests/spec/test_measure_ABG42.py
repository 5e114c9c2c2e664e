"""ABG42, difficult airway: a second provider and equipment in the room."""

from typing import Any

import pytest

from tests.factories import MONITORED, a_case, a_method
from tests.spec.landing import MET, NOT_ELIGIBLE, NOT_MET, UNREPORTED, codes_of, landing

DIFFICULT, TUBE = "1019", "1073"
PROVIDER, NO_PROVIDER = "1074", "1075"
EQUIPMENT, NO_EQUIPMENT = "036", "037"

codes = codes_of("ABG42")

CASES: list[tuple[str, dict[str, Any], Any]] = [
    # why, facts (else: 50 years, general anesthesia, CPT 00790), lands in
    ("both", codes(DIFFICULT, TUBE, PROVIDER, EQUIPMENT), MET),
    ("a provider alone is half an answer", codes(DIFFICULT, TUBE, PROVIDER), UNREPORTED),
    ("equipment alone is half an answer", codes(DIFFICULT, TUBE, EQUIPMENT), UNREPORTED),
    ("no equipment planned", codes(DIFFICULT, TUBE, PROVIDER, NO_EQUIPMENT), NOT_MET),
    ("no second provider", codes(DIFFICULT, TUBE, NO_PROVIDER, EQUIPMENT), NOT_MET),
    ("no difficult airway", codes(TUBE, PROVIDER, EQUIPMENT), NOT_ELIGIBLE),
    ("no tube planned", codes(DIFFICULT, PROVIDER, EQUIPMENT), NOT_ELIGIBLE),
    ("monitored care",
     {"methods": [a_method(MONITORED)]} | codes(DIFFICULT, TUBE, PROVIDER, EQUIPMENT),
     NOT_ELIGIBLE),
    ("an emergency",
     {"asa": "IIE"} | codes(DIFFICULT, TUBE, PROVIDER, EQUIPMENT), NOT_ELIGIBLE),
    ("17 is out", {"age": 17} | codes(DIFFICULT, TUBE, PROVIDER, EQUIPMENT), NOT_ELIGIBLE),
]  # fmt: skip


@pytest.mark.parametrize(("why", "facts", "expected"), CASES, ids=[case[0] for case in CASES])
def test_where_a_case_lands(why, facts, expected):
    case = a_case(**{} | facts)
    assert landing("ABG42", case).population is expected
