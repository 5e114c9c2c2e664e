"""Which readings are temperatures of the patient, by their names.

Measure 424 and the rules about temperatures look at these and at no others.
"""

import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Final

_NAMES: Final = tomllib.loads(
    (Path(__file__).parent / "data/temperature-names.toml").read_text(encoding="utf-8")
)
_TEMPERATURE: Final = "|".join(sorted(_NAMES["temperature"], key=len, reverse=True))
_JOINED: Final = "|".join(_NAMES["joined"])
_IS_TEMPERATURE: Final = re.compile(f"(?:{_JOINED})?(?:{_TEMPERATURE})(?:{_JOINED})?")
_NOT_OF_THE_PATIENT: Final = frozenset(_NAMES["not_of_the_patient"])

_LETTERS: Final = re.compile(r"[A-Za-z]+")
_HUMP: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")  # one word of CoreTemp or RFProbe
_T_DEGREES: Final = re.compile(r"(?<![A-Za-z])T ?[°º]", re.IGNORECASE)
_LONGEST: Final = 200  # of a longer name this much is looked at, and remembered


def is_patient_temperature(name: str | None) -> bool:
    """Whether `name` is that of a temperature of the patient.

    Shape: "Temperature", "Core temp", "Temp1", "TempEsoph", "BodyTemperature", "T°" ...
    Source: data/temperature-names.toml.
    """
    return name is not None and _is_patient_temperature(name[:_LONGEST])


@lru_cache(maxsize=1024)
def _is_patient_temperature(name: str) -> bool:
    words = {word.lower() for word in (*_LETTERS.findall(name), *_HUMP.findall(name))}
    if words & _NOT_OF_THE_PATIENT:
        return False
    return any(map(_IS_TEMPERATURE.fullmatch, words)) or _T_DEGREES.search(name) is not None
