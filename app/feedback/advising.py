"""What can be done about a rate, and what a report cannot tell of it. Pure.

What a case needs is said in the words of the measure: its codes and rules have them.
"""

from collections.abc import Iterable, Iterator, Sequence
from decimal import ROUND_CEILING, Decimal
from typing import Final

from app.domain.populations import Population
from app.feedback.report import FailedReason, PeerStanding
from app.measures.catalogue.benchmarks import Benchmark
from app.measures.catalogue.catalogue import Measure
from app.measures.catalogue.definition import Criteria, MeasureCode, Rate
from app.measures.catalogue.terms import CodeRole
from app.measures.catalogue.year_rules import YearRules
from app.measures.peers.cuts import FEWEST_PEERS, Withheld
from app.measures.results.points import PointsBasis, Score
from app.measures.results.rates import MeasureRates

_ANSWERS: Final = (
    CodeRole.PERFORMANCE_MET,
    CodeRole.PERFORMANCE_NOT_MET,
    CodeRole.DENOMINATOR_EXCEPTION,
)
_WHOLE: Final = Decimal(100)
_NOT_COMPARED: Final = {
    "opted_out": "Nothing is told of peers: the practice takes no part in the comparison.",
    "not_yet": "Nothing is told of peers: no comparison was made for the year yet.",
}
_WITHHELD: Final = {
    Withheld.SIZE_UNKNOWN: "Peers of the same size: the practice has not told how large it is.",
    Withheld.STATE_UNKNOWN: "Peers of the same state: the practice has not told its address.",
}


def what_to_do(
    measure: Measure,
    stratum: str,
    rates: MeasureRates,
    failed: Sequence[FailedReason],
    rules: YearRules,
) -> tuple[str, ...]:
    """Sentences, what is asked for first before what would be better."""
    of_cases = measure.definition.rates
    rate = next((each for each in of_cases if each.stratum == stratum), None)
    complete = tuple(_complete(measure, rates, rules))
    if of_cases and rate is None:  # it is worked out from the others, which say the rest
        return complete
    return (*complete, *_answer(measure, rate, rates), *_do_better(measure, rate, failed))


def what_is_not_told(
    measure: Measure,
    rates: MeasureRates,
    benchmark: Benchmark | None,
    score: Score,
    peers: PeerStanding,
    rules: YearRules,
) -> tuple[str, ...]:
    minimum = rules.case_minimum.cases
    found = []
    if rates.performance_rate is None:
        found.append("No rate: no case is counted for or against.")
    if not rates.case_minimum_met:
        found.append(f"Fewer than {minimum} cases: the rate says little, and is not compared.")
    if score.basis is not PointsBasis.PART_OF_OVERALL:
        found.extend(_about_benchmark(measure, benchmark))
    found.extend(_about_peers(peers, rates))
    return tuple(found)


def _complete(measure: Measure, rates: MeasureRates, rules: YearRules) -> Iterator[str]:
    if rates.completeness_met or rates.data_completeness is None:
        return
    threshold, counts = rules.completeness.threshold_percent, rates.counts
    excluded = counts.denominator_exclusion if measure.facts.is_of_a_qcdr else 0
    asked = threshold * (counts.eligible_population + excluded) / _WHOLE
    lacking = int(asked.to_integral_value(ROUND_CEILING)) - counts.answered - excluded
    yield (
        f"Data completeness has to be {threshold} %: answer {_cases(lacking)} more,"
        " or the measure does not count."
    )


def _answer(measure: Measure, rate: Rate | None, rates: MeasureRates) -> Iterator[str]:
    unreported = rates.counts.unreported
    codes = [code for code in _codes(measure, rate) if code.role in _ANSWERS]
    if unreported and codes:
        listed = "; ".join(f"{code.token} ({code.meaning})" for code in codes)
        yield f"{_cases(unreported)} without an answer: send one of {listed}."


def _do_better(
    measure: Measure, rate: Rate | None, failed: Sequence[FailedReason]
) -> Iterator[str]:
    cases = sum(each.cases for each in failed if each.population is not Population.UNREPORTED)
    if not cases:
        return
    if measure.facts.inverse:
        what, role = "had what should not happen", CodeRole.PERFORMANCE_NOT_MET
    else:
        what, role = "did not meet the measure", CodeRole.PERFORMANCE_MET
    good = _meanings(measure, rate, role)
    yield f"{_cases(cases)} {what}." + (f" It asks for: {good}." if good else "")


def _meanings(measure: Measure, rate: Rate | None, role: CodeRole) -> str:
    """Of what a code says, or without one of what the record has to show."""
    codes = [code for code in _codes(measure, rate) if not _stands_for_another(code, measure)]
    by_code = [code.meaning for code in codes if code.role is role]
    by_record = [meaning for part in _parts(measure, rate) for meaning in _derived(part, role)]
    return "; ".join(dict.fromkeys(by_code or by_record))


def _codes(measure: Measure, rate: Rate | None) -> Iterable[MeasureCode]:
    return measure.definition.codes_of_part(rate)


def _stands_for_another(code: MeasureCode, measure: Measure) -> bool:
    """Its meaning ends with the code whose meaning it has, as an older name of a code does."""
    return any(code.meaning.endswith(other.code) for other in measure.definition.codes)


def _parts(measure: Measure, rate: Rate | None) -> tuple[Criteria, ...]:
    return (measure.definition,) if rate is None else (measure.definition, rate)


def _derived(part: Criteria, role: CodeRole) -> Iterator[str]:
    met = role is CodeRole.PERFORMANCE_MET
    yield from (each.meaning for each in (part.derived_met if met else part.derived_not_met))


def _about_benchmark(measure: Measure, benchmark: Benchmark | None) -> Iterator[str]:
    if benchmark is not None:
        return
    year = measure.performance_year
    if measure.benchmark is None:
        yield f"CMS has no benchmark of this measure for {year}: there is nothing to hold it to."
    else:
        yield f"CMS makes the benchmark of this measure from the data of {year}, when it is over."


def _about_peers(peers: PeerStanding, rates: MeasureRates) -> Iterator[str]:
    if peers.not_compared in _NOT_COMPARED:
        yield _NOT_COMPARED[peers.not_compared]
    elif peers.not_compared is not None and rates.case_minimum_met:
        yield "Nothing is told of peers: it had too few cases when they were last compared."
    for cut in peers.cuts:
        place = cut.cut.replace("_", " ")
        if cut.withheld is Withheld.TOO_FEW_PEERS:
            yield f"Peers, {place}: fewer than {FEWEST_PEERS}, or the figures of one would follow."
        elif cut.withheld is not None:
            yield _WITHHELD[cut.withheld]


def _cases(number: int) -> str:
    return "1 case" if number == 1 else f"{number:,} cases"
