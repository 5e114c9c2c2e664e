"""AQI48, the experience of patients: who was surveyed (a), and who rated 4 or 5 of 5 (b)."""

from typing import Any

import pytest

from app.domain.cases import OutcomeEvent
from tests.factories import a_case, reported
from tests.spec.landing import (
    EXCEPTION,
    EXCLUSION,
    MET,
    NOT_ELIGIBLE,
    NOT_MET,
    UNREPORTED,
    codes_of,
    landing,
)

STRATA = ("surveyed", "overall")
SENT, REASON, NOT_SENT = "10A12", "10A13", "10A14"
ANSWERED, UNANSWERED, GOOD, BAD = "10A72", "10A69", "10A70", "10A71"
DIED = {"outcomes": [OutcomeEvent(outcome_id=25, occurred=True)]}


def died(time_frame):
    return {"outcomes": [OutcomeEvent(outcome_id=25, occurred=True, time_frame=time_frame)]}


codes = codes_of("AQI48")

CASES: list[tuple[str, dict[str, Any], tuple[Any, ...]]] = [
    # why, facts (else: 40 years, CPT 00790), lands in: surveyed, overall
    ("sent, rated 4 or 5", codes(SENT, ANSWERED, GOOD), (MET, MET)),
    ("sent, rated 1 to 3", codes(SENT, ANSWERED, BAD), (MET, NOT_MET)),
    ("sent, answered, rating not told", codes(SENT, ANSWERED), (MET, UNREPORTED)),
    ("sent, not answered", codes(SENT), (MET, NOT_ELIGIBLE)),
    ("sent, the mandatory question left out", codes(SENT, UNANSWERED), (MET, EXCLUSION)),
    ("left out, and yet rated: the exclusion goes first",
     codes(SENT, ANSWERED, UNANSWERED, GOOD), (MET, EXCLUSION)),
    ("left out by an organ donor",
     {"asa": "VI"} | codes(SENT, UNANSWERED), (EXCLUSION, NOT_ELIGIBLE)),
    ("not sent", codes(NOT_SENT), (NOT_MET, NOT_ELIGIBLE)),
    ("a reason for no survey", codes(REASON), (EXCEPTION, NOT_ELIGIBLE)),
    ("nothing reported", {}, (UNREPORTED, NOT_ELIGIBLE)),
    ("organ donor", {"asa": "VI"} | codes(SENT), (EXCLUSION, NOT_ELIGIBLE)),
    ("died", DIED | codes(SENT, ANSWERED, GOOD), (EXCLUSION, NOT_ELIGIBLE)),
    ("died by the 30th day",
     died("30 Days") | codes(SENT, ANSWERED, GOOD), (EXCLUSION, NOT_ELIGIBLE)),
    ("died in the second month, having answered",
     died("60 Days") | codes(SENT, ANSWERED, GOOD), (MET, MET)),
    ("died within the year", died("1 Year") | codes(NOT_SENT), (NOT_MET, NOT_ELIGIBLE)),
    ("reported under the names of the parts",
     {"quality": reported("AQI48a", SENT) + reported("AQI48b", ANSWERED, GOOD)}, (MET, MET)),
    ("18 is in", {"age": 18} | codes(SENT), (MET, NOT_ELIGIBLE)),
    ("17 is out", {"age": 17} | codes(SENT, ANSWERED, GOOD), (NOT_ELIGIBLE, NOT_ELIGIBLE)),
]  # fmt: skip


@pytest.mark.parametrize(("why", "facts", "expected"), CASES, ids=[case[0] for case in CASES])
def test_where_a_case_lands(why, facts, expected):
    case = a_case(**{"age": 40} | facts)
    landed = tuple(landing("AQI48", case, stratum).population for stratum in STRATA)
    assert landed == expected
