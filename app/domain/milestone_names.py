"""Which milestones of a case are the arrival in the PACU, by their names."""

import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Final

_NAMES: Final = tomllib.loads(
    (Path(__file__).parent / "data/milestone-names.toml").read_text(encoding="utf-8")
)
_ARRIVAL: Final = frozenset(_NAMES["arrival"])
_UNIT: Final = re.compile("|".join(sorted(_NAMES["unit"], key=len, reverse=True)))
_FILLER: Final = re.compile(rf"\b(?:{'|'.join(_NAMES['filler'])})\b")
_BETWEEN_WORDS: Final = re.compile(r"[^a-z0-9]+")
_LONGEST: Final = 100  # a longer name is none of the table, and is not remembered


def is_pacu_arrival(name: str | None) -> bool:
    """Whether a milestone of this name is the arrival in the PACU.

    Shape: "PACU arrival", "Arrival in PACU", "PACU In", "Recovery Room Arrival" ...
    Source: data/milestone-names.toml.
    """
    return name is not None and len(name) <= _LONGEST and _is_pacu_arrival(name)


@lru_cache(maxsize=1024)
def _is_pacu_arrival(name: str) -> bool:
    words = _FILLER.sub("", _BETWEEN_WORDS.sub(" ", name.lower()))
    return _UNIT.sub("pacu", words.replace(" ", "")) in _ARRIVAL
