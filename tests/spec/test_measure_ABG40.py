"""ABG40, spinal for elective cesarean: hypotension prevented."""

from typing import Any

import pytest

from tests.factories import NEURAXIAL, a_case, a_method
from tests.spec.landing import EXCEPTION, MET, NOT_ELIGIBLE, NOT_MET, UNREPORTED, codes_of, landing

codes = codes_of("ABG40")


def neuraxial(subcategory):
    return [a_method(NEURAXIAL, subcategory=subcategory)]


CASES: list[tuple[str, dict[str, Any], Any]] = [
    # why, facts (else: 2022, elective cesarean 01961 with a spinal), lands in
    ("started", codes("1081"), MET),
    ("not started", codes("1082"), NOT_MET),
    ("a reason", codes("1083"), EXCEPTION),
    ("no answer", {}, UNREPORTED),
    ("combined spinal and epidural",
     {"methods": neuraxial("Combined Spinal and Epidural")} | codes("1081"), MET),
    ("epidural", {"methods": neuraxial("Epidural")} | codes("1081"), NOT_ELIGIBLE),
    ("technique not told", {"methods": neuraxial(None)} | codes("1081"), NOT_ELIGIBLE),
    ("urgent", {"status": "Urgent"} | codes("1081"), NOT_ELIGIBLE),
    ("elective, but ASA with E", {"asa": "IIE"} | codes("1081"), NOT_ELIGIBLE),
    ("by the surgical code", {"anesthesia": (), "surgery": ("59510",)} | codes("1081"), MET),
    ("no cesarean", {"anesthesia": ("01967",)} | codes("1081"), NOT_ELIGIBLE),
    ("1081 under no measure may be another code", {"surgery": ("1081",)}, UNREPORTED),
]  # fmt: skip


@pytest.mark.parametrize(("why", "facts", "expected"), CASES, ids=[case[0] for case in CASES])
def test_where_a_case_lands(why, facts, expected):
    case = a_case(
        **{"year": 2022, "anesthesia": ("01961",), "methods": neuraxial("Spinal")} | facts
    )
    assert landing("ABG40", case).population is expected
