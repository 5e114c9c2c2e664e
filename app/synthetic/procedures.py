"""The procedures of a generated practice, from data/procedures.toml."""

import math
import tomllib
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from app.synthetic.chance import Chance, Weighted
from app.synthetic.practice import Setting


class Technique(StrEnum):
    """How the anesthetic is given, as the procedures table has it."""

    INHALATIONAL = "inhalational"
    TIVA = "tiva"
    MAC = "mac"
    SPINAL = "spinal"
    EPIDURAL = "epidural"
    CSE = "cse"
    BLOCK = "block"

    @property
    def is_general(self) -> bool:
        return self in (Technique.INHALATIONAL, Technique.TIVA)

    @property
    def is_neuraxial(self) -> bool:
        return self in (Technique.SPINAL, Technique.EPIDURAL, Technique.CSE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Minutes:
    """A log-normal duration; `median` in minutes, `spread` the sigma of its logarithm."""

    median: float
    spread: float
    min: int
    max: int

    def draw(self, chance: Chance) -> int:
        drawn = math.exp(chance.gauss(math.log(self.median), self.spread))
        return int(min(self.max, max(self.min, drawn)))


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeRange:
    """Years: normal around `median`, within `min` and `max`, both included."""

    median: float
    spread: float
    min: int
    max: int

    def draw(self, chance: Chance) -> int:
        return int(chance.near(self.median, self.spread, self.min, self.max))


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    name: str
    anesthesia_cpt: str
    surgical_cpt: str
    diagnoses: tuple[str, ...]
    share: float
    minutes: Minutes
    age: AgeRange
    asa: Weighted[str]
    setting: Weighted[Setting]
    techniques: Weighted[Technique]
    anesthesia_cpt_2017: str | None = None
    also_diagnosis: str | None = None
    sex: str | None = None
    emergency: float = 0.0
    urgent: float = 0.0
    airway: str = "Natural"
    block_cpt: str | None = None
    block_share: float = 0.0
    drugs: tuple[str, ...] = ()
    opioid_after: float = 0.0
    icu_share: float = 0.0
    blood_loss_ml: int = 0
    measures: frozenset[str] = frozenset()
    obese: bool = False
    dental: bool = False
    obstetric: bool = False
    strabismus: bool = False
    central_line: bool = False
    around_the_clock: bool = False

    def coded_in(self, year: int) -> "Procedure":
        """Return the procedure with the anesthesia code of `year`.

        The list of a measure is known for the later code only, so the older one is in none.
        """
        if year > 2017 or self.anesthesia_cpt_2017 is None:
            return self
        return replace(self, anesthesia_cpt=self.anesthesia_cpt_2017, measures=frozenset())


@cache
def procedure_mix(year: int) -> Weighted[Procedure]:
    """Return every procedure with its share, coded for dates of service in `year`."""
    procedures = [procedure.coded_in(year) for procedure in load_procedures()]
    return Weighted({procedure: procedure.share for procedure in procedures})


@cache
def load_procedures() -> tuple[Procedure, ...]:
    text = files("app.synthetic").joinpath("data/procedures.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(text)
    profiles = {name: Weighted(weights) for name, weights in tables["asa_profiles"].items()}
    return tuple(_procedure(table, profiles) for table in tables["procedure"])


def _procedure(table: dict[str, Any], profiles: dict[str, Weighted[str]]) -> Procedure:
    block = table.pop("block", {})
    shaped = {
        "minutes": Minutes(**table.pop("minutes")),
        "age": AgeRange(**table.pop("age")),
        "asa": profiles[table.pop("asa")],
        "setting": Weighted({Setting(key): w for key, w in table.pop("setting").items()}),
        "techniques": Weighted({Technique(key): w for key, w in table.pop("techniques").items()}),
        "diagnoses": tuple(table.pop("diagnoses")),
        "drugs": tuple(table.pop("drugs", ())),
        "measures": frozenset(table.pop("measures", ())),
        "block_cpt": block.get("cpt"),
        "block_share": block.get("share", 0.0),
    }
    return Procedure(**table, **shaped)
