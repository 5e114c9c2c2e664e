"""The score of one entity from its measures. Pure: what is not known is an input."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.measures.scoring.final import FinalScore, final_score
from app.measures.scoring.inputs import ScoreInputs
from app.measures.scoring.measured import Measured
from app.measures.scoring.quality import QualityScore, measures_of_program, quality_score
from app.measures.scoring.steps import Step
from app.measures.scoring.year_scoring import ScoringRules


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityScore:
    """`measures`: every measure of the program, whether or not it counts or has results."""

    measures: tuple[Measured, ...]
    quality: QualityScore
    final: FinalScore

    @property
    def steps(self) -> tuple[Step, ...]:
        return self.quality.steps + self.final.steps


def score_entity(
    measures: Sequence[Measured], rules: ScoringRules, inputs: ScoreInputs, *, is_small: bool
) -> EntityScore:
    """Return the score by the rules of a year; `inputs.program` is one that it has."""
    return score_program(measures_of_program(measures, inputs), rules, inputs, is_small=is_small)


def score_program(
    measures: tuple[Measured, ...], rules: ScoringRules, inputs: ScoreInputs, *, is_small: bool
) -> EntityScore:
    """As `score_entity`, of measures that are all of the program."""
    quality = quality_score(measures, rules, inputs, is_small=is_small)
    final = final_score(quality.percent, rules.final, inputs, is_small=is_small)
    return EntityScore(measures=measures, quality=quality, final=final)
