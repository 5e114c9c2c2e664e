"""044, coronary bypass: a beta-blocker in the 24 hours before incision."""

from typing import Any

import pytest

from tests.factories import a_case
from tests.spec.landing import EXCEPTION, MET, NOT_ELIGIBLE, NOT_MET, UNREPORTED, codes_of, landing

codes = codes_of("PQRS044")

CASES: list[tuple[str, dict[str, Any], Any]] = [
    # why, facts (else: 2020, 66 years, one arterial bypass graft), lands in
    ("given", codes("4115F"), MET),
    ("medical reason", codes("4115F-1P"), EXCEPTION),
    ("patient's reason, by the general convention", codes("4115F-2P"), EXCEPTION),
    ("reason of the system, by the general convention", codes("4115F-3P"), EXCEPTION),
    ("none given", codes("4115F-8P"), NOT_MET),
    ("no answer", {}, UNREPORTED),
    ("18 is in", {"age": 18} | codes("4115F"), MET),
    ("17 is out", {"age": 17} | codes("4115F"), NOT_ELIGIBLE),
    ("anesthesia for bypass without the operation",
     {"surgery": ()} | codes("4115F"), NOT_ELIGIBLE),
    ("first of the bypass codes", {"surgery": ("33510",)} | codes("4115F"), MET),
]  # fmt: skip


@pytest.mark.parametrize(("why", "facts", "expected"), CASES, ids=[case[0] for case in CASES])
def test_where_a_case_lands(why, facts, expected):
    case = a_case(
        **{"year": 2020, "age": 66, "anesthesia": ("00567",), "surgery": ("33533",)} | facts
    )
    assert landing("044", case).population is expected
