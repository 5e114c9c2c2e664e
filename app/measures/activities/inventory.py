"""The improvement activities that are known here: data/improvement-activities.toml."""

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

from pydantic import Field

from app.measures.catalogue.rule_kinds import FrozenData
from app.measures.catalogue.terms import Confidence
from app.measures.catalogue.toml_files import DATA, read_toml
from app.measures.scoring.year_scoring import ActivityRules, Figure

_FILE: Final = "improvement-activities.toml"


class Weight(StrEnum):
    """Of an activity until 2024; since 2025 all count alike."""

    MEDIUM = "medium"
    HIGH = "high"


class Activity(FrozenData):
    """`title` is in our own words; what CMS says in full is not kept.

    `suggested`: years whose CMS guide for anesthesia names it. `mvps`: years in whose list of an
    MVP it stands.
    """

    title: str
    title_confidence: Confidence = Confidence.ASSUMED
    weight: Weight
    weight_confidence: Confidence = Confidence.ASSUMED
    suggested: frozenset[int] = frozenset()
    mvps: Mapping[str, frozenset[int]] = Field(default_factory=dict)

    def counts_for(self, rules: ActivityRules) -> Figure:
        return rules.high if self.weight is Weight.HIGH else rules.medium


class Inventory(FrozenData):
    """`known_lists`: the years in which it is known what activities an MVP has."""

    source: str
    known_lists: Mapping[str, frozenset[int]]
    activities: Mapping[str, Activity]

    def is_in_mvp(self, activity_id: str, mvp: str, year: int) -> bool | None:
        """Return None in a year whose list is not known."""
        if year not in self.known_lists.get(mvp, frozenset()):
            return None
        return year in self.activities[activity_id].mvps.get(mvp, frozenset())


@cache
def load_inventory(folder: Path = DATA) -> Inventory:
    """Raises: ValueError when the file does not fit its model."""
    return Inventory.model_validate(read_toml(folder / _FILE))
