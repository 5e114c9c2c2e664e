"""Forms of the values that are checked by a pattern or a simple type, the same in every year."""

import pytest
from schema_engines import VERSIONS, is_valid_value, leaves, sample, year_of

FORMS = [
    # element           accepted                                  refused
    ("HomeZip", ["60601", "60601-0001"], ["6060", "606010001", "60601-1", " 60601"]),
    ("TaxID", ["012345678"], ["12-3456789", "12345678", "1234567890"]),
    ("NPI", ["1234567893"], ["123456789", "12345678901", "123456789A", "\u0661234567893"]),
    ("CPTValue", ["00100", "0042T", "G9771", "J1100"], ["100", "001000", "AB100", "0010-"]),
    ("CPTModifier", ["22", "QK", "p1"], ["", "2", "QKX", "Q-"]),
    (
        "ICDValue",
        [
            "K80.20",
            "E11.9",
            "I10",
            "A00",
            "V58.61",
            "E888.9",
            "401.9",
            "3995",
            "0FT44ZZ",
            "S72001A",
        ],
        ["K8020", "U07.1", "k80.20", "K80.", "K80.20000", "401.999", "12345", ""],
    ),
    ("ICDVersion", ["9", "10"], ["11", "09", "ICD-10"]),
    ("QCDRMeasure", ["AQI48", "PQRS424"], ["424", "MIPS424", "PQRS24", "aqi48", "AQI480", "ASA12"]),
    ("QCDRCodeValue", ["4255F", "G9771"], ["G977", "4255", "M1234", "10A01", "AQI48A"]),
    ("QCDRModifier", ["", "1P", "8P"], ["4P", "1p", " "]),
    ("DOB", ["1975-05-14"], ["05/14/1975", "1975-5-14", "1975-02-30", ""]),
    (
        "AnesthesiaStartTime",
        ["2020-03-01T07:30:00.000", "2020-03-01T07:30:00", "2020-03-01T07:30:00-06:00"],
        ["2020-03-01", "2020-03-01 07:30", "2020-03-01T7:30:00", "2020-03-01T07:30", ""],
    ),
    ("Age", ["0", "46", "046"], ["-1", "46.5", "46 years", ""]),
    ("WeightInKg", ["75", "75.25", "0.9"], ["75,25", "1e2", "75 kg", "NaN"]),
    ("ICDRank", ["1", "12"], ["0", "-1", "1.5", "A"]),
    ("LengthOfHospitalStay", ["0", "12"], ["-1", "0.5"]),
    ("IntubationAttempts", ["0", "2"], ["-1", "two"]),
    ("TubeSize", ["7", "7.5"], ["7 1/2", "Fr 30"]),
    ("OutcomeOccurred", ["true", "false", "1", "0"], ["yes", "True", "Y", ""]),
    ("LocationType", ["22", " 22 ", "022", "+22"], ["10", "66", "22.0", "POS 22", ""]),
    ("OutcomeID", ["25", " 25 ", "025"], ["0", "104", "25.0", "Death", ""]),
    ("PostOpDisposition", ["PACU", "anything else", ""], []),
    ("AnesthesiaInduction", ["Intravenous", "by mask, then by vein"], []),
]
SINCE_2018 = [
    ("PracticeID", ["123", "00123"], ["12", "123456", "12A", "12 34", ""]),
    ("EmailNotificationAddress", ["a@b.c", "a.b@c.d-e.org"], ["a@b", "a b@c.org", "a@b.c,d@e.f"]),
    ("VendorID", ["123AB45"], ["123ab45", "12AB345", "123AB456"]),
    ("VendorType", ["1", " 4 ", "02"], ["0", "5", "Billing"]),
]


@pytest.mark.parametrize("version", VERSIONS)
def test_the_forms_of_values(version: str) -> None:
    forms = FORMS + (SINCE_2018 if year_of(version) >= 2018 else [])
    for name, accepted, refused in forms:
        for value in accepted:
            assert takes(version, name, value), (name, value)
        for value in refused:
            assert not takes(version, name, value), (name, value)


def takes(version: str, name: str, value: str) -> bool:
    root = sample(version)
    leaf = next(leaf for leaf in leaves(version) if leaf.path.endswith(f"/{name}"))
    element = root.find(leaf.path)
    element.text = value
    return is_valid_value(version, leaf, element)
