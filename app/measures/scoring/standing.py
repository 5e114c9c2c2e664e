"""The measures of an entity before any is chosen: how many of each kind, and the best first."""

from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass
from operator import add, attrgetter, sub
from typing import Final, NamedTuple

from app.measures.scoring.measured import Measured

_RANK: Final = attrgetter("rank")


class Kinds(NamedTuple):
    """How many measures there are of the kinds that decide what is asked for and what it earns.

    `outcomes`, `priorities`: that may be the required one. `of_set`: of the specialty's set, with
    cases. `outside_set`: reported, and not of the set. `earning_outcomes`, `earning_priorities`:
    that can bring points beyond their own. A measure of an outcome is not among the priorities.
    """

    outcomes: int
    priorities: int
    of_set: int
    outside_set: int
    earning_outcomes: int
    earning_priorities: int

    @classmethod
    def of(cls, measure: Measured) -> "Kinds":
        """Measures of QCDRs are asked of nobody, so one that is not reported is not required."""
        facts, is_reported, applies = measure.facts, measure.is_reported, measure.cases > 0
        is_concerned = is_reported or (applies and not facts.is_of_a_qcdr)
        is_earning = measure.can_be_counted and measure.earns_bonus
        is_priority = facts.is_high_priority and not facts.is_outcome
        return cls(
            is_concerned and facts.is_outcome,
            is_concerned and is_priority,
            applies and facts.in_specialty_set,
            is_reported and not facts.in_specialty_set,
            is_earning and facts.is_outcome,
            is_earning and is_priority,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """`measures`: all of the program. `ranked`: those that can be counted, the best first."""

    measures: tuple[Measured, ...]
    kinds: Kinds
    ranked: Sequence[Measured]

    @classmethod
    def of(cls, measures: Sequence[Measured]) -> "Standing":
        each_kind = zip(*map(Kinds.of, measures), strict=True)
        return cls(
            measures=tuple(measures),
            kinds=Kinds(*map(sum, each_kind)) if measures else _NO_MEASURES,
            ranked=sorted([each for each in measures if each.can_be_counted], key=_RANK),
        )

    def with_instead(self, now: Measured, then: Measured) -> "Standing":
        """Return the standing with `then` in the place of `now`, which is one of its measures."""
        ranked = [each for each in self.ranked if each is not now]
        if then.can_be_counted:
            insort(ranked, then, key=_RANK)
        kinds = map(add, map(sub, self.kinds, Kinds.of(now)), Kinds.of(then))
        return Standing(
            measures=tuple([then if each is now else each for each in self.measures]),
            kinds=Kinds(*kinds),
            ranked=ranked,
        )


_NO_MEASURES: Final = Kinds(0, 0, 0, 0, 0, 0)
