"""404, smoking abstinence: smokers with elective surgery, told beforehand not to smoke."""

from typing import Any

import pytest

from tests.factories import a_case, reported
from tests.spec.landing import MET, NOT_ELIGIBLE, NOT_MET, UNREPORTED, codes_of, landing

SMOKER, ELECTIVE, TOLD, ABSTAINED, SMOKED = "G9642", "G9643", "G9497", "G9644", "G9645"

codes = codes_of("MIPS404")

CASES: list[tuple[str, dict[str, Any], Any]] = [
    # why, facts (else: 50 years, ASA II, elective, CPT 00790), lands in
    ("abstained", codes(SMOKER, ELECTIVE, TOLD, ABSTAINED), MET),
    ("smoked", codes(SMOKER, ELECTIVE, TOLD, SMOKED), NOT_MET),
    ("no answer", codes(SMOKER, ELECTIVE, TOLD), UNREPORTED),
    ("both answers: met goes first", codes(SMOKER, ELECTIVE, TOLD, SMOKED, ABSTAINED), MET),
    ("18 is in", {"age": 18} | codes(SMOKER, ELECTIVE, TOLD, ABSTAINED), MET),
    ("17 is out", {"age": 17} | codes(SMOKER, ELECTIVE, TOLD, ABSTAINED), NOT_ELIGIBLE),
    ("not told before the day", codes(SMOKER, ELECTIVE, ABSTAINED), NOT_ELIGIBLE),
    ("not known as a smoker", codes(ELECTIVE, TOLD, ABSTAINED), NOT_ELIGIBLE),
    ("nothing reported", {}, NOT_ELIGIBLE),
    ("no CPT code", {"anesthesia": ()} | codes(SMOKER, ELECTIVE, TOLD, ABSTAINED), NOT_ELIGIBLE),
    ("labor epidural",
     {"anesthesia": ("01967",)} | codes(SMOKER, ELECTIVE, TOLD, ABSTAINED), NOT_ELIGIBLE),
    ("a pain block is in the list",
     {"anesthesia": (), "surgery": ("64483",)} | codes(SMOKER, ELECTIVE, TOLD, ABSTAINED), MET),
    # --- elective
    ("elective by procedure status", codes(SMOKER, TOLD, ABSTAINED), MET),
    ("urgent", {"status": "Urgent"} | codes(SMOKER, TOLD, ABSTAINED), NOT_ELIGIBLE),
    ("urgent, yet reported as elective",
     {"status": "Urgent"} | codes(SMOKER, ELECTIVE, TOLD, ABSTAINED), MET),
    ("status unknown", {"status": "Unknown"} | codes(SMOKER, TOLD, ABSTAINED), NOT_ELIGIBLE),
    ("status unknown, reported as elective",
     {"status": "Unknown"} | codes(SMOKER, ELECTIVE, TOLD, SMOKED), NOT_MET),
    ("emergency",
     {"asa": "IIE", "status": "Emergency"} | codes(SMOKER, TOLD, ABSTAINED), NOT_ELIGIBLE),
    ("emergency status, reported as elective",
     {"status": "Emergency"} | codes(SMOKER, ELECTIVE, TOLD, ABSTAINED), NOT_ELIGIBLE),
    ("emergency class, reported as elective",
     {"asa": "IIE"} | codes(SMOKER, ELECTIVE, TOLD, ABSTAINED), NOT_ELIGIBLE),
    ("an unknown ASA class is no emergency",
     {"asa": "Unknown"} | codes(SMOKER, TOLD, ABSTAINED), MET),
    # --- smoker by diagnosis
    ("nicotine dependence", {"diagnoses": ("F17.210",)} | codes(TOLD, ABSTAINED), MET),
    ("tobacco use", {"diagnoses": ("Z72.0",)} | codes(TOLD, SMOKED), NOT_MET),
    ("dependence among the postoperative diagnoses",
     {"postoperative_diagnoses": ("F17.290",)} | codes(TOLD, ABSTAINED), MET),
    ("in remission", {"diagnoses": ("F17.211",)} | codes(TOLD, ABSTAINED), NOT_ELIGIBLE),
    ("chewing tobacco", {"diagnoses": ("F17.220",)} | codes(TOLD, ABSTAINED), NOT_ELIGIBLE),
    ("former smoker", {"diagnoses": ("Z87.891",)} | codes(TOLD, ABSTAINED), NOT_ELIGIBLE),
    ("chewing tobacco and cigarettes",
     {"diagnoses": ("F17.220", "F17.210")} | codes(TOLD, ABSTAINED), MET),
    # --- carriers
    ("answers among the surgical codes",
     {"surgery": (SMOKER, ELECTIVE, TOLD, ABSTAINED)}, MET),
    ("half here, half there",
     {"surgery": (SMOKER, TOLD)} | codes(SMOKED), NOT_MET),
    ("PQRS404", {"quality": reported("PQRS404", SMOKER, ELECTIVE, TOLD, ABSTAINED)}, MET),
    ("sent for another measure",
     {"quality": reported("AQI68", SMOKER, ELECTIVE, TOLD, ABSTAINED)}, NOT_ELIGIBLE),
]  # fmt: skip


@pytest.mark.parametrize(("why", "facts", "expected"), CASES, ids=[case[0] for case in CASES])
def test_where_a_case_lands(why, facts, expected):
    assert landing("404", a_case(**facts)).population is expected
