"""A feedback report as CSV: a row for each figure, with the same columns in every report.

`kind` says what a row is about: a rate, one of its months, a cut of its peers, a reason why cases
failed, a case, something to do, something not told, a score.
"""

from collections.abc import Iterator
from dataclasses import asdict
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from app.domain.feedback import FeedbackLevel
from app.feedback.opened import FailedCase, OpenedReport
from app.feedback.report import RateFeedback, ScoreFeedback
from app.reporting.csv_lists import csv_of


class FeedbackRow(BaseModel):
    """A column for each field; those that the kind of row has no use for are empty."""

    model_config = ConfigDict(frozen=True)

    practice_id: str
    quarter: str
    tin: str | None
    npi: str | None
    kind: str
    measure_id: str | None = None
    stratum: str | None = None
    month: str | None = None
    cut: str | None = None
    population: str | None = None
    text: str | None = None
    case_id: UUID | None = None
    anesthesia_record_id: str | None = None
    date_of_service: str | None = None
    cases: int | None = None
    eligible_population: int | None = None
    performance_met: int | None = None
    performance_not_met: int | None = None
    denominator_exception: int | None = None
    denominator_exclusion: int | None = None
    unreported: int | None = None
    performance_rate: Decimal | None = None
    data_completeness: Decimal | None = None
    decile: int | None = None
    points: Decimal | None = None
    points_basis: str | None = None
    peers: int | None = None
    lower_quartile: Decimal | None = None
    median: Decimal | None = None
    upper_quartile: Decimal | None = None
    better_than: Decimal | None = None
    score: Decimal | None = None
    level: FeedbackLevel
    group_id: UUID | None
    group_name: str | None


def report_as_csv(opened: OpenedReport) -> bytes:
    made = opened.made
    whose = {
        "practice_id": made.practice_id,
        "quarter": made.quarter.name,
        "tin": made.entity.tin,
        "npi": made.entity.npi,
        "level": made.entity.level,
        "group_id": made.entity.group_id,
        "group_name": None if made.entity.group is None else made.entity.group.name,
    }
    return csv_of(FeedbackRow, (FeedbackRow(**whose, **row) for row in _rows(opened)))


def _rows(opened: OpenedReport) -> Iterator[dict[str, Any]]:
    feedback = opened.feedback
    yield {"kind": "practice", "text": feedback.name, "cases": feedback.cases}
    if feedback.score is not None:
        yield from _of_score(feedback.score)
    for rate in feedback.rates:
        name = {"measure_id": rate.measure_id, "stratum": rate.stratum}
        listed = opened.cases_of(rate.measure_id, rate.stratum)
        for row in _of_rate(rate, opened.made.quarter.performance_year):
            yield {**name, **row}
        for case in listed:
            yield {**name, **_of_case(case)}


def _of_score(score: ScoreFeedback) -> Iterator[dict[str, Any]]:
    for what, value in (
        ("quality", score.quality_percent),
        ("improvement_activities", score.activities_percent),
        ("final_score", score.final_score),
        ("threshold", score.threshold),
    ):
        yield {"kind": "score", "text": what, "score": value}


def _of_rate(rate: RateFeedback, year: int) -> Iterator[dict[str, Any]]:
    yield {
        "kind": "rate",
        "text": rate.title,
        **asdict(rate.counts),
        "eligible_population": rate.counts.eligible_population,
        "performance_rate": rate.performance_rate,
        "data_completeness": rate.data_completeness,
        "decile": None if rate.benchmark is None else rate.benchmark.decile,
        "points": rate.points,
        "points_basis": rate.points_basis,
    }
    for month in rate.trend:
        yield {
            "kind": "month",
            **asdict(month),
            "month": f"{year}-{month.month:02}",
        }
    for cut in rate.peers.cuts:
        figures = {name: value for name, value in asdict(cut).items() if name != "withheld"}
        yield {"kind": "peers", **figures, "text": cut.withheld}
    for failed in rate.failed:
        yield {
            "kind": "failed",
            "population": failed.population,
            "text": failed.meaning,
            "cases": failed.cases,
        }
    yield from ({"kind": "to_do", "text": sentence} for sentence in rate.to_do)
    yield from ({"kind": "not_told", "text": sentence} for sentence in rate.not_told)


def _of_case(case: FailedCase) -> dict[str, Any]:
    return {
        "kind": "case",
        "case_id": case.case_id,
        "anesthesia_record_id": case.anesthesia_record_id,
        "date_of_service": case.date_of_service.isoformat(),
        "population": case.population,
        "text": case.meaning,
    }
