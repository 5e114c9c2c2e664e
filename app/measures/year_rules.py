"""What a performance year decides for every measure."""

from decimal import Decimal

from app.measures.rule_kinds import FrozenData
from app.measures.terms import Confidence


class Completeness(FrozenData):
    """Share of the eligible cases, in percent, that must have an answer."""

    threshold_percent: Decimal
    confidence: Confidence


class CaseMinimum(FrozenData):
    cases: int
    confidence: Confidence


class PointsFloor(FrozenData):
    points: Decimal
    confidence: Confidence


class PointsBySize(FrozenData):
    """Points that need no benchmark. Small practice: 15 or fewer clinicians (QPP)."""

    large_practice: Decimal
    small_practice: Decimal
    confidence: Confidence

    def points(self, *, small_practice: bool) -> Decimal:
        return self.small_practice if small_practice else self.large_practice


class YearRules(FrozenData):
    """`editions`: those in force, in the order of lists and results."""

    performance_year: int
    source: str
    completeness: Completeness
    case_minimum: CaseMinimum
    floor: PointsFloor
    no_benchmark: PointsBySize
    under_case_minimum: PointsBySize
    incomplete: PointsBySize
    editions: tuple[str, ...]
