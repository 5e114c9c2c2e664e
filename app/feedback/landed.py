"""Where the cases of a report landed: by month and rate, and why."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from app.domain.feedback import Entity
from app.domain.populations import Population, PopulationCounts
from app.storage.feedback.feedback_queries import Tally
from app.storage.figures.count_queries import MeasureTotal

RateName = tuple[str, str]
"""A measure and a stratum."""


@dataclass(frozen=True, kw_only=True)
class Landed:
    """Where the cases of one entity landed: by month and rate, and why by rate."""

    by_month: dict[int, dict[RateName, Counter[Population]]] = field(default_factory=dict)
    reasons: dict[RateName, Counter[tuple[Population, str]]] = field(default_factory=dict)

    @classmethod
    def of(cls, tallies: Iterable[Tally]) -> "Landed":
        landed = cls()
        for tally in tallies:
            rate = (tally.measure_id, tally.stratum)
            month = landed.by_month.setdefault(tally.month, {})
            month.setdefault(rate, Counter())[tally.population] += tally.cases
            why = landed.reasons.setdefault(rate, Counter())
            why[tally.population, tally.reason] += tally.cases
        return landed

    def totals(self, entity: Entity, *, month: int | None = None) -> list[MeasureTotal]:
        """Those of a month, or of all of them together; sorted by measure."""
        chosen = self.by_month.values() if month is None else [self.by_month.get(month, {})]
        together: dict[RateName, Counter[Population]] = {}
        for rates in chosen:
            for rate, populations in rates.items():
                together.setdefault(rate, Counter()).update(populations)
        return [
            MeasureTotal(
                measure_id=measure_id,
                stratum=stratum,
                tin=entity.tin,
                npi=entity.npi,
                group_id=entity.group_id,
                counts=_counts(together[measure_id, stratum]),
            )
            for measure_id, stratum in sorted(together)
        ]


def _counts(populations: Counter[Population]) -> PopulationCounts:
    return PopulationCounts(
        **{population.value: cases for population, cases in populations.items()}
    )
