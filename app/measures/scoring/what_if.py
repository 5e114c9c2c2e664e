"""What one more measure, more answers or a better rate would bring."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from app.measures.scoring.inputs import MeasuresSent, ScoreInputs
from app.measures.scoring.measured import Measured, Possibility, possibilities_of
from app.measures.scoring.score import EntityScore, score_entity, score_program
from app.measures.scoring.year_scoring import ScoringRules

_ZERO: Final = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """What `possibility` would change. None: the registry alone, without measures of QCDRs.

    `quality_percent` and `final_points` are those that would then be, not rounded.
    """

    possibility: Possibility | None
    points_now: Decimal | None
    points_then: Decimal | None
    quality_percent: Decimal | None
    final_points: Decimal | None
    quality_change: Decimal
    final_change: Decimal | None


def gains(
    now: EntityScore, rules: ScoringRules, inputs: ScoreInputs, *, is_small: bool
) -> tuple[Gain, ...]:
    """Return what could be done, what brings most first."""
    found = [
        *_of_measures(now, rules, inputs, is_small=is_small),
        *_without_qcdr_measures(now, rules, inputs, is_small=is_small),
    ]
    return tuple(sorted(found, key=_most_first))


def _of_measures(
    now: EntityScore, rules: ScoringRules, inputs: ScoreInputs, *, is_small: bool
) -> Iterator[Gain]:
    for place, measure in enumerate(now.measures):
        for possibility in possibilities_of(measure):
            changed = (*now.measures[:place], possibility.measure, *now.measures[place + 1 :])
            then = score_program(changed, rules, inputs, is_small=is_small)
            yield _gain(now, then, possibility=possibility, measure=measure)


def _without_qcdr_measures(
    now: EntityScore, rules: ScoringRules, inputs: ScoreInputs, *, is_small: bool
) -> Iterator[Gain]:
    if any(each.facts.is_of_a_qcdr and each.is_reported for each in now.measures):
        alone = replace(inputs, sent=MeasuresSent.MIPS_CQM)
        then = score_entity(now.measures, rules, alone, is_small=is_small)
        yield _gain(now, then, possibility=None, measure=None)


def _gain(
    now: EntityScore,
    then: EntityScore,
    *,
    possibility: Possibility | None,
    measure: Measured | None,
) -> Gain:
    finals = (now.final.points, then.final.points)
    return Gain(
        possibility=possibility,
        points_now=None if measure is None else measure.points,
        points_then=None if possibility is None else possibility.measure.points,
        quality_percent=then.quality.percent,
        final_points=then.final.points,
        quality_change=(then.quality.percent or _ZERO) - (now.quality.percent or _ZERO),
        final_change=None if None in finals else (finals[1] or _ZERO) - (finals[0] or _ZERO),
    )


def _most_first(gain: Gain) -> tuple[Decimal, str, str]:
    possibility = gain.possibility
    if possibility is None:
        return (-gain.quality_change, "", "")
    return (-gain.quality_change, possibility.measure.measure_id, possibility.change)
