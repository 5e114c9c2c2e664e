"""AQI73, arterial lines placed sterile: in arm, wrist or foot (a), in groin or armpit (b)."""

from typing import Any

import pytest

from tests.factories import a_case
from tests.spec.landing import EXCEPTION, MET, NOT_ELIGIBLE, NOT_MET, UNREPORTED, codes_of, landing

STRATA = ("brachialRadialTibial", "femoralAxillary")
ARM, GROIN = "11A71", "11A72"
OUT = NOT_ELIGIBLE

codes = codes_of("AQI73")

CASES: list[tuple[str, dict[str, Any], tuple[Any, ...]]] = [
    # why, facts (else: 2023, an arterial line, CPT 36620), lands in: arm, groin
    ("radial line, all elements", codes(ARM, "11A74"), (MET, OUT)),
    ("radial line, not all", codes(ARM, "11A76"), (NOT_MET, OUT)),
    ("radial line, a reason", codes(ARM, "11A75"), (EXCEPTION, OUT)),
    ("femoral line, maximal barrier", codes(GROIN, "11A77"), (OUT, MET)),
    ("femoral line, not all", codes(GROIN, "11A79"), (OUT, NOT_MET)),
    ("an answer of the other part says nothing", codes(GROIN, "11A74"), (OUT, UNREPORTED)),
    ("one of each", codes(ARM, GROIN, "11A74", "11A78"), (MET, EXCEPTION)),
    ("site not told", codes("11A74"), (OUT, OUT)),
    ("a central line", {"surgery": ("36556",)} | codes(ARM, "11A74"), (OUT, OUT)),
]  # fmt: skip


@pytest.mark.parametrize(("why", "facts", "expected"), CASES, ids=[case[0] for case in CASES])
def test_where_a_case_lands(why, facts, expected):
    case = a_case(**{"year": 2023, "age": 60, "anesthesia": (), "surgery": ("36620",)} | facts)
    landed = tuple(landing("AQI73", case, stratum).population for stratum in STRATA)
    assert landed == expected
