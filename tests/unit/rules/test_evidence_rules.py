"""Quality codes against what the record holds: AR357 where the two answer a measure differently."""

from typing import Any

import pytest
from lxml import etree

from app.domain.cases import AnesthesiaCase, OutcomeEvent
from app.domain.finding_catalogue import message_of
from app.domain.findings import FindingCode
from app.measures.catalogue.register import load_register
from app.rules.definition import RecordFacts, Remark, VersionYears
from app.rules.loading import shipped_rules
from app.rules.rule_book import RuleBook
from tests.factories import (
    BLOCK,
    DAY,
    MONITORED,
    NEURAXIAL,
    a_case,
    a_method,
    a_temperature,
    reported,
)

CODE = FindingCode.RECORD_CONTRADICTS_CODE
RULES = RuleBook([shipped_rules()[CODE]], load_register())
VERSION = VersionYears(first=2018, last=None, lenient_until=None)
WARM, NOT_WARM, REASON, AN_HOUR = "G9771", "G9773", "G9772", "4255F"
PONV = ("4554F", "4556F")


def remarks(*codes: str, measure: str = "MIPS424", **facts: Any) -> list[Remark]:
    return remarks_about(a_case(quality=reported(measure, *codes), **facts))


def remarks_about(case: AnesthesiaCase) -> list[Remark]:
    record = etree.Element("AnesthesiaRecord")
    facts_of = RecordFacts(
        case=case, record=record, years=VERSION, day=DAY, measures=RULES.measures
    )
    return [remark for _, remark in RULES.remarks(facts_of)]


CONTRADICTED = [
    # what, measure, codes, facts of the case (general anesthesia from 08:00 to 10:00)
    ("kept warm, and 34.8 C near the end", "MIPS424", (AN_HOUR, WARM),
     {"temperatures": [a_temperature("34.8")]}),
    ("kept warm, and 95.8 F near the end", "MIPS424", (AN_HOUR, WARM),
     {"temperatures": [a_temperature("95.8", unit="F")]}),
    ("kept warm by the code of PQRS", "PQRS424", ("4559F",),
     {"temperatures": [a_temperature("35.4")]}),
    ("not warm, and 35.5 C near the end", "MIPS424", (AN_HOUR, NOT_WARM),
     {"temperatures": [a_temperature("35.5")]}),
    ("not two classes, and two were given", "MIPS430", (*PONV, "G9777"),
     {"medications": ["ondansetron", "dexamethasone"]}),
    ("ventilated for long, and said not to be", "AQI18", ("G8569",),
     {"age": 70, "anesthesia": ["00567"], "surgery": ["33533"],
      "outcomes": [OutcomeEvent(97, False)]}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("what", "measure", "codes", "facts"), CONTRADICTED, ids=[each[0] for each in CONTRADICTED]
)
def test_a_code_and_the_record_answer_differently(
    what: str, measure: str, codes: tuple[str, ...], facts: dict[str, Any]
) -> None:
    [found] = remarks(*codes, measure=measure, **facts)
    assert found.at == f"OutcomesEvents/QCDRSet/QCDR[{len(codes)}]", "the entry that answers"


COLD = [a_temperature("34.8")]
UNNAMED = [
    # what, facts of the case, where the code stands that answers
    ("kept warm, among the surgical codes", {"surgery": ["47562", "g9771"], "temperatures": COLD},
     "Procedure/CPTSet/CPT[2]/CPTValue"),
    ("kept warm, among the anesthesia codes", {"anesthesia": ["00790", "4559F"],
     "temperatures": COLD}, "AnesthesiaCase/CPTAnesSet/CPTAnes[2]/CPTAnesValue"),
    ("its measure named for another code", {"quality": reported("PQRS424", AN_HOUR),
     "surgery": ["47562", WARM], "temperatures": COLD}, "Procedure/CPTSet/CPT[2]/CPTValue"),
    ("neither block nor spinal by a registry code, and a spinal is recorded", {"year": 2022,
     "anesthesia": ["01402"], "methods": [a_method(NEURAXIAL)], "diagnoses": ["M17.11", "10A79"]},
     "PreOp/ICDSet/ICD[2]/ICDValue"),
    ("the same, after surgery", {"year": 2022, "anesthesia": ["01402"],
     "methods": [a_method(NEURAXIAL)], "postoperative_diagnoses": ["10a79"]},
     "PostOp/ICDSet/ICD[1]/ICDValue"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "facts", "place"), UNNAMED, ids=[each[0] for each in UNNAMED])
def test_a_code_among_cpt_or_icd_codes_and_the_record_answer_differently(
    what: str, facts: dict[str, Any], place: str
) -> None:
    [found] = remarks_about(a_case(**facts))
    assert found.at == place


AGREED = [
    ("warm, and one of two readings is", (AN_HOUR, WARM),
     {"temperatures": [a_temperature("35.0"), a_temperature("35.7", "10:10")]}),
    ("warm, and the one warm reading is of an hour before: another may not have been sent",
     (AN_HOUR, WARM), {"temperatures": [a_temperature("36.5", "08:59")]}),
    ("warm, and no temperature was sent: silence contradicts nothing", (AN_HOUR, WARM), {}),
    ("not warm, and no reading is", (AN_HOUR, NOT_WARM),
     {"temperatures": [a_temperature("34.8")]}),
    ("a reason is no answer that a reading could contradict", (AN_HOUR, REASON),
     {"temperatures": [a_temperature("34.8")]}),
    ("too short for the measure", (WARM,),
     {"methods": [a_method(end="08:59")], "temperatures": [a_temperature("34.8", "08:55")]}),
    ("monitored care and a block are excluded", (AN_HOUR, WARM),
     {"methods": [a_method(MONITORED), a_method(BLOCK)], "temperatures": [a_temperature("34.8")]}),
    ("not a procedure of the measure", (AN_HOUR, WARM),
     {"anesthesia": ["01967"], "temperatures": [a_temperature("34.8")]}),
    ("the measure has ended", (AN_HOUR, WARM),
     {"year": 2026, "temperatures": [a_temperature("34.8")]}),
]  # fmt: skip


@pytest.mark.parametrize(("what", "codes", "facts"), AGREED, ids=[each[0] for each in AGREED])
def test_what_contradicts_nothing(what: str, codes: tuple[str, ...], facts: dict[str, Any]) -> None:
    assert remarks(*codes, **facts) == []


def test_the_finding_says_which_code_and_what_is_recorded() -> None:
    [found] = remarks(AN_HOUR, WARM, temperatures=[a_temperature("34.8")])
    assert message_of(CODE, found.message, **found.words) == (
        "G9771 reports PQRS424 as met, but the record says: Temperatures were recorded, none high"
        " enough in the window."
    )
    assert "34.8" not in str(found), "no value of a patient"
