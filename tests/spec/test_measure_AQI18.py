"""AQI18, coronary bypass: intubated for more than 24 hours. Inverse: met is the bad event."""

from typing import Any

import pytest

from app.domain.cases import OutcomeEvent
from tests.factories import a_case
from tests.spec.landing import EXCLUSION, MET, NOT_ELIGIBLE, NOT_MET, UNREPORTED, codes_of, landing

codes = codes_of("AQI18")


def ventilated(occurred):
    return {"outcomes": [OutcomeEvent(outcome_id=97, occurred=occurred)]}


CASES: list[tuple[str, dict[str, Any], Any]] = [
    # why, facts (else: 70 years, ASA IV, bypass 33533 with anesthesia 00567), lands in
    ("still intubated after 24 hours", codes("G8569"), MET),
    ("extubated in time", codes("G8570"), NOT_MET),
    ("no answer", {}, UNREPORTED),
    ("recorded as ventilated for over 24 hours", ventilated(True), MET),
    ("recorded as not", ventilated(False), NOT_MET),
    ("the code is heard before the outcome", codes("G8570") | ventilated(True), NOT_MET),
    ("organ donor", {"asa": "VI"} | codes("G8569"), EXCLUSION),
    ("17 is out", {"age": 17} | codes("G8569"), NOT_ELIGIBLE),
    ("anesthesia off pump", {"anesthesia": ("00566",)} | codes("G8569"), MET),
    ("anesthesia code of other heart surgery",
     {"anesthesia": ("00563",)} | codes("G8569"), NOT_ELIGIBLE),
    ("reoperation with 00562",
     {"anesthesia": ("00562",), "surgery": ("33533", "33530")} | codes("G8569"), MET),
    ("00562 without the reoperation", {"anesthesia": ("00562",)} | codes("G8569"), NOT_ELIGIBLE),
    ("no bypass", {"surgery": ("33405",)} | codes("G8569"), NOT_ELIGIBLE),
]  # fmt: skip


@pytest.mark.parametrize(("why", "facts", "expected"), CASES, ids=[case[0] for case in CASES])
def test_where_a_case_lands(why, facts, expected):
    case = a_case(
        **{"age": 70, "asa": "IV", "anesthesia": ("00567",), "surgery": ("33533",)} | facts
    )
    assert landing("AQI18", case).population is expected
