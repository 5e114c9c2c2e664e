"""Words that all measure data share: what a quality code says, and how well a fact is known."""

from enum import StrEnum
from typing import Final

from app.domain.populations import Population

_PERFORMANCE_MODIFIERS: Final = frozenset({"1P", "2P", "3P", "8P"})


class Confidence(StrEnum):
    """How well a fact is known. `ASSUMED` is our own reading, with no source opened."""

    VERIFIED = "verified"
    SINGLE_SOURCE = "single_source"
    ASSUMED = "assumed"


class Collection(StrEnum):
    """How CMS gets a measure. `REGISTRY`: MIPS CQM, and every measure of a QCDR."""

    REGISTRY = "registry"
    CLAIMS = "claims"
    ELECTRONIC_HEALTH_RECORD = "electronic_health_record"


class CodeRole(StrEnum):
    """What a quality code says of a case."""

    ELIGIBLE = "eligible"
    NOT_ELIGIBLE = "not_eligible"
    DENOMINATOR_EXCLUSION = "denominator_exclusion"
    PERFORMANCE_MET = "performance_met"
    DENOMINATOR_EXCEPTION = "denominator_exception"
    PERFORMANCE_NOT_MET = "performance_not_met"

    @property
    def population(self) -> Population | None:
        """The population that the code alone decides; None for one half of an eligibility rule."""
        return None if self is CodeRole.ELIGIBLE else Population(self.value)


def code_token(code: str, modifier: str | None) -> str:
    """Return how a reported code is known here: "4559F", or "4559F-8P".

    Only the performance modifiers change what a code says; any other (59, QK) is left out.
    Source: CPT Category II modifier convention.
    """
    if modifier and modifier.upper() in _PERFORMANCE_MODIFIERS:
        return f"{code}-{modifier.upper()}"
    return code
