"""Measures with points, and the rules of a year, in a few words."""

from decimal import Decimal

from app.domain.populations import PopulationCounts
from app.measures.catalogue.catalogue import shipped_catalogue
from app.measures.results.points import PointsBasis, Score
from app.measures.results.rates import MeasureRates, rates_of
from app.measures.scoring.inputs import ScoreInputs
from app.measures.scoring.measured import Measured, MeasuredFacts, PointRules
from app.measures.scoring.score import EntityScore, score_entity
from app.measures.scoring.year_scoring import ScoringRules

CATALOGUE = shipped_catalogue()
PI_AND_COST_REWEIGHTED = ScoreInputs()


def rules_of(year: int) -> ScoringRules:
    rules = CATALOGUE.scoring_rules(year)
    assert rules is not None
    return rules


def point_rules(year: int, measure_id: str = "404", *, small: bool = False) -> PointRules:
    found = CATALOGUE.for_year(year)
    assert found is not None
    return PointRules(benchmark=found.benchmarks.of(measure_id), rules=found.rules, is_small=small)


def a_measure(
    measure_id: str,
    points: object,
    *,
    year: int = 2024,
    outcome: bool = False,
    high_priority: bool = False,
    qcdr: bool = False,
    of_set: bool = False,
    mvps: tuple[str, ...] = (),
    cases: int = 100,
    reported: bool = True,
) -> Measured:
    """A measure that came to `points`; what it came from is left dull."""
    counts = PopulationCounts(
        performance_met=cases if reported else 0, unreported=0 if reported else cases
    )
    return Measured(
        facts=MeasuredFacts(
            measure_id=measure_id,
            title=None,
            is_outcome=outcome,
            is_high_priority=high_priority or outcome,
            is_of_a_qcdr=qcdr,
            is_inverse=False,
            in_specialty_set=of_set,
            mvps=mvps,
            first_year=2017,
        ),
        point_rules=point_rules(year),
        rates=MeasureRates(
            counts=counts,
            performance_rate=Decimal(100) if reported else None,
            data_completeness=Decimal(100) if reported else Decimal(0),
            case_minimum_met=True,
            completeness_met=reported,
        ),
        score=Score(
            points=None if points is None else Decimal(str(points)),
            decile=None,
            basis=PointsBasis.NO_RATE if points is None else PointsBasis.BENCHMARK,
        ),
    )


def measured(
    measure_id: str = "404", year: int = 2024, *, small: bool = False, **counts: int
) -> Measured:
    """A measure by its register entry and the rules of a year, with so many cases in each place."""
    known = CATALOGUE.register.known_as(measure_id)
    assert known is not None
    facts = MeasuredFacts.of(known, year)
    rules = point_rules(year, measure_id, small=small)
    rates = rates_of(PopulationCounts(**counts), rules.rules, is_of_a_qcdr=facts.is_of_a_qcdr)
    return Measured.of(facts, rules, rates)


def others(*points: object, first: int = 1) -> list[Measured]:
    """Process measures outside of the set, which keep the six asked for."""
    return [a_measure(f"P{number}", each) for number, each in enumerate(points, first)]


def scored(
    *measures: Measured,
    year: int = 2024,
    inputs: ScoreInputs = PI_AND_COST_REWEIGHTED,
    small: bool = False,
) -> EntityScore:
    return score_entity(measures, rules_of(year), inputs, is_small=small)
