"""Units of temperature, as senders write them."""

import pytest

from app.measures.evaluation.temperature import Scale, scale_of

SPELLINGS = [
    ("C", Scale.CELSIUS),
    ("c", Scale.CELSIUS),
    ("°C", Scale.CELSIUS),
    ("º C", Scale.CELSIUS),
    ("degC", Scale.CELSIUS),
    ("deg. C", Scale.CELSIUS),
    ("Cel", Scale.CELSIUS),
    ("CELSIUS", Scale.CELSIUS),
    ("degrees Celsius", Scale.CELSIUS),
    ("Centigrade", Scale.CELSIUS),
    ("F", Scale.FAHRENHEIT),
    (" f ", Scale.FAHRENHEIT),
    ("[degF]", Scale.FAHRENHEIT),
    ("Degree Fahrenheit", Scale.FAHRENHEIT),
    ("K", None),
    ("mmHg", None),
    ("CF", None),
]


@pytest.mark.parametrize(("unit", "scale"), SPELLINGS)
def test_a_unit_names_its_scale_whatever_the_value(unit, scale):
    assert scale_of(unit, value_is_high=True) is scale
    assert scale_of(unit, value_is_high=False) is scale


@pytest.mark.parametrize("unit", ["", " ", "degrees", "°"])
def test_a_unit_that_names_no_scale_leaves_it_to_the_value(unit):
    assert scale_of(unit, value_is_high=True) is Scale.FAHRENHEIT
    assert scale_of(unit, value_is_high=False) is Scale.CELSIUS
