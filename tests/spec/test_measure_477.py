"""477, multimodal pain management: selected surgery in adults, emergencies left out."""

from typing import Any

import pytest

from tests.factories import BLOCK, NEURAXIAL, a_case, a_medication, a_method
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

codes = codes_of("MIPS477")

CASES: list[tuple[str, dict[str, Any], Any]] = [
    # why, facts (else: 64 years, ASA II, elective, knee replacement 01402), lands in
    ("used", codes("G2148"), MET),
    ("not used", codes("G2150"), NOT_MET),
    ("medical reason", codes("G2149"), EXCEPTION),
    ("no answer", {}, UNREPORTED),
    # --- read from the record, where nobody reports
    ("two classes", {"medications": ("Ketorolac", "Acetaminophen 1000 mg")}, MET),
    ("two drugs of one class", {"medications": ("ketorolac", "celecoxib")}, UNREPORTED),
    ("one class: what is not recorded may have been used",
     {"medications": ("acetaminophen",)}, UNREPORTED),
    ("opioids are no class", {"medications": ("fentanyl", "morphine", "acetaminophen")},
     UNREPORTED),
    ("a nerve block and a drug",
     {"methods": [a_method(), a_method(BLOCK)], "medications": ("gabapentin",)}, MET),
    ("a spinal and a drug", {"methods": [a_method(NEURAXIAL)], "medications": ("ketorolac",)},
     MET),
    ("a block by its code", {"surgery": ("64447",), "medications": ("ketorolac",)}, MET),
    ("a block and its local anesthetic are one",
     {"methods": [a_method(), a_method(BLOCK)], "medications": ("ropivacaine",)}, UNREPORTED),
    ("a block alone", {"methods": [a_method(), a_method(BLOCK)]}, UNREPORTED),
    ("6 hours before anesthesia start",
     {"medications": (a_medication("acetaminophen", "02:00"), "ketorolac")}, MET),
    ("a minute earlier",
     {"medications": (a_medication("acetaminophen", "01:59"), "ketorolac")}, UNREPORTED),
    ("at anesthesia end",
     {"medications": (a_medication("ketorolac", "10:00"), "acetaminophen")}, MET),
    ("a minute later",
     {"medications": (a_medication("ketorolac", "10:01"), "acetaminophen")}, UNREPORTED),
    ("what is reported is heard first",
     {"medications": ("ketamine", "acetaminophen")} | codes("G2150"), NOT_MET),
    ("so is a reason", {"medications": ("ketamine", "acetaminophen")} | codes("G2149"), EXCEPTION),
    ("an emergency is left out first",
     {"status": "Emergency", "medications": ("ketamine", "acetaminophen")}, EXCLUSION),
    ("18 is in", {"age": 18} | codes("G2148"), MET),
    ("17 is out", {"age": 17} | codes("G2148"), NOT_ELIGIBLE),
    ("laparoscopy 00790 is selected", {"anesthesia": ("00790",)} | codes("G2148"), MET),
    ("shoulder scope 01622 is not", {"anesthesia": ("01622",)} | codes("G2148"), NOT_ELIGIBLE),
    ("no CPT code", {"anesthesia": ()} | codes("G2148"), NOT_ELIGIBLE),
    # --- emergencies
    ("M1142 in an emergency", {"asa": "IIIE", "status": "Emergency"} | codes("M1142"), EXCLUSION),
    ("M1142 alone", codes("M1142"), EXCLUSION),
    ("M1142 among the surgical codes", {"surgery": ("27447", "M1142")}, EXCLUSION),
    ("emergency status alone", {"status": "Emergency"} | codes("G2148"), EXCLUSION),
    ("emergency class alone", {"asa": "IIIE"} | codes("G2150"), EXCLUSION),
    ("urgent stays", {"status": "Urgent"} | codes("G2148"), MET),
    ("unknown class and status stay",
     {"asa": "Unknown", "status": "Unknown"} | codes("G2150"), NOT_MET),
    ("an emergency of a child is not eligible",
     {"age": 17, "status": "Emergency"} | codes("M1142"), NOT_ELIGIBLE),
    # --- several answers
    ("met goes before not met", codes("G2150", "G2148"), MET),
    ("the exception goes before not met", codes("G2150", "G2149"), EXCEPTION),
    ("first year 2020", {"year": 2020} | codes("G2148"), MET),
]  # fmt: skip


@pytest.mark.parametrize(("why", "facts", "expected"), CASES, ids=[case[0] for case in CASES])
def test_where_a_case_lands(why, facts, expected):
    case = a_case(**{"age": 64, "anesthesia": ("01402",)} | facts)
    assert landing("477", case).population is expected
