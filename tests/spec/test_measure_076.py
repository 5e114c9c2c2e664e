"""076, central lines: all of the sterile bundle."""

from typing import Any

import pytest

from tests.factories import a_case, reported
from tests.spec.landing import EXCEPTION, MET, NOT_ELIGIBLE, NOT_MET, UNREPORTED, codes_of, landing

codes = codes_of("PQRS076")

CASES: list[tuple[str, dict[str, Any], Any]] = [
    # why, facts (else: 2021, a central line, CPT 36556), lands in
    ("a newborn counts", {"age": 0} | codes("6030F"), MET),
    ("medical reason", codes("6030F-1P"), EXCEPTION),
    ("patient's reason, by the general convention", codes("6030F-2P"), EXCEPTION),
    ("reason of the system, by the general convention", codes("6030F-3P"), EXCEPTION),
    ("not done, no reason given", codes("6030F-8P"), NOT_MET),
    ("no answer", {}, UNREPORTED),
    ("an arterial line is no central line", {"surgery": ("36620",)} | codes("6030F"), NOT_ELIGIBLE),
    ("the old name of the measure", {"quality": reported("PQRS76", "6030F")}, MET),
    ("among the surgical codes, with its modifier", {"surgery": ("36556", "6030F-1P")}, EXCEPTION),
    ("2018 already", {"year": 2018} | codes("6030F"), MET),
    ("a line by 36572 in 2019", {"year": 2019, "surgery": ("36572",)} | codes("6030F"), MET),
    ("which did not exist in 2018",
     {"year": 2018, "surgery": ("36572",)} | codes("6030F"), NOT_ELIGIBLE),
    ("and is there in 2022", {"year": 2022, "surgery": ("36573",)} | codes("6030F"), MET),
    ("right heart catheter of 2022", {"year": 2022, "surgery": ("93593",)} | codes("6030F"), MET),
    ("which did not exist in 2021", {"surgery": ("93593",)} | codes("6030F"), NOT_ELIGIBLE),
    ("telehealth by place, from 2022 on",
     {"year": 2022, "place": 2} | codes("6030F"), NOT_ELIGIBLE),
    ("telehealth by modifier, from 2022 on",
     {"year": 2022, "surgery": ("36556-95",)} | codes("6030F"), NOT_ELIGIBLE),
    ("the visit beside the line was by telehealth",
     {"year": 2022, "surgery": ("36556", "99213-95")} | codes("6030F"), MET),
    ("in a hospital in 2022", {"year": 2022, "place": 21} | codes("6030F"), MET),
    ("the place was not asked in 2021", {"place": 2} | codes("6030F"), MET),
]  # fmt: skip


@pytest.mark.parametrize(("why", "facts", "expected"), CASES, ids=[case[0] for case in CASES])
def test_where_a_case_lands(why, facts, expected):
    case = a_case(**{"year": 2021, "anesthesia": (), "surgery": ("36556",)} | facts)
    assert landing("076", case).population is expected
