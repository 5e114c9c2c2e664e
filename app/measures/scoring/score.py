"""The score of one entity from its measures. Pure: what is not known is an input."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.measures.scoring.final import FinalScore, final_score
from app.measures.scoring.inputs import ScoreInputs
from app.measures.scoring.measured import Measured
from app.measures.scoring.quality import QualityScore, measures_of_program, quality_score
from app.measures.scoring.standing import Standing
from app.measures.scoring.steps import Step
from app.measures.scoring.year_scoring import ScoringRules


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityScore:
    quality: QualityScore
    final: FinalScore

    @property
    def measures(self) -> tuple[Measured, ...]:
        """Every measure of the program, whether or not it counts or has results."""
        return self.quality.standing.measures

    @property
    def steps(self) -> tuple[Step, ...]:
        return self.quality.steps + self.final.steps


def score_entity(
    measures: Sequence[Measured], rules: ScoringRules, inputs: ScoreInputs, *, is_small: bool
) -> EntityScore:
    """Return the score by the rules of a year; `inputs.program` is one that it has."""
    standing = Standing.of(measures_of_program(measures, inputs))
    quality = quality_score(standing, rules, inputs, is_small=is_small)
    final = final_score(quality.percent, rules.final, inputs, is_small=is_small)
    return EntityScore(quality=quality, final=final)
