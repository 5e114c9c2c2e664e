"""Age, weight and height. The patient of the sample: born 1973-05-14, 46 years, 75 kg, 170 cm."""

import pytest
from sample_records import codes_of, message_for, place_of, sized

BIRTHS = [
    # DOB           Age   codes          on 2020-03-01
    ("1973-05-14", "46", []),
    ("1973-05-14", "47", []),  # the year of birth alone was counted
    ("1973-05-14", "45", []),
    ("1973-05-14", "48", ["AR320"]),
    ("1973-05-14", "44", ["AR320"]),
    ("1974-03-01", "46", []),  # the birthday itself
    ("1972-02-29", "48", []),
    ("1972-03-02", "49", ["AR320"]),
    ("2018-08-30", "18", ["AR320"]),  # an age in months
    (None, "46", []),
    ("1922-05-14", "90", []),  # everybody of 90 years and more is sent as 90
    ("1931-05-14", "90", ["AR320"]),
    ("1922-05-14", "89", ["AR320"]),
]


@pytest.mark.parametrize(("born", "age", "codes"), BIRTHS)
def test_the_age_is_that_of_the_birth_date(born: str | None, age: str, codes: list[str]) -> None:
    assert codes_of(sized(DOB=born, Age=age)) == codes


WEIGHTS = [
    # age   kilograms  codes
    ("0", "0.29", ["AR321"]),
    ("0", "0.3", []),
    ("0", "3.4", []),
    ("0", "20", []),
    ("0", "3400", ["AR321"]),  # grams
    ("1", "3.9", ["AR321"]),
    ("1", "4", []),
    ("12", "180", []),
    ("12", "180.1", ["AR321"]),
    ("13", "15", []),
    ("13", "14.9", ["AR321"]),
    ("46", "0", ["AR321"]),
    ("46", "-75", ["AR321"]),
    ("46", "7.5", ["AR321"]),
    ("46", "450", []),
    ("46", "450.1", ["AR321"]),
]


@pytest.mark.parametrize(("age", "kg", "codes"), WEIGHTS)
def test_the_weight_is_one_of_the_age(age: str, kg: str, codes: list[str]) -> None:
    record = sized(DOB=None, Age=age, WeightInKg=kg)
    assert codes_of(record) == codes
    assert not codes or place_of(record) == "PreOp/WeightInKg"


HEIGHTS = [
    # age   centimeters codes
    ("0", "19.9", ["AR322"]),
    ("0", "20", []),
    ("0", "100.1", ["AR322"]),
    ("1", "45", []),
    ("12", "201", ["AR322"]),
    ("46", "1.75", ["AR322"]),  # meters
    ("46", "69", ["AR322"]),  # inches
    ("46", "90", []),
    ("46", "89.9", ["AR322"]),
    ("46", "250", []),
    ("46", "0", ["AR322"]),
]


@pytest.mark.parametrize(("age", "cm", "codes"), HEIGHTS)
def test_the_height_is_one_of_the_age(age: str, cm: str, codes: list[str]) -> None:
    record = sized(DOB=None, Age=age, HeightInCm=cm)
    assert codes_of(record) == codes
    assert not codes or place_of(record) == "PreOp/HeightInCm"


def test_pounds_and_inches_are_converted_first() -> None:
    assert codes_of(sized(Weight="165", Height="67")) == []
    heavy = sized(Weight="1650")
    assert (codes_of(heavy), place_of(heavy)) == (["AR321"], "PreOp/Weight")
    assert message_for(heavy).startswith("Weight, taken as pounds, lies outside 15 to 450 kg")
    in_feet = sized(Height="5.7")
    assert (codes_of(in_feet), place_of(in_feet)) == (["AR322"], "PreOp/Height")


def test_a_wrong_age_explains_a_wrong_weight() -> None:
    """18 months sent as 18 years."""
    assert codes_of(sized(DOB="2018-08-30", Age="18", WeightInKg="11")) == ["AR320"]


PAIRS = [
    # age   pounds   kilograms  codes
    ("46", "165.3", "75.0", []),
    ("46", "165", "75", []),
    ("0", "11", "5.4", []),  # rounded: 5.0 kg
    ("0", "4", "2.7", []),  # 0.9 kg apart: rounding may do that
    ("46", "173.6", "75.0", []),  # just within 5 percent
    ("46", "173.7", "75.0", ["AR323"]),
    ("46", "75.0", "75.0", ["AR323"]),
    ("46", "0", "75.0", ["AR323"]),
    ("46", "0", "0", ["AR321"]),  # one fault: nothing was measured
]


@pytest.mark.parametrize(("age", "pounds", "kg", "codes"), PAIRS)
def test_both_units_tell_the_same_weight(age: str, pounds: str, kg: str, codes: list[str]) -> None:
    assert codes_of(sized(DOB=None, Age=age, Weight=pounds, WeightInKg=kg)) == codes


HEIGHT_PAIRS = [
    # inches   centimeters codes
    ("66.9", "170", []),
    ("67", "170", []),
    ("70", "170", []),  # 7.8 cm apart, less than 5 percent
    ("71", "170", ["AR323"]),
    ("170", "170", ["AR323"]),
    ("67", "1.70", ["AR322"]),  # and not that they disagree
]


@pytest.mark.parametrize(("inches", "cm", "codes"), HEIGHT_PAIRS)
def test_both_units_tell_the_same_height(inches: str, cm: str, codes: list[str]) -> None:
    assert codes_of(sized(Height=inches, HeightInCm=cm)) == codes


def test_the_same_number_in_both_units_is_said_so() -> None:
    assert message_for(sized(Weight="75", WeightInKg="75.0")) == (
        "Weight and WeightInKg hold the same number, though Weight is taken as pounds."
    )


BODIES = [
    # age   kg       cm      codes     body mass index
    ("46", "28.9", "170", []),  # 10.0
    ("46", "28.8", "170", ["AR324"]),
    ("46", "289", "170", []),  # 100
    ("46", "289.1", "170", ["AR324"]),
    ("18", "20", "170", ["AR324"]),
    ("17", "20", "170", []),
    ("46", None, "170", []),
    ("46", "75", None, []),
    ("46", "0", "170", ["AR321"]),
    ("46", "75", "0", ["AR322"]),
]


@pytest.mark.parametrize(("age", "kg", "cm", "codes"), BODIES)
def test_weight_and_height_of_an_adult_go_together(
    age: str, kg: str | None, cm: str | None, codes: list[str]
) -> None:
    assert codes_of(sized(DOB=None, Age=age, WeightInKg=kg, HeightInCm=cm)) == codes
