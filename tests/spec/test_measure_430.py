"""430, prevention of nausea and vomiting in adults: two classes of antiemetics."""

from typing import Any

import pytest

from tests.factories import (
    GENERAL,
    INHALATIONAL,
    MONITORED,
    NEURAXIAL,
    a_case,
    a_medication,
    a_method,
)
from tests.spec.landing import EXCEPTION, MET, NOT_ELIGIBLE, NOT_MET, UNREPORTED, codes_of, landing

INHALED, NOT_INHALED, THREE_RISKS, FEWER_RISKS = "4554F", "4555F", "4556F", "4557F"
GAS = [a_method(GENERAL, subcategory=INHALATIONAL)]
TIVA = [a_method(GENERAL, subcategory="Total Intravenous Anesthesia")]

codes = codes_of("MIPS430")


def given(*medications):
    return {"medications": medications} | codes(INHALED, THREE_RISKS)


def recorded(*medications):
    """Medications alone say whether an agent was inhaled; the answer is reported."""
    return {"medications": medications} | codes(THREE_RISKS, "G9775")


CASES: list[tuple[str, dict[str, Any], Any]] = [
    # why, facts (else: 50 years, general anesthesia 08:00-10:00, CPT 00790), lands in
    # --- denominator
    ("18 is in", {"age": 18, "methods": GAS} | codes(INHALED, THREE_RISKS, "G9775"), MET),
    ("17 belongs to 463", {"age": 17} | codes(INHALED, THREE_RISKS, "G9775"), NOT_ELIGIBLE),
    ("no CPT code", {"anesthesia": ()} | codes(INHALED, THREE_RISKS, "G9775"), NOT_ELIGIBLE),
    ("labor epidural",
     {"anesthesia": ("01967",)} | codes(INHALED, THREE_RISKS, "G9775"), NOT_ELIGIBLE),
    ("risk factors not reported", codes(INHALED, "G9775"), NOT_ELIGIBLE),
    ("fewer than three risk factors", codes(INHALED, FEWER_RISKS), NOT_ELIGIBLE),
    ("4556F outweighs 4557F", codes(INHALED, THREE_RISKS, FEWER_RISKS, "G9775"), MET),
    ("inhalational by subcategory", {"methods": GAS} | codes(THREE_RISKS, "G9775"), MET),
    ("intravenous by subcategory", {"methods": TIVA} | codes(THREE_RISKS, "G9775"), NOT_ELIGIBLE),
    ("inhalational agent not known", codes(THREE_RISKS, "G9775"), NOT_ELIGIBLE),
    ("sevoflurane among the medications", recorded("Sevoflurane 2 %"), MET),
    ("desflurane among the medications", recorded("desflurane"), MET),
    ("isoflurane among the medications", recorded("ISOFLURANE"), MET),
    ("nitrous oxide among the medications", recorded("Nitrous Oxide 50 %"), MET),
    ("N2O among the medications", recorded("N2O"), MET),
    ("nitric oxide is no anesthetic", recorded("nitric oxide"), NOT_ELIGIBLE),
    ("propofol is not inhaled", recorded("propofol"), NOT_ELIGIBLE),
    ("sevoflurane started after the end",
     recorded(a_medication("sevoflurane", "10:01")), NOT_ELIGIBLE),
    ("sevoflurane without the risk factors",
     {"medications": ("sevoflurane",)} | codes("G9775"), NOT_ELIGIBLE),
    ("sevoflurane in a spinal",
     {"methods": [a_method(NEURAXIAL)]} | recorded("sevoflurane"), NOT_ELIGIBLE),
    ("4555F does not take out a recorded subcategory",
     {"methods": GAS} | codes(NOT_INHALED, THREE_RISKS, "G9775"), MET),
    ("4555F does not take out a recorded agent",
     recorded("sevoflurane") | codes(NOT_INHALED, THREE_RISKS, "G9775"), MET),
    ("4555F, and no agent recorded",
     recorded("propofol") | codes(NOT_INHALED, THREE_RISKS, "G9775"), NOT_ELIGIBLE),
    ("4554F outweighs 4555F", codes(INHALED, NOT_INHALED, THREE_RISKS, "G9775"), MET),
    ("spinal", {"methods": [a_method(NEURAXIAL)]} | codes(INHALED, THREE_RISKS), NOT_ELIGIBLE),
    ("monitored care",
     {"methods": [a_method(MONITORED)]} | codes(INHALED, THREE_RISKS), NOT_ELIGIBLE),
    ("spinal and general",
     {"methods": [a_method(NEURAXIAL), a_method()]} | codes(INHALED, THREE_RISKS, "G9775"), MET),
    ("category unknown: the codes decide",
     {"methods": [a_method("Unknown")]} | codes(INHALED, THREE_RISKS, "G9775"), MET),
    # --- reported
    ("one class or none", codes(INHALED, THREE_RISKS, "G9777"), NOT_MET),
    ("intolerance", codes(INHALED, THREE_RISKS, "G9776"), EXCEPTION),
    ("no answer", codes(INHALED, THREE_RISKS), UNREPORTED),
    ("4558F", codes(INHALED, THREE_RISKS, "4558F"), MET),
    ("4558F 1P", codes(INHALED, THREE_RISKS, "4558F-1P"), EXCEPTION),
    ("4558F 8P", codes(INHALED, THREE_RISKS, "4558F-8P"), NOT_MET),
    ("met goes before not met", codes(INHALED, THREE_RISKS, "G9777", "G9775"), MET),
    ("all among the surgical codes", {"surgery": (INHALED, THREE_RISKS, "G9776")}, EXCEPTION),
    # --- medications
    ("two classes", given("ondansetron", "dexamethasone"), MET),
    ("two drugs of one class", given("ondansetron", "granisetron"), NOT_MET),
    ("the same drug twice", given("ondansetron", "ondansetron"), NOT_MET),
    ("one drug", given("ondansetron", "fentanyl"), NOT_MET),
    ("none", given("fentanyl"), NOT_MET),
    ("an empty list", given(), NOT_MET),
    ("names with dose, route and capitals",
     given("Ondansetron 4 mg IV", "DEXAMETHASONE SODIUM PHOSPHATE"), MET),
    ("two drugs in one name", given("ondansetron/dexamethasone"), MET),
    ("fosaprepitant is not also aprepitant", given("fosaprepitant 150 mg"), NOT_MET),
    ("a longer word is another drug", given("xondansetron", "dexamethasone"), NOT_MET),
    ("propofol by infusion is a class", given("Propofol 10 mg/mL infusion", "droperidol"), MET),
    ("propofol for induction is none", given("Propofol 10 mg/mL", "droperidol"), NOT_MET),
    ("metoclopramide and scopolamine", given("metoclopramide", "scopolamine patch"), MET),
    ("metoclopramide and ephedrine share a class", given("metoclopramide", "ephedrine"), NOT_MET),
    ("started at anesthesia end",
     given(a_medication("ondansetron", "10:00"), a_medication("dexamethasone", "08:05")), MET),
    ("started a minute after the end",
     given(a_medication("ondansetron", "10:01"), a_medication("dexamethasone", "08:05")), NOT_MET),
    ("given in the holding area",
     given(a_medication("aprepitant", "06:30"), a_medication("dexamethasone", "08:05")), MET),
    ("G9777 is heard before the medications",
     {"medications": ("ondansetron", "dexamethasone")} | codes(INHALED, THREE_RISKS, "G9777"),
     NOT_MET),
    ("G9775 is heard before the medications",
     {"medications": ()} | codes(INHALED, THREE_RISKS, "G9775"), MET),
]  # fmt: skip


@pytest.mark.parametrize(("why", "facts", "expected"), CASES, ids=[case[0] for case in CASES])
def test_where_a_case_lands(why, facts, expected):
    assert landing("430", a_case(**facts)).population is expected
