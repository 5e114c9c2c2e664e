"""From totals to the figures of a center: what is counted, and what cannot be said."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.domain.asc import AscTotal, Landing, LandingCounts
from app.measures.asc.definition import IN_DENOMINATOR, AscManual, AscMeasure
from app.measures.asc.sampling import SamplePlan, sample_plan


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonCount:
    landing: Landing
    reason: str
    cases: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedMeasure:
    """What the cases of a center came to in one measure.

    Rates in percent, not rounded. `rate` is None when nobody is in the denominator or some are
    undetermined; then it is from `rate_at_least` to `rate_at_most`, None where case files say
    nothing of the numerator.
    """

    measure: AscMeasure
    counts: LandingCounts
    reasons: tuple[ReasonCount, ...]
    plan: SamplePlan | None

    @property
    def numerator(self) -> int | None:
        return self.counts.numerator if self.measure.numerator_from_files else None

    @property
    def rate(self) -> Decimal | None:
        return None if self.counts.undetermined else self.rate_at_least

    @property
    def rate_at_least(self) -> Decimal | None:
        return self._percent(self.counts.numerator)

    @property
    def rate_at_most(self) -> Decimal | None:
        return self._percent(self.counts.numerator + self.counts.undetermined)

    def _percent(self, cases: int) -> Decimal | None:
        if not self.measure.numerator_from_files or not self.counts.denominator:
            return None
        return Decimal(100 * cases) / self.counts.denominator


def counted_measures(
    totals: Iterable[AscTotal], manual: AscManual, months: Sequence[int]
) -> list[CountedMeasure]:
    """Return every measure of `manual` for the totals of one center, of `months` from 1 on.

    Samples are planned for the whole year.
    """
    by_measure: dict[str, list[AscTotal]] = {}
    for total in totals:
        by_measure.setdefault(total.measure_id, []).append(total)
    return [
        _counted(measure, by_measure.get(measure.measure_id, []), manual, months)
        for measure in manual.measures
    ]


def _counted(
    measure: AscMeasure, totals: Sequence[AscTotal], manual: AscManual, months: Sequence[int]
) -> CountedMeasure:
    reasons = tuple(
        ReasonCount(landing=total.landing, reason=total.reason, cases=cases)
        for total in totals
        if (cases := sum(total.months[month - 1] for month in months))
    )
    return CountedMeasure(
        measure=measure,
        counts=LandingCounts(**_by_landing(reasons)),
        reasons=reasons,
        plan=sample_plan(_population(totals), manual.sampling) if measure.sampled else None,
    )


def _by_landing(reasons: Iterable[ReasonCount]) -> Mapping[str, int]:
    cases: dict[str, int] = {}
    for each in reasons:
        cases[each.landing.value] = cases.get(each.landing.value, 0) + each.cases
    return cases


def _population(totals: Sequence[AscTotal]) -> tuple[int, ...]:
    counted = [total.months for total in totals if total.landing in IN_DENOMINATOR]
    return tuple(sum(months[place] for months in counted) for place in range(12))
