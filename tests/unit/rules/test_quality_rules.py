"""Quality codes of a record against what each measure and each year know of them."""

from collections.abc import Sequence

import pytest
from factories import DAY, a_case
from lxml import etree

from app.domain.cases import QualityCode
from app.domain.finding_catalogue import message_of
from app.measures.catalogue.register import load_register
from app.rules.definition import RecordFacts, Remark, Rule, VersionYears
from app.rules.loading import shipped_rules
from app.rules.rule_book import RuleBook

QUALITY = [rule for code, rule in shipped_rules().items() if "AR350" <= code <= "AR356"]
RULES = RuleBook(QUALITY, load_register())
VERSION = VersionYears(first=2017, last=None, lenient_until=None)


def remarks(
    *entries: str, year: int = 2024, age: int = 50, **facts: Sequence[str]
) -> list[tuple[Rule, Remark]]:
    """What the rules say of a case whose QCDRSet holds `entries`, as in "PQRS424 G9771"."""
    case = a_case(year=year, age=age, quality=tuple(map(entry, entries)), **facts)
    record = etree.Element("AnesthesiaRecord")
    seen = RecordFacts(case=case, record=record, years=VERSION, day=DAY, measures=RULES.measures)
    return list(RULES.remarks(seen))


def entry(text: str) -> QualityCode:
    measure, code, *modifier = text.split()
    return QualityCode(measure, code, *modifier)


def codes_of(found: Sequence[tuple[Rule, Remark]]) -> list[str]:
    return [rule.code.value for rule, _ in found]


def said(found: Sequence[tuple[Rule, Remark]]) -> list[str]:
    return [message_of(rule.code, remark.message, **remark.words) for rule, remark in found]


@pytest.mark.parametrize(
    ("what", "entries"),
    [
        ("an hour of general anesthesia, warm at its end", ["PQRS424 4255F", "PQRS424 G9771"]),
        ("too short for the measure", ["PQRS424 4256F"]),
        ("a volatile agent, but few risk factors", ["PQRS430 4554F", "PQRS430 4557F"]),
        (
            "a smoker told before the day who did not smoke",
            ["PQRS404 G9642", "PQRS404 G9643", "PQRS404 G9497", "PQRS404 G9644"],
        ),
        ("a block beside general anesthesia", ["PQRS424 4255F", "PQRS424 G9770", "PQRS424 G9771"]),
        ("the same answer by the old code and the new", ["PQRS424 4559F", "PQRS424 G9771"]),
        ("two measures answered differently", ["PQRS424 G9771", "PQRS477 G2150"]),
        ("a survey sent, and answered with 2", ["AQI48 10A12", "AQI48 10A72", "AQI48 10A71"]),
        ("tested before, but without insulin", ["AQI71 11A51", "AQI71 11A54"]),
        ("a second provider, but no equipment planned", ["ABG42 1074", "ABG42 037"]),
        ("what the practice keeps for itself", ["IIM001 G9771", "IIM042 6030F"]),
        ("a measure whose codes are not public", ["AQI49 G9771"]),
        ("a measure outside anesthesiology", ["PQRS226 4004F"]),
        ("a code that nobody knows", ["PQRS424 G0001"]),
        ("nothing at all", []),
    ],
)  # fmt: skip
def test_what_may_be_reported_for_a_case_of_2024(what: str, entries: list[str]) -> None:
    assert said(remarks(*entries)) == [], what


def test_a_child_maintained_with_a_volatile_agent_after_an_induction_with_one() -> None:
    assert remarks("PQRS463 4554F", "PQRS463 G9955", "PQRS463 G9956", age=6) == []


@pytest.mark.parametrize(
    ("what", "entries", "place"),
    [
        ("the same entry again", ["PQRS424 G9771", "PQRS424 G9771"], "QCDR[2]"),
        ("under another name of the measure", ["PQRS424 G9771", "MIPS424 G9771"], "QCDR[2]"),
        (
            "another code in between",
            ["PQRS424 4255F", "PQRS424 G9771", "PQRS424 4255F"],
            "QCDR[3]",
        ),
        ("with its modifier", ["PQRS424 4559F 1P", "PQRS424 4559F 1P"], "QCDR[2]"),
        ("of an improvement measure", ["IIM001 G9771", "IIM001 G9771"], "QCDR[2]"),
    ],
)
def test_a_code_that_stands_twice(what: str, entries: list[str], place: str) -> None:
    found = remarks(*entries)
    assert codes_of(found) == ["AR350"], what
    assert found[0][1].at == f"OutcomesEvents/QCDRSet/{place}"


@pytest.mark.parametrize(
    ("what", "year", "entries", "message"),
    [
        (
            "an anesthesiologist reports 424 met and not met for the same case",
            2024,
            ["PQRS424 G9771", "PQRS424 G9773"],
            "G9773 reports PQRS424 as not met, G9771 in this record as met: a case has one answer.",
        ),
        (
            "a reason for not doing what was done",
            2024,
            ["PQRS430 4554F", "PQRS430 G9775", "PQRS430 G9776"],
            "G9776 reports PQRS430 as a denominator exception, G9775 in this record as met: "
            "a case has one answer.",
        ),
        (
            "a central line with and without the whole bundle",
            2020,
            ["PQRS076 6030F", "PQRS076 6030F 8P"],
            "6030F with 8P reports PQRS076 as not met, 6030F in this record as met: "
            "a case has one answer.",
        ),
        (
            "longer and shorter than an hour",
            2024,
            ["PQRS424 4256F", "PQRS424 4255F"],
            "4256F and 4255F say the opposite of each other for PQRS424.",
        ),
        (
            "a survey sent and not sent",
            2024,
            ["AQI48 10A12", "AQI48 10A14", "AQI48 10A72", "AQI48 10A70"],
            "10A14 reports AQI48 as not met, 10A12 in this record as met: a case has one answer.",
        ),
        (
            "three answers are one contradiction",
            2024,
            ["PQRS477 G2148", "PQRS477 G2149", "PQRS477 G2150"],
            "G2149 reports PQRS477 as a denominator exception, G2148 in this record as met: "
            "a case has one answer.",
        ),
    ],
)
def test_codes_that_contradict(what: str, year: int, entries: list[str], message: str) -> None:
    found = remarks(*entries, year=year)
    assert codes_of(found) == ["AR351"], what
    assert said(found) == [message]


@pytest.mark.parametrize(
    ("what", "entries", "others", "place", "message"),
    [
        (
            "two registry codes, which stand among diagnoses alone",
            [],
            {"diagnoses": ["R54", "11A15", "11a16"]},
            "PreOp/ICDSet/ICD[3]/ICDValue",
            "11A16 reports AQI67 as not met, 11A15 in this record as met: a case has one answer.",
        ),
        (
            "an entry, and a code among the surgical ones",
            ["PQRS424 G9773"],
            {"surgery": ["47562", "G9771"]},
            "Procedure/CPTSet/CPT[2]/CPTValue",
            "G9771 reports PQRS424 as met, G9773 in this record as not met: a case has one answer.",
        ),
        (
            "a modifier that says not done beside the code without one",
            [],
            {"surgery": ["47562", "4559F"], "anesthesia": ["00790", "4559F-8P"]},
            "AnesthesiaCase/CPTAnessSet/CPTAnes[2]/CPTAnesValue",
            "4559F with 8P reports PQRS424 as not met, 4559F in this record as met:"
            " a case has one answer.",
        ),
        (
            "longer and shorter than an hour",
            ["PQRS424 4255F"],
            {"surgery": ["4256F"]},
            "Procedure/CPTSet/CPT[1]/CPTValue",
            "4256F and 4255F say the opposite of each other for PQRS424.",
        ),
    ],
)
def test_codes_among_cpt_and_icd_codes_that_contradict(
    what: str, entries: list[str], others: dict[str, list[str]], place: str, message: str
) -> None:
    found = remarks(*entries, **others)
    assert codes_of(found) == ["AR351"], what
    assert said(found) == [message]
    assert found[0][1].at == place


def test_codes_among_cpt_and_icd_codes_that_agree() -> None:
    assert remarks("PQRS424 G9771", surgery=["4559F", "G8907"], diagnoses=["11A14", "11A15"]) == []


@pytest.mark.parametrize(
    ("what", "year", "reported", "message", "expected"),
    [
        (
            "an antiemetic code for the temperature",
            2025,
            "PQRS424 G9775",
            "This code reports PQRS430, not PQRS424: it says nothing here.",
            "G9771",
        ),
        (
            "the code for inhalation, which two measures share, for a third",
            2024,
            "PQRS477 4554F",
            "This code reports PQRS430 or PQRS463, not PQRS477: it says nothing here.",
            "G2148",
        ),
        (
            "a code of the year before",
            2018,
            "Quantum31 1A",
            "This code reported Quantum31 in other years.",
            "52A",
        ),
    ],
)
def test_a_code_of_another_measure(
    what: str, year: int, reported: str, message: str, expected: str
) -> None:
    found = remarks(reported, reported.lower(), year=year)
    assert codes_of(found) == ["AR350", "AR352"], what
    _, remark = found[1]
    assert said(found)[1] == message
    assert remark.at == "OutcomesEvents/QCDRSet/QCDR[1]/QCDRCodeValue"
    assert expected in remark.expected


@pytest.mark.parametrize(
    ("year", "reported", "message"),
    [
        (2026, "PQRS424 G9771", "PQRS424 is a measure of 2017 to 2025; this service was in 2026."),
        (2017, "PQRS463 G9956", "PQRS463 is a measure of 2018 to 2026; this service was in 2017."),
        (2023, "PQRS076 6030F", "PQRS076 is a measure of 2017 to 2022; this service was in 2023."),
        (2024, "AQI64 G9771", "AQI64 is a measure of 2019; this service was in 2024."),
        (2024, "PQRS131 G9771", "PQRS131 is a measure of 2017 to 2019; this service was in 2024."),
        (2020, "PQRS193 4250F", "PQRS193 was retired before MIPS began; this service was in 2020."),
    ],
)
def test_a_measure_of_other_years(year: int, reported: str, message: str) -> None:
    found = remarks(reported, year=year, age=10)
    assert codes_of(found) == ["AR353"], "its codes and ages are not asked for as well"
    assert said(found) == [message]


def test_a_measure_of_other_years_is_told_once() -> None:
    assert codes_of(remarks("PQRS424 4255F", "PQRS424 G9771", year=2026)) == ["AR353"]


def test_an_unknown_measure_is_told_once_with_the_one_that_its_code_reports() -> None:
    found = remarks("PQRS942 G9771", "PQRS942 G9773", "PQRS942 4255F")
    assert codes_of(found) == ["AR354"]
    assert found[0][1].suggestion == "PQRS424"


@pytest.mark.parametrize("code", ["4554F", "G0001"])
def test_a_code_of_several_measures_or_of_none_suggests_nothing(code: str) -> None:
    found = remarks(f"AQI99 {code}")
    assert codes_of(found) == ["AR354"]
    assert found[0][1].suggestion is None


@pytest.mark.parametrize(
    ("what", "age", "reported", "ages"),
    [
        ("a child's measure for an adult", 18, "PQRS463 G9956", "3 to 17 years"),
        ("a child's measure for an infant", 2, "PQRS463 G9956", "3 to 17 years"),
        ("an adult's measure for a child", 17, "PQRS430 G9775", "18 years or more"),
        ("a measure of the frail for a grown-up", 69, "AQI67 11A15", "70 years or more"),
    ],
)
def test_a_patient_who_is_too_young_or_too_old(
    what: str, age: int, reported: str, ages: str
) -> None:
    found = remarks(reported, age=age)
    assert codes_of(found) == ["AR355"], what
    measure = reported.split()[0]
    assert said(found) == [
        f"{measure} is about patients of {ages}, and by PreOp/Age this one is not: "
        "the case does not count in it."
    ]


@pytest.mark.parametrize(
    ("what", "age", "reported"),
    [
        ("the youngest of a child's measure", 3, "PQRS463 G9956"),
        ("the oldest of a child's measure", 17, "PQRS463 G9956"),
        ("the youngest of an adult's measure", 18, "PQRS430 G9775"),
        ("a measure of every age", 0, "PQRS424 G9771"),
        ("a code that takes the child out of the measure", 10, "PQRS430 4555F"),
        ("a code that takes the emergency out of the measure", 10, "PQRS477 M1142"),
    ],
)
def test_a_patient_of_the_right_age(what: str, age: int, reported: str) -> None:
    assert codes_of(remarks(reported, age=age)) == [], what


def test_years_whose_measures_are_not_known_yet_are_not_judged() -> None:
    assert codes_of(remarks("PQRS999 G9771", "PQRS424 G9775", year=2031)) == []


def test_a_very_long_list_of_codes_is_read_as_well() -> None:
    many = [f"IIM{number:03} G9771" for number in range(100)]
    assert codes_of(remarks(*many, "PQRS424 G9771", "PQRS424 G9773")) == ["AR351"]


def test_the_rules_hold_in_the_years_that_the_register_knows() -> None:
    years = load_register().years
    bounds = {rule.code.value: (rule.first_year, rule.last_year) for rule in QUALITY}
    assert bounds.pop("AR350") == (None, None)
    assert set(bounds.values()) == {(years[0], years[-1])}


MODIFIERS = [
    # entry                codes
    ("PQRS424 G9771 8P", ["AR356"]),
    ("PQRS424 G9771 1p", ["AR356"]),
    ("PQRS424 g9771 3P", ["AR356"]),
    ("PQRS424 G9771", []),
    ("PQRS424 G9771 59", []),  # one of HCPCS and CPT, whatever it is to tell
    ("PQRS076 6030F 1P", []),
    ("PQRS076 6030F 8P", []),
]


@pytest.mark.parametrize(("reported", "codes"), MODIFIERS)
def test_a_modifier_of_category_ii_goes_with_its_codes(reported: str, codes: list[str]) -> None:
    assert codes_of(remarks(reported, year=2018)) == codes
