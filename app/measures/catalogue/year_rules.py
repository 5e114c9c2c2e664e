"""What a performance year decides for every measure."""

from decimal import Decimal

from app.measures.catalogue.rule_kinds import FrozenData
from app.measures.catalogue.terms import Confidence


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


class NewMeasureFloor(FrozenData):
    """The least points of a measure that is new in MIPS, complete and with enough cases.

    `second_year` is None in the year in which the floor began.
    """

    first_year: Decimal
    second_year: Decimal | None = None
    confidence: Confidence

    def points(self, years_before: int) -> Decimal | None:
        """Return None for a measure that is not new: it was there for `years_before` years."""
        match years_before:
            case 0:
                return self.first_year
            case 1:
                return self.second_year
            case _:
                return None


class YearRules(FrozenData):
    """`editions`: those in force, in the order of lists and results.

    `catalogue_edition` counts what was shipped for the year, for people.
    """

    performance_year: int
    catalogue_edition: int = 1
    source: str
    completeness: Completeness
    case_minimum: CaseMinimum
    floor: PointsFloor
    no_benchmark: PointsBySize
    under_case_minimum: PointsBySize
    incomplete: PointsBySize
    new_measure_floor: NewMeasureFloor | None = None
    editions: tuple[str, ...]

    def floor_of_new(self, first_year: int | None) -> Decimal | None:
        """Return the least points of a measure of MIPS since `first_year`; None: it is not new."""
        if self.new_measure_floor is None or first_year is None:
            return None
        return self.new_measure_floor.points(self.performance_year - first_year)
