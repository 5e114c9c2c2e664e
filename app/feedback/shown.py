"""A report in the words and numbers that people read, for the page and for paper alike. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from app.domain.feedback import Entity
from app.domain.populations import Population
from app.feedback.opened import MOST_CASES, FailedCase, OpenedReport
from app.feedback.report import PeerFigures, RateFeedback, ScoreFeedback, ScoreGain
from app.feedback.trend_chart import MONTHS, trend_chart
from app.measures.peers.cuts import Cut
from app.measures.results.points import PointsBasis
from app.measures.results.rates import to_places
from app.measures.scoring.measured import Change

NONE: Final = "\N{EN DASH}"
Row = tuple[str, ...]
_RATE_PLACES, _POINT_PLACES = 2, 4
SUMMARY_COLUMNS: Final = (
    *("Cases", "Rate", "Completeness", "Decile", "Points", "Better than, of peers"),
)
MONTH_COLUMNS: Final = ("Cases", "Rate", "Completeness")
PEER_COLUMNS: Final = ("Number", "Lower quartile", "Median", "Upper quartile", "Better than")
"""The heads of tables, behind that of their first column."""

_POPULATIONS: Final = {
    Population.PERFORMANCE_MET: "Met",
    Population.PERFORMANCE_NOT_MET: "Not met",
    Population.DENOMINATOR_EXCEPTION: "Exception",
    Population.DENOMINATOR_EXCLUSION: "Exclusion",
    Population.UNREPORTED: "No answer",
}
_BASES: Final = {
    PointsBasis.NO_CASES: "no cases",
    PointsBasis.INCOMPLETE: "incomplete data",
    PointsBasis.UNDER_CASE_MINIMUM: "too few cases",
    PointsBasis.NO_RATE: "no rate",
    PointsBasis.NO_BENCHMARK: "no benchmark",
    PointsBasis.BENCHMARK: "by the benchmark",
    PointsBasis.NEW_MEASURE: "floor of new measures",
    PointsBasis.PART_OF_OVERALL: "the overall rate has the points",
}
_CUTS: Final = {
    Cut.NATIONAL: "All of the registry",
    Cut.SAME_SIZE: "Same size",
    Cut.SAME_STATE: "Same state",
}
_RECOMPUTING: Final = (
    "The cases of the year are being decided anew by changed rules: some of these figures will"
    " move. Ask for another report when that has ended."
)
_OTHERS: Final = (
    "Cost and promoting interoperability are not known here; they count as reweighted. The score is"
    " an estimate by traditional MIPS: CMS decides."
)
_NO_SCORE: Final = "No score is estimated: nothing can be scored, or not in this year."
_NO_SCORE_OF_GROUP: Final = (
    "No score is estimated: which program the group reports, and its activities, have to be told"
    " (GET /v1/measures/scores)."
)
_OWN_CASES: Final = "The figures are of all its practices; the cases listed are of this one alone."
_NOT_ALL: Final = f"The newest {MOST_CASES} of {{cases}} are listed."


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRate:
    """`chart` is an SVG. `cases` are None where they were not asked for."""

    anchor: str
    heading: str
    about: tuple[str, ...]
    figures: tuple[Row, ...]
    chart: str | None
    trend: tuple[Row, ...]
    benchmark: str | None
    peers: tuple[Row, ...]
    failed: tuple[Row, ...]
    cases: tuple[Row, ...] | None
    cases_note: str | None
    to_do: tuple[str, ...]
    not_told: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownReport:
    """`summary` has a row for each rate: measure, cases, rate, completeness, decile, points."""

    title: str
    facts: tuple[Row, ...]
    notes: tuple[str, ...]
    score: tuple[Row, ...]
    gains: tuple[str, ...]
    summary: tuple[Row, ...]
    rates: tuple[ShownRate, ...]


def shown(opened: OpenedReport) -> ShownReport:
    made, feedback = opened.made, opened.feedback
    return ShownReport(
        title=f"Feedback report {made.quarter.name}",
        facts=tuple(_facts(opened)),
        notes=tuple(_notes(opened)),
        score=() if feedback.score is None else tuple(_score(feedback.score)),
        gains=() if feedback.score is None else tuple(map(_gain, feedback.score.gains)),
        summary=tuple(map(_summary, feedback.rates)),
        rates=tuple(_rate(number, rate, opened) for number, rate in enumerate(feedback.rates, 1)),
    )


def of_whom(entity: Entity, name: str | None = None) -> str:
    """`name`: of the clinician."""
    under = f", under TIN {entity.tin}"
    if entity.group is not None:
        if entity.tin is None:
            return f"Virtual group {entity.group.name}"
        return f"Subgroup {entity.group.name}{under}"
    if entity.npi is None:
        return f"TIN {entity.tin}"
    return f"NPI {entity.npi}{f' {name}' if name else ''}{under}"


def _facts(opened: OpenedReport) -> list[Row]:
    made, feedback = opened.made, opened.feedback
    first_day = f"{made.quarter.performance_year}-01-01"
    threshold = feedback.completeness_threshold
    return [
        ("Practice", f"{feedback.name} ({made.practice_id})"),
        ("Of", of_whom(made.entity, feedback.clinician)),
        ("Dates of service", f"{first_day} to {feedback.last_day.isoformat()}"),
        ("Cases that count", f"{feedback.cases:,}"),
        ("Asked of a measure", f"{feedback.case_minimum} cases, {_short(threshold)} % answered"),
        ("Decided by", feedback.catalogue_version or "rules of several versions"),
        ("Made", f"{made.made_at:%Y-%m-%d %H:%M} UTC"),
    ]


def _notes(opened: OpenedReport) -> list[str]:
    feedback, group = opened.feedback, opened.made.entity.group
    found = []
    if feedback.is_recomputing:
        found.append(_RECOMPUTING)
    if not feedback.rates:
        found.append("No case is in the denominator of a measure that is computed here.")
    if group is not None and len(group.practices) > 1 and opened.cases is not None:
        found.append(_OWN_CASES)
    found.append(_score_note(opened))
    return found


def _score_note(opened: OpenedReport) -> str:
    if opened.made.entity.group is not None:
        return _NO_SCORE_OF_GROUP
    return _NO_SCORE if opened.feedback.score is None else _OTHERS


def _score(score: ScoreFeedback) -> list[Row]:
    final = NONE if score.final_score is None else f"{to_places(score.final_score, 2)}"
    return [
        ("Quality", _percent(score.quality_percent)),
        ("Improvement activities, as attested", _percent(score.activities_percent)),
        ("Final score, estimated", f"{final} of 100; the threshold is {_short(score.threshold)}"),
    ]


def _gain(gain: ScoreGain) -> str:
    cases = "" if gain.cases is None else f"{gain.cases:,} "
    number = "case" if gain.cases == 1 else "cases"
    match gain.change:
        case Change.REPORT:
            what = f"Report measure {gain.measure_id}, and do it in all cases"
        case Change.COMPLETE:
            what = f"Answer {cases}more {number} of measure {gain.measure_id}"
        case Change.ENOUGH_CASES:
            what = f"Reach the case minimum of measure {gain.measure_id}: {cases}more {number}"
        case Change.NEXT_DECILE:
            what = f"The next decile of measure {gain.measure_id}: {cases}more {number} done well"
        case None:
            what = "Send measures of MIPS alone, without those of a QCDR"
    return f"{what}: quality + {to_places(gain.quality_change, 2)} percentage points."


def _summary(rate: RateFeedback) -> Row:
    decile = None if rate.benchmark is None else rate.benchmark.decile
    national = next((cut for cut in rate.peers.cuts if cut.cut is Cut.NATIONAL), None)
    better = None if national is None else national.better_than
    return (
        _name(rate),
        f"{rate.counts.eligible_population:,}",
        _percent(rate.performance_rate),
        _percent(rate.data_completeness),
        NONE if decile is None else str(decile),
        _points(rate.points),
        _percent(better),
    )


def _rate(number: int, rate: RateFeedback, opened: OpenedReport) -> ShownRate:
    listed = opened.cases_of(rate.measure_id, rate.stratum)
    return ShownRate(
        anchor=f"rate-{number}",
        heading=f"{_name(rate)}: {rate.title}",
        about=tuple(_about(rate)),
        figures=tuple(_figures(rate)),
        chart=trend_chart(rate.trend),
        trend=tuple(
            (
                MONTHS[month.month - 1],
                f"{month.eligible_population:,}",
                _percent(month.performance_rate),
                _percent(month.data_completeness),
            )
            for month in rate.trend
        ),
        benchmark=_benchmark(rate),
        peers=tuple(_peers(cut) for cut in rate.peers.cuts if cut.withheld is None),
        failed=tuple(
            (_POPULATIONS[each.population], each.meaning, f"{each.cases:,}") for each in rate.failed
        ),
        cases=None if opened.cases is None else tuple(map(_case, listed)),
        cases_note=_cases_note(rate, listed) if listed else None,
        to_do=rate.to_do,
        not_told=rate.not_told,
    )


def _about(rate: RateFeedback) -> list[str]:
    found = [] if rate.stratum_meaning is None else [f"{rate.stratum_meaning}."]
    if rate.is_inverse:
        found.append("Lower is better: what it counts should not happen.")
    if rate.is_high_priority:
        found.append("High priority.")
    return found


def _figures(rate: RateFeedback) -> list[Row]:
    counts = rate.counts
    return [
        ("Performance rate", _percent(rate.performance_rate)),
        (
            "Data completeness",
            _percent(rate.data_completeness) + ("" if rate.completeness_met else ", too low"),
        ),
        (
            "Eligible cases",
            f"{counts.eligible_population:,}" + ("" if rate.case_minimum_met else ", too few"),
        ),
        ("Met", f"{counts.performance_met:,}"),
        ("Not met", f"{counts.performance_not_met:,}"),
        ("Exceptions", f"{counts.denominator_exception:,}"),
        ("Exclusions", f"{counts.denominator_exclusion:,}"),
        ("No answer", f"{counts.unreported:,}"),
        ("Points", f"{_points(rate.points)} ({_BASES[rate.points_basis]})"),
    ]


def _benchmark(rate: RateFeedback) -> str | None:
    benchmark = rate.benchmark
    if benchmark is None or rate.points_basis is PointsBasis.PART_OF_OVERALL:
        return None
    last = _percent(benchmark.bounds[-1])
    if benchmark.decile is None:
        found = [f"No rate to place; decile 10 begins at {last}"]
    elif benchmark.next_bound is None:
        found = [f"Decile 10, which begins at {last}"]
    else:
        following = _percent(benchmark.next_bound)
        found = [f"Decile {benchmark.decile}; the next begins at {following}, the tenth at {last}"]
    if benchmark.average is not None:
        found.append(f"mean {_percent(benchmark.average)}")
    if benchmark.seven_point_cap:
        found.append("topped out, at most 7 points")
    return f"{'; '.join(found)}. From data of {benchmark.benchmark_year}."


def _peers(cut: PeerFigures) -> Row:
    return (
        _CUTS[cut.cut],
        NONE if cut.peers is None else f"{cut.peers:,}",
        _percent(cut.lower_quartile),
        _percent(cut.median),
        _percent(cut.upper_quartile),
        _percent(cut.better_than),
    )


def _case(case: FailedCase) -> Row:
    return (
        case.anesthesia_record_id,
        case.date_of_service.isoformat(),
        _POPULATIONS[case.population],
        case.meaning,
    )


def _cases_note(rate: RateFeedback, listed: Sequence[FailedCase]) -> str | None:
    if len(listed) < MOST_CASES or rate.failed_cases <= MOST_CASES:
        return None
    return _NOT_ALL.format(cases=f"{rate.failed_cases:,}")


def _name(rate: RateFeedback) -> str:
    return rate.measure_id if rate.stratum is None else f"{rate.measure_id}, {rate.stratum}"


def _percent(value: Decimal | None) -> str:
    return NONE if value is None else f"{to_places(value, _RATE_PLACES)} %"


def _points(value: Decimal | None) -> str:
    return NONE if value is None else f"{to_places(value, _POINT_PLACES)}"


def _short(value: Decimal) -> str:
    """Without zeros at the end: thresholds are whole as a rule."""
    return f"{value.normalize():f}"
