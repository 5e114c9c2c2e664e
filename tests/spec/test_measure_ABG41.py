"""ABG41, shoulder surgery: an upper extremity nerve block."""

from typing import Any

import pytest

from tests.factories import BLOCK, GENERAL, a_case, a_method
from tests.spec.landing import EXCEPTION, MET, NOT_ELIGIBLE, NOT_MET, UNREPORTED, codes_of, landing

codes = codes_of("ABG41")

CASES: list[tuple[str, dict[str, Any], Any]] = [
    # why, facts (else: 2022, rotator cuff repair 29827, anesthesia 01630, method unknown), lands in
    ("block done", codes("1084"), MET),
    ("not done", codes("1085"), NOT_MET),
    ("a reason", codes("1086"), EXCEPTION),
    ("a reason excuses nothing when a block was done",
     {"methods": [a_method(GENERAL), a_method(BLOCK, "07:40", "07:55")]} | codes("1086"), MET),
    ("nothing known", {}, UNREPORTED),
    ("general with a block, nothing reported",
     {"methods": [a_method(GENERAL), a_method(BLOCK, "07:40", "07:55")]}, MET),
    ("a block among the CPT codes", {"surgery": ("29827", "64415")}, MET),
    ("general alone, nothing reported", {"methods": [a_method(GENERAL)]}, NOT_MET),
    ("the operation without its anesthesia code",
     {"anesthesia": ("00790",)} | codes("1084"), NOT_ELIGIBLE),
    ("the anesthesia code without an operation of the list",
     {"surgery": ()} | codes("1084"), NOT_ELIGIBLE),
    ("an emergency", {"status": "Emergency"} | codes("1084"), NOT_ELIGIBLE),
    ("17 is out", {"age": 17} | codes("1084"), NOT_ELIGIBLE),
]  # fmt: skip


@pytest.mark.parametrize(("why", "facts", "expected"), CASES, ids=[case[0] for case in CASES])
def test_where_a_case_lands(why, facts, expected):
    case = a_case(
        **{
            "year": 2022,
            "anesthesia": ("01630",),
            "surgery": ("29827",),
            "methods": [a_method("Unknown")],
        }
        | facts
    )
    assert landing("ABG41", case).population is expected
