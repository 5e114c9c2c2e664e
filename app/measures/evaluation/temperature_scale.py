"""Units of temperature as senders write them."""

import re
from enum import StrEnum
from functools import lru_cache


class Scale(StrEnum):
    CELSIUS = "C"
    FAHRENHEIT = "F"


_NOT_A_LETTER = re.compile(r"[^a-z]")
_DEGREE_WORDS = re.compile(r"^(degrees|degree|deg)")
_SPELLINGS = {
    "c": Scale.CELSIUS,
    "cel": Scale.CELSIUS,
    "celsius": Scale.CELSIUS,
    "centigrade": Scale.CELSIUS,
    "f": Scale.FAHRENHEIT,
    "fahrenheit": Scale.FAHRENHEIT,
}


@lru_cache(maxsize=256)
def scale_of(unit: str, value_is_high: bool) -> Scale | None:
    """Return the scale that `unit` names, or None when it names another one.

    Shape: C, F, Cel, degC, deg F, °C, [degF], Celsius, degrees Fahrenheit ..., in any case. A unit
    that names no scale (empty, "degrees") leaves it to the value.
    """
    letters = _DEGREE_WORDS.sub("", _NOT_A_LETTER.sub("", unit.lower()))
    if letters:
        return _SPELLINGS.get(letters)
    return Scale.FAHRENHEIT if value_is_high else Scale.CELSIUS
