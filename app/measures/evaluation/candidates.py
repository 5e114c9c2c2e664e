"""Which rates a case can be in at all, by its age, CPT codes and quality codes.

Of a year's thirty rates a case meets two or three. Each rate is a bit; a case looks up the bits of
its age and of each of its codes, and only rates with every bit set are evaluated.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from app.measures.evaluation.compiled import CompiledRate
from app.measures.evaluation.facts import CaseFacts
from app.measures.evaluation.needs import Needs

_OLDEST: Final = 150
_MOST_KEPT: Final = 4096


class Candidates:
    def __init__(self, rates: Sequence[CompiledRate]) -> None:
        self._rates = tuple(rates)
        self._by_age = tuple(self._bits(_admits(age)) for age in range(_OLDEST + 1))
        self._by_procedure, self._without_procedure = self._index(lambda needs: needs.procedures)
        self._by_code, self._without_code = self._index(lambda needs: needs.quality_codes)
        self._by_bits: dict[int, tuple[CompiledRate, ...]] = {}

    def for_case(self, facts: CaseFacts) -> tuple[CompiledRate, ...]:
        """Return the rates that `facts` may be eligible for, in their order."""
        bits = self._by_age[min(facts.case.age_years, _OLDEST)]
        bits &= self._without_procedure | _united(self._by_procedure, facts.procedures)
        if bits & ~self._without_code:
            bits &= self._without_code | self._of_quality_codes(facts)
        found = self._by_bits.get(bits)
        return self._picked(bits) if found is None else found

    def _of_quality_codes(self, facts: CaseFacts) -> int:
        bits = _united(self._by_code, facts.unnamed)
        for codes in facts.named.values():
            bits |= _united(self._by_code, codes)
        return bits

    def _picked(self, bits: int) -> tuple[CompiledRate, ...]:
        found = tuple(rate for place, rate in enumerate(self._rates) if bits >> place & 1)
        if len(self._by_bits) < _MOST_KEPT:  # a hostile file cannot fill the memory
            self._by_bits[bits] = found
        return found

    def _bits(self, holds: Callable[[Needs], bool]) -> int:
        return sum(1 << place for place, rate in enumerate(self._rates) if holds(rate.needs))

    def _index(
        self, needed: Callable[[Needs], frozenset[str] | None]
    ) -> tuple[dict[str, int], int]:
        """Return the bits of each code, and those of the rates that need none."""
        by_code: dict[str, int] = {}
        for place, rate in enumerate(self._rates):
            for code in needed(rate.needs) or ():
                by_code[code] = by_code.get(code, 0) | 1 << place
        return by_code, self._bits(lambda needs: needed(needs) is None)


def _admits(age: int) -> Callable[[Needs], bool]:
    def holds(needs: Needs) -> bool:
        is_old_enough = needs.min_years is None or needs.min_years <= age
        return is_old_enough and (needs.max_years is None or age <= needs.max_years)

    return holds


def _united(index: dict[str, int], codes: Iterable[str]) -> int:
    bits = 0
    for code in codes:
        bits |= index.get(code, 0)
    return bits
