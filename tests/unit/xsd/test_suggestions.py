"""What was probably meant, for names and for values of a list."""

import pytest
from reading import CATALOGUE

from app.xsd.model import ValueModel
from app.xsd.suggestions import closest, closest_code, closest_version

NAMES = ("PatientID", "DOB", "HomeZip", "HomeState", "HomeCity", "Race", "PatientSex")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("patientsex", "PatientSex"),
        ("Patient_Sex", "PatientSex"),
        ("PatientSexx", "PatientSex"),
        ("PaitentSex", "PatientSex"),
        ("HomeZipCode", None),
        ("Zip", None),
        ("", None),
        ("x" * 1_000_000, None),
    ],
)
def test_a_name(written: str, meant: str | None) -> None:
    assert closest(written, NAMES) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2020v1.0r", "2020V1.0R"),
        ("2020", "2020V1.0"),
        ("2020V2.0", "2020V1.0"),
        ("2020V1.1R", "2020V1.0R"),
        ("2016V1.0", None),
        ("2021V1.0", None),
        ("2019V2.0", None),
        ("1.0", None),
    ],
)
def test_a_version_is_of_the_year_that_was_written_and_open(
    written: str, meant: str | None
) -> None:
    versions = {version.id: version.is_open for version in CATALOGUE.versions()}
    assert closest_version(written, versions) == meant


def value_of(element: str) -> ValueModel:
    ((_, model),) = CATALOGUE.get("2020V1.0").model.below[element]
    assert model.value is not None
    return model.value


@pytest.mark.parametrize(
    ("element", "written", "meant"),
    [
        ("PatientSex", "M", "Male"),
        ("PatientSex", "FEMALE", "Female"),
        ("PatientSex", "1", None),
        ("HomeState", "california", "CA"),
        ("HomeState", "Californa", "CA"),
        ("ASAClass", "2", "II"),
        ("ASAClass", "4e", "IVE"),
        ("ASAClass", "7", None),
        ("ASAClass", "iii", "III"),
        ("ASAClass", "asa iii", "III"),
        ("ASAClass", "ASA 7", None),
        ("ASAClass", "ASA", None),
        ("LocationType", "pharmacy", "1"),
        ("LocationType", "022", None),
        ("OutcomeID", "Acidemia", "1"),
        ("ProviderCredentials", "CRNA", "Certified Registered Nurse Anesthetist"),
        ("ProviderCredentials", "CAA", "Certified Anesthesiologist Assistant"),
        ("ProviderCredentials", "MD", None),
        ("AnesthesiaCoverage", "md directing", "MD-DIRECTING"),
        ("AnesthesiaCoverage", "MD DIRECTED", "MD-DIRECTING"),
        ("AnesthesiaCoverage", "AA-DIRECTED", None),
        ("Race", "Not Hispanic", None),
        ("PostOpDischarge", "SNF", "Skilled nursing facility (SNF)"),
    ],
)
def test_a_value_by_its_spelling_or_by_its_meaning(
    element: str, written: str, meant: str | None
) -> None:
    value = value_of(element)
    assert closest_code(written, value.allowed, value.type_name) == meant
