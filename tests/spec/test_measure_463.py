"""463, prevention of vomiting in children: two classes of antiemetics."""

from typing import Any

import pytest

from tests.factories import (
    GENERAL,
    INHALATIONAL,
    NEURAXIAL,
    a_case,
    a_medication,
    a_method,
    reported,
)
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

INHALED, TWO_RISKS, INDUCTION_ONLY = "4554F", "G9954", "G9955"
GAS = [a_method(GENERAL, subcategory=INHALATIONAL)]
TIVA = [a_method(GENERAL, subcategory="Total Intravenous Anesthesia")]

codes = codes_of("MIPS463")


def given(*medications):
    return {"medications": medications} | codes(INHALED, TWO_RISKS)


def recorded(*medications):
    """Medications alone say whether an agent was inhaled; the answer is reported."""
    return {"medications": medications} | codes(TWO_RISKS, "G9956")


CASES: list[tuple[str, dict[str, Any], Any]] = [
    # why, facts (else: 8 years, general anesthesia 08:00-10:00, CPT 00170), lands in
    # --- denominator
    ("3 is in", {"age": 3} | codes(INHALED, TWO_RISKS, "G9956"), MET),
    ("2 is out", {"age": 2} | codes(INHALED, TWO_RISKS, "G9956"), NOT_ELIGIBLE),
    ("17 is in", {"age": 17} | codes(INHALED, TWO_RISKS, "G9956"), MET),
    ("18 is out", {"age": 18} | codes(INHALED, TWO_RISKS, "G9956"), NOT_ELIGIBLE),
    ("no CPT code", {"anesthesia": ()} | codes(INHALED, TWO_RISKS, "G9956"), NOT_ELIGIBLE),
    ("caudal alone",
     {"methods": [a_method(NEURAXIAL)]} | codes(INHALED, TWO_RISKS, "G9956"), NOT_ELIGIBLE),
    ("category unknown: the codes decide",
     {"methods": [a_method("Unknown")]} | codes(INHALED, TWO_RISKS, "G9956"), MET),
    ("inhalational by subcategory", {"methods": GAS} | codes(TWO_RISKS, "G9956"), MET),
    ("inhalational agent not known", codes(TWO_RISKS, "G9956"), NOT_ELIGIBLE),
    ("sevoflurane after induction", recorded(a_medication("Sevoflurane 3 %", "08:10")), MET),
    ("isoflurane up to the end", recorded(a_medication("isoflurane", "10:00")), MET),
    ("sevoflurane from the very start is induction",
     recorded(a_medication("sevoflurane", "08:00")), NOT_ELIGIBLE),
    ("sevoflurane, nobody knows when", recorded("sevoflurane"), NOT_ELIGIBLE),
    ("sevoflurane after the end",
     recorded(a_medication("sevoflurane", "10:01")), NOT_ELIGIBLE),
    ("nitrous oxide alone is no maintenance",
     recorded(a_medication("nitrous oxide", "08:10")), NOT_ELIGIBLE),
    ("intravenous by subcategory: the agent was for induction",
     {"methods": TIVA} | recorded(a_medication("sevoflurane", "08:02")), NOT_ELIGIBLE),
    ("recorded after induction, reported as induction only",
     recorded(a_medication("sevoflurane", "08:10")) | codes(TWO_RISKS, INDUCTION_ONLY), EXCLUSION),
    ("age alone is one risk factor", codes(INHALED, "G9956"), NOT_ELIGIBLE),
    ("30 minutes of surgery are the second one",
     {"surgery_start": "08:10", "surgery_end": "08:40"} | codes(INHALED, "G9956"), MET),
    ("29 minutes are not",
     {"surgery_start": "08:10", "surgery_end": "08:39"} | codes(INHALED, "G9956"), NOT_ELIGIBLE),
    ("surgery without an end", {"surgery_start": "08:10"} | codes(INHALED, "G9956"), NOT_ELIGIBLE),
    ("surgery without a start", {"surgery_end": "09:10"} | codes(INHALED, "G9956"), NOT_ELIGIBLE),
    ("strabismus surgery is one", {"surgery": ("67311",)} | codes(INHALED, "G9956"), MET),
    ("the last of the strabismus codes", {"surgery": ("67340",)} | codes(INHALED, "G9956"), MET),
    ("before the strabismus codes",
     {"surgery": ("67310",)} | codes(INHALED, "G9956"), NOT_ELIGIBLE),
    ("after the strabismus codes",
     {"surgery": ("67343",)} | codes(INHALED, "G9956"), NOT_ELIGIBLE),
    # --- exclusion
    ("inhaled for induction only", codes(INHALED, TWO_RISKS, INDUCTION_ONLY), EXCLUSION),
    ("exclusion goes before met", codes(INHALED, TWO_RISKS, INDUCTION_ONLY, "G9956"), EXCLUSION),
    ("organ donor", {"asa": "VI"} | codes(INHALED, TWO_RISKS, "G9956"), EXCLUSION),
    ("organ donor, emergency", {"asa": "VIE"} | codes(INHALED, TWO_RISKS), EXCLUSION),
    ("ASA V stays", {"asa": "V"} | codes(INHALED, TWO_RISKS, "G9956"), MET),
    # --- answers
    ("fewer than two classes", codes(INHALED, TWO_RISKS, "G9958"), NOT_MET),
    ("medical reason", codes(INHALED, TWO_RISKS, "G9957"), EXCEPTION),
    ("no answer", codes(INHALED, TWO_RISKS), UNREPORTED),
    ("two classes", given("ondansetron", "dexamethasone"), MET),
    ("two drugs of one class", given("ondansetron", "granisetron"), NOT_MET),
    ("antihistamine and butyrophenone", given("Diphenhydramine", "droperidol"), MET),
    ("metoclopramide is no class for children", given("ondansetron", "metoclopramide"), NOT_MET),
    ("of the steroids only dexamethasone", given("ondansetron", "methylprednisolone"), NOT_MET),
    ("an empty list of medications", given(), NOT_MET),
    ("G9957 is heard before the medications",
     {"medications": ()} | codes(INHALED, TWO_RISKS, "G9957"), EXCEPTION),
    ("codes of 430 do not answer here",
     {"quality": reported("MIPS430", INHALED, TWO_RISKS, "G9956")}, NOT_ELIGIBLE),
    ("codes among the surgical codes", {"surgery": (INHALED, TWO_RISKS, "G9956")}, MET),
]  # fmt: skip


@pytest.mark.parametrize(("why", "facts", "expected"), CASES, ids=[case[0] for case in CASES])
def test_where_a_case_lands(why, facts, expected):
    case = a_case(**{"age": 8, "anesthesia": ("00170",)} | facts)
    assert landing("463", case).population is expected
