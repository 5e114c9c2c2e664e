"""What was probably meant, for names and for values of a list."""

import pytest
from reading import CATALOGUE

from app.xsd.suggestions import closest, closest_code

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


def allowed(element: str) -> dict[str, str]:
    ((_, model),) = CATALOGUE.get("2020V1.0").model.below[element]
    assert model.value is not None
    return model.value.allowed


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
        ("LocationType", "pharmacy", "1"),
        ("LocationType", "022", None),
        ("OutcomeID", "Acidemia", "1"),
        ("ProviderCredentials", "CRNA", "Certified Registered Nurse Anesthetist"),
        ("ProviderCredentials", "CAA", "Certified Anesthesiologist Assistant"),
        ("ProviderCredentials", "MD", None),
        ("AnesthesiaCoverage", "md directing", "MD-DIRECTING"),
        ("PostOpDischarge", "SNF", "Skilled nursing facility (SNF)"),
    ],
)
def test_a_value_by_its_spelling_or_by_its_meaning(
    element: str, written: str, meant: str | None
) -> None:
    assert closest_code(written, allowed(element)) == meant
