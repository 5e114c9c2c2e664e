"""What one more measure, more answers or a better rate would bring."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from app.measures.scoring.inputs import MeasuresSent, ScoreInputs
from app.measures.scoring.measured import Measured, Possibility, possibilities_of
from app.measures.scoring.quality import measures_of_program, quality_score
from app.measures.scoring.score import EntityScore
from app.measures.scoring.standing import Standing
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
    for measure in now.measures:
        for possibility in possibilities_of(measure):
            changed = now.quality.standing.with_instead(measure, possibility.measure)
            then = quality_score(changed, rules, inputs, is_small=is_small)
            yield _gain(now, then.percent, possibility=possibility, measure=measure)


def _without_qcdr_measures(
    now: EntityScore, rules: ScoringRules, inputs: ScoreInputs, *, is_small: bool
) -> Iterator[Gain]:
    if any(each.facts.is_of_a_qcdr and each.is_reported for each in now.measures):
        alone = replace(inputs, sent=MeasuresSent.MIPS_CQM)
        kept = Standing.of(measures_of_program(now.measures, alone))
        then = quality_score(kept, rules, alone, is_small=is_small)
        yield _gain(now, then.percent, possibility=None, measure=None)


def _gain(
    now: EntityScore,
    percent: Decimal | None,
    *,
    possibility: Possibility | None,
    measure: Measured | None,
) -> Gain:
    final_points = now.final.points_with(percent)
    return Gain(
        possibility=possibility,
        points_now=None if measure is None else measure.points,
        points_then=None if possibility is None else possibility.measure.points,
        quality_percent=percent,
        final_points=final_points,
        quality_change=(percent or _ZERO) - (now.quality.percent or _ZERO),
        final_change=_change(now.final.points, final_points),
    )


def _change(before: Decimal | None, after: Decimal | None) -> Decimal | None:
    return None if before is None or after is None else after - before


def _most_first(gain: Gain) -> tuple[Decimal, str, str]:
    possibility = gain.possibility
    if possibility is None:
        return (-gain.quality_change, "", "")
    return (-gain.quality_change, possibility.measure.measure_id, possibility.change)
