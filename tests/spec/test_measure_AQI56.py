"""AQI56, first knee replacement: a neuraxial technique or a nerve block."""

from typing import Any

import pytest

from tests.factories import BLOCK, GENERAL, MONITORED, NEURAXIAL, a_case, a_method
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

codes = codes_of("AQI56")

CASES: list[tuple[str, dict[str, Any], Any]] = [
    # why, facts (else: 2022, knee replacement, anesthesia 01402, method unknown), lands in
    ("spinal", {"methods": [a_method(NEURAXIAL, subcategory="Spinal")]} | codes("10A78"), MET),
    ("spinal, nothing reported", {"methods": [a_method(NEURAXIAL)]}, MET),
    ("general with a block, nothing reported",
     {"methods": [a_method(GENERAL), a_method(BLOCK, "07:40", "07:55")]}, MET),
    ("general, with a block among the CPT codes",
     {"methods": [a_method(GENERAL)], "surgery": ("27447", "64447")}, MET),
    ("general alone, nothing reported", {"methods": [a_method(GENERAL)]}, NOT_MET),
    ("monitored care alone, nothing reported", {"methods": [a_method(MONITORED)]}, NOT_MET),
    ("nothing known", {}, UNREPORTED),
    ("neither used", codes("10A79"), NOT_MET),
    ("the patient refused", codes("11A01"), EXCEPTION),
    ("10A79 is heard before the recorded spinal",
     {"methods": [a_method(NEURAXIAL)]} | codes("10A79"), NOT_MET),
    ("revision by CPT code", {"surgery": ("27487",)} | codes("10A78"), NOT_ELIGIBLE),
    ("revision by registry code", codes("10A78", "11A09"), EXCLUSION),
    ("another knee operation", {"anesthesia": ("01400",)} | codes("10A78"), NOT_ELIGIBLE),
    ("a child counts", {"age": 12} | codes("10A78"), MET),
]  # fmt: skip


@pytest.mark.parametrize(("why", "facts", "expected"), CASES, ids=[case[0] for case in CASES])
def test_where_a_case_lands(why, facts, expected):
    case = a_case(
        **{
            "year": 2022,
            "age": 66,
            "anesthesia": ("01402",),
            "surgery": ("27447",),
            "methods": [a_method("Unknown")],
        }
        | facts
    )
    assert landing("AQI56", case).population is expected
