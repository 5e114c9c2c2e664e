"""What changed from one version of the schema to the next, as case files show it."""

import pytest
from lxml import etree
from schema_engines import VERSIONS, XSI_NIL, declarations, first, is_valid, sample, year_of

every_version = pytest.mark.parametrize("version", VERSIONS)

ELEMENT_YEARS = [
    # element                     first  last year
    ("VendorSet", 2018, 2023),
    ("PreRiskSet", 2017, 2017),
    ("CPTAnessSet", 2017, 2017),
    ("CPTAnesModifer", 2017, 2017),
    ("CPTAnesSet", 2018, 2023),
    ("CPTAnesModifier", 2018, 2023),
    ("ProcedureName", 2022, 2023),
]

VALUE_YEARS = [
    # element                     value                           first  last year
    ("PracticeID", "12", 2017, 2017),
    ("PracticeID", "007", 2017, 2023),
    ("PracticeID", "123456", 2017, 2017),
    ("EmailNotificationAddress", "o'neil@example.org", 2017, 2017),
    ("EmailNotificationAddress", "a.b+c_d-e@mail-1.example.org", 2017, 2023),
    ("ICDValue", "10A01", 2018, 2023),
    ("QCDRMeasure", "AQI48", 2017, 2023),
    ("QCDRMeasure", "IIM012", 2018, 2023),
    ("QCDRMeasure", "Quantum31", 2018, 2023),
    ("ProviderCredentials", "Dentist or Oral Surgeon", 2017, 2023),
    ("ProviderCredentials", "Dentist Anesthesiologist", 2019, 2023),
    ("ProviderCredentials", "Dentist Anesthesiologist Resident", 2019, 2023),
    ("OutcomeID", "101", 2017, 2023),
    ("OutcomeID", "102", 2019, 2023),
    ("OutcomeID", "103", 2019, 2023),
]

NAMELESS, NIL = "", "nil"
PROCEDURE_NAMES = [
    # year  ProcedureName      accepted
    (2022, "Hernia repair", True),
    (2022, NAMELESS, True),
    (2022, NIL, True),
    (2023, "Hernia repair", True),
    (2023, " Hernia\n repair ", True),
    (2023, NAMELESS, False),
    (2023, " \n\t", False),
    (2023, NIL, False),
]


@every_version
@pytest.mark.parametrize(("name", "since", "until"), ELEMENT_YEARS)
def test_the_years_of_an_element(version: str, name: str, since: int, until: int) -> None:
    names = {path.rpartition("/")[2] for path in declarations(version)}
    assert (name in names) is (since <= year_of(version) <= until)


@every_version
@pytest.mark.parametrize(("name", "value", "since", "until"), VALUE_YEARS)
def test_the_years_of_a_value(version: str, name: str, value: str, since: int, until: int) -> None:
    root = sample(version)
    first(root, f".//{name}").text = value
    part = next(part for part in root if part.find(f".//{name}") is not None)
    assert is_valid(version, part) is (since <= year_of(version) <= until)


@every_version
def test_people_to_notify_are_optional_in_2017_only(version: str) -> None:
    header = sample(version)[0]
    header.remove(first(header, "EmailSet"))
    assert is_valid(version, header) is (year_of(version) == 2017)


@pytest.mark.parametrize("version", ["2017V1.0", "2018V1.0"])
@pytest.mark.parametrize(("old", "new"), [("CPTAnessSet", "CPTAnesSet"), ("Modifer", "Modifier")])
def test_the_misspelled_names_are_those_of_2017(version: str, old: str, new: str) -> None:
    text = etree.tostring(first(sample(version), "AnesthesiaRecord"), encoding="unicode")
    in_2017 = version == "2017V1.0"
    respelled = text.replace(old, new) if in_2017 else text.replace(new, old)
    assert respelled != text
    assert not is_valid(version, etree.fromstring(respelled))


@pytest.mark.parametrize(("year", "name", "accepted"), PROCEDURE_NAMES)
@pytest.mark.parametrize("suffix", ["V1.0", "V1.0R"])
def test_what_procedure_name_may_hold(suffix: str, year: int, name: str, accepted: bool) -> None:
    version = f"{year}{suffix}"
    record = first(sample(version), "AnesthesiaRecord")
    element = first(record, "Procedure/ProcedureName")
    element.text = None if name == NIL else name
    if name == NIL:
        element.set(XSI_NIL, "true")
    assert is_valid(version, record) is accepted


@pytest.mark.parametrize("version", ["2022V1.0", "2023V1.0R"])
def test_procedure_name_stands_between_the_notes_and_the_codes(version: str) -> None:
    record = first(sample(version), "AnesthesiaRecord")
    procedure = first(record, "Procedure")
    tags = [child.tag for child in procedure]
    place = tags.index("ProcedureName")
    assert tags[place - 1 : place + 2] == ["ProcedureNotes", "ProcedureName", "CPTSet"]
    procedure.append(procedure[place])
    assert not is_valid(version, record)
