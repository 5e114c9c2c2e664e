"""AQI71, ambulatory diabetics: glucose tested (a), treated (b), tested again (c), taught (d)."""

from typing import Any

import pytest

from tests.factories import a_case
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

STRATA = ("testedPrior", "insulinPrior", "insulinPostoperative", "glucoseEducation")
DIABETES, SHORT, HIGH, INSULIN = "11A41", "11A45", "11A44", "11A55"
OUT = NOT_ELIGIBLE

codes = codes_of("AQI71")

CASES: list[tuple[str, dict[str, Any], tuple[Any, ...]]] = [
    # why, facts (else: 50 years, place of service 24, CPT 00790), lands in: the four parts
    ("tested before start", codes(DIABETES, "11A51"), (MET, OUT, OUT, OUT)),
    ("not tested", codes(DIABETES, "11A52"), (NOT_MET, OUT, OUT, OUT)),
    ("over 180, no insulin",
     codes(DIABETES, HIGH, "11A54"), (UNREPORTED, NOT_MET, OUT, UNREPORTED)),
    ("over 180, a reason for no insulin",
     codes(DIABETES, HIGH, "11A82"), (UNREPORTED, EXCEPTION, OUT, UNREPORTED)),
    ("all four answered",
     codes(DIABETES, HIGH, INSULIN, "11A51", "11A53", "11A56", "11A59"),
     (MET, MET, MET, NOT_MET)),
    ("insulin, not tested again",
     codes(DIABETES, INSULIN, "11A57"), (UNREPORTED, OUT, NOT_MET, OUT)),
    ("taught", codes(DIABETES, HIGH, "11A58"), (UNREPORTED, UNREPORTED, OUT, MET)),
    ("under 30 minutes", codes(DIABETES, SHORT, "11A51"), (EXCLUSION, OUT, OUT, OUT)),
    ("diabetes by diagnosis", {"diagnoses": ("E11.9",)} | codes("11A51"), (MET, OUT, OUT, OUT)),
    ("the diagnosis without its point",
     {"diagnoses": ("E119",)} | codes("11A51"), (MET, OUT, OUT, OUT)),
    ("no diabetes", codes("11A51"), (OUT, OUT, OUT, OUT)),
    ("inpatient", {"place": 21} | codes(DIABETES, "11A51"), (OUT, OUT, OUT, OUT)),
    ("place unknown, ambulatory",
     {"place": None, "admission": "Ambulatory"} | codes(DIABETES, "11A51"), (MET, OUT, OUT, OUT)),
    ("17 is out", {"age": 17} | codes(DIABETES, "11A51"), (OUT, OUT, OUT, OUT)),
]  # fmt: skip


@pytest.mark.parametrize(("why", "facts", "expected"), CASES, ids=[case[0] for case in CASES])
def test_where_a_case_lands(why, facts, expected):
    case = a_case(**{"place": 24} | facts)
    landed = tuple(landing("AQI71", case, stratum).population for stratum in STRATA)
    assert landed == expected


def test_two_parts_have_other_names_from_2025_on():
    case = a_case(year=2025, place=24, **codes(DIABETES, HIGH, INSULIN, "11A53", "11A57"))
    assert landing("AQI71", case, "insulinPerioperative").population is MET
    assert landing("AQI71", case, "followupTest").population is NOT_MET
