"""Outcomes, and the fields that AQI asks for of every case."""

import pytest
from sample_records import a_record, codes_of, message_for, place_of, sample_record

from app.rules.definition import VersionYears


def outcome(
    number: str, occurred: str, severity: str | None = None, time_frame: str | None = None
) -> str:
    parts = {"OutcomeID": number, "OutcomeOccurred": occurred}
    optional = {"OutcomeSeverity": severity, "OutcomeTimeFrame": time_frame}
    given = parts | {name: text for name, text in optional.items() if text}
    return "".join(
        ["<Outcome>", *[f"<{name}>{text}</{name}>" for name, text in given.items()], "</Outcome>"]
    )


SEVERITIES = [
    # occurred  severity       codes
    ("true", "Severe Harm", []),
    ("false", "Severe Harm", ["AR340"]),
    ("0", "Mild Harm", ["AR340"]),
    ("false", "Death", ["AR340"]),
    ("false", "No Harm", []),
    ("false", None, []),
    ("true", None, []),
]


@pytest.mark.parametrize(("occurred", "severity", "codes"), SEVERITIES)
def test_what_did_not_occur_did_no_harm(
    occurred: str, severity: str | None, codes: list[str]
) -> None:
    assert codes_of(a_record(OutcomeSet=outcome("44", occurred, severity))) == codes


NAUSEA, HEADACHE = "68", "66"
ANSWERS = [
    # the first answer                the second answer                  codes
    ((NAUSEA, "true"), (NAUSEA, "false"), ["AR341"]),
    ((NAUSEA, "false"), (NAUSEA, "true"), ["AR341"]),
    ((NAUSEA, "true"), (HEADACHE, "false"), []),
    ((NAUSEA, "true"), (NAUSEA, "true"), []),
    ((NAUSEA, "false", None, "PACU"), (NAUSEA, "true", None, "24 Hour"), []),
    ((NAUSEA, "false", None, "PACU"), (NAUSEA, "true", None, "PACU"), ["AR341"]),
    ((NAUSEA, "false"), (NAUSEA, "true", None, "PACU"), ["AR341"]),
    ((NAUSEA, "false", None, "PACU"), (NAUSEA, "true"), []),  # it may have been later
]


@pytest.mark.parametrize(("first", "second", "codes"), ANSWERS)
def test_an_outcome_has_one_answer_in_a_time_frame(
    first: tuple[str, ...], second: tuple[str, ...], codes: list[str]
) -> None:
    record = a_record(OutcomeSet=outcome(*first) + outcome(*second))
    assert codes_of(record) == codes
    if codes:
        no = 1 if first[1] == "false" else 2
        assert place_of(record) == f"OutcomesEvents/OutcomeSet/Outcome[{no}]/OutcomeOccurred"


def anesthesia_codes(*values: str) -> str:
    return "".join(f"<CPTAnes><CPTAnesValue>{value}</CPTAnesValue></CPTAnes>" for value in values)


@pytest.mark.parametrize("codes", [None, anesthesia_codes("4255F", "G9771")])
def test_the_anesthesia_code_is_missed(codes: str | None) -> None:
    record = a_record(CPTAnesSet=codes)
    assert (codes_of(record), place_of(record)) == (["AR360"], "AnesthesiaCase/CPTAnesSet")


def test_of_2017_the_set_has_the_name_of_2017() -> None:
    of_2017 = VersionYears(first=2017, last=None, lenient_until=None)
    [code] = codes_of(a_record(CPTAnesSet=None), years=of_2017)
    assert code == "AR360"


def test_the_surgical_code_is_missed() -> None:
    record = a_record(CPTSet=None)
    assert codes_of(record) == ["AR360"]
    assert message_for(record) == (
        "The surgical code (CPTSet) is missing, and AQI asks for it in every case."
    )


def test_each_field_that_is_missing_is_a_finding() -> None:
    bare = a_record(CPTSet=None, CPTAnesSet=None, FacilityID=" ")
    assert codes_of(bare) == ["AR360", "AR360", "AR360"]


@pytest.mark.parametrize("code", ["01967", "01996", "00104"])
def test_services_without_a_surgeon_need_no_surgical_code(code: str) -> None:
    assert codes_of(a_record(CPTSet=None, CPTAnesSet=anesthesia_codes(code))) == []


CALLED_OFF = [
    # outcome                                       occurred  codes
    ("16", "true", []),  # before induction
    ("17", "true", []),  # before the start
    ("17", "false", ["AR360", "AR360"]),
    ("15", "true", ["AR360", "AR360"]),  # after induction: it is coded
]


@pytest.mark.parametrize(("number", "occurred", "codes"), CALLED_OFF)
def test_a_case_that_was_called_off_has_nothing_to_code(
    number: str, occurred: str, codes: list[str]
) -> None:
    record = a_record(CPTSet=None, CPTAnesSet=None, OutcomeSet=outcome(number, occurred))
    assert codes_of(record) == codes


def test_where_no_anesthesia_was_provided_its_code_is_not_missed() -> None:
    record = sample_record()
    for category in ("General Anesthesia", "Neuraxial"):
        record = record.replace(
            f"<AnesthesiaCategory>{category}<", "<AnesthesiaCategory>No Anesthesia Provided<"
        )
    without = record.partition("<CPTAnesSet>")[0] + record.partition("</CPTAnesSet>")[2]
    assert "AR360" not in codes_of(without)
