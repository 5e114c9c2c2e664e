"""What the API answers about results: of a TIN or a clinician, and the cases behind them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from app.domain.json_numbers import JsonNumber
from app.domain.populations import Population
from app.measures.catalogue.benchmarks import Benchmark
from app.measures.peers.wire import PeerComparison
from app.measures.results.levels import Level
from app.measures.results.points import PointsBasis, Score
from app.measures.results.rates import to_places
from app.measures.results.scored_totals import ScoredTotal
from app.measures.scoring.practice_size import PracticeSize, SizeSource
from app.reporting.submittability import NotSubmittable
from app.storage.cases.case_queries import CaseBehindNumber

_RATE_PLACES = 2


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True)


class Submittable(_Wire):
    """Whether a result may be sent to CMS; `reasons` is everything that speaks against it."""

    value: bool
    reasons: tuple[NotSubmittable, ...]

    @classmethod
    def of(cls, reasons: tuple[NotSubmittable, ...]) -> Self:
        return cls(value=not reasons, reasons=reasons)


class BenchmarkPlace(_Wire):
    decile: int
    collection_type: str


class PracticeSizeOut(_Wire):
    """How large the TIN is taken to be, and who says so: up to 15 clinicians it is small.

    Unknown: the rules of large practices are used, which give never more points.
    """

    clinicians: int | None
    small: bool
    source: SizeSource

    @classmethod
    def of(cls, size: PracticeSize) -> Self:
        return cls(clinicians=size.clinicians, small=size.is_small, source=size.source)


class MeasureResult(_Wire):
    """One measure of one TIN, TIN and NPI, or group. Rates with two decimals, points with four.

    A measure with several rates has a result for each stratum; the one called overall has the
    points. `tin` is null for a virtual group, which has several.
    """

    measure_id: str
    stratum: str | None
    tin: str | None
    npi: str | None
    subgroup_id: UUID | None
    virtual_group_id: UUID | None
    eligible_population: int
    performance_met: int
    performance_not_met: int
    denominator_exception: int
    denominator_exclusion: int
    unreported: int
    performance_rate: JsonNumber | None
    data_completeness: JsonNumber | None
    case_minimum_met: bool
    completeness_met: bool
    benchmark: BenchmarkPlace | None
    points: JsonNumber | None
    points_basis: PointsBasis
    practice_size: PracticeSizeOut
    inverse: bool
    submittable: Submittable
    peers: PeerComparison | None = Field(
        default=None, description="How it stands among its peers; with `include=peers` only."
    )

    @classmethod
    def of(
        cls,
        found: ScoredTotal,
        level: Level,
        *,
        against: tuple[NotSubmittable, ...],
        peers: PeerComparison | None = None,
    ) -> Self:
        rates, counts = found.rates, found.rates.counts
        return cls(
            measure_id=found.measure.measure_id,
            stratum=found.stratum or None,
            tin=found.tin,
            npi=found.npi,
            subgroup_id=found.group_id if level == "subgroup" else None,
            virtual_group_id=found.group_id if level == "virtual_group" else None,
            eligible_population=counts.eligible_population,
            performance_met=counts.performance_met,
            performance_not_met=counts.performance_not_met,
            denominator_exception=counts.denominator_exception,
            denominator_exclusion=counts.denominator_exclusion,
            unreported=counts.unreported,
            performance_rate=_shown(rates.performance_rate),
            data_completeness=_shown(rates.data_completeness),
            case_minimum_met=rates.case_minimum_met,
            completeness_met=rates.completeness_met,
            benchmark=_place(found.measure.benchmark, found.score),
            points=found.score.points,
            points_basis=found.score.basis,
            practice_size=PracticeSizeOut.of(found.size),
            inverse=found.measure.facts.inverse,
            submittable=Submittable.of(against),
            peers=peers,
        )


_RESULTS_EXAMPLE: JsonDict = {
    "practice_id": "12345",
    "performance_year": 2024,
    "level": "group",
    "as_of": "2026-11-21T10:00:00Z",
    "catalogue_version": "2024.1-1162d4b5ea5f",
    "recomputing": False,
    "results": [
        {
            "measure_id": "404",
            "stratum": None,
            "tin": "891234567",
            "npi": None,
            "subgroup_id": None,
            "virtual_group_id": None,
            "eligible_population": 1842,
            "performance_met": 1372,
            "performance_not_met": 449,
            "denominator_exception": 12,
            "denominator_exclusion": 0,
            "unreported": 9,
            "performance_rate": 75.34,
            "data_completeness": 99.51,
            "case_minimum_met": True,
            "completeness_met": True,
            "benchmark": {"decile": 5, "collection_type": "registry"},
            "points": 5.5295,
            "points_basis": "benchmark",
            "practice_size": {"clinicians": 42, "small": False, "source": "roster"},
            "inverse": False,
            "submittable": {"value": False, "reasons": ["no_registration"]},
            "peers": None,
        }
    ],
}


class MeasureResults(_Wire):
    """`catalogue_version` is that of the rules by which every stored case of the year was decided.

    It is null while no case is stored, and while some stand under other rules than the others. With
    `recomputing` a backfill to other rules is under way, see `/v1/backfills`.
    """

    model_config = ConfigDict(frozen=True, json_schema_extra={"example": _RESULTS_EXAMPLE})

    practice_id: str
    performance_year: int
    level: Level
    as_of: datetime
    catalogue_version: str | None
    recomputing: bool
    results: tuple[MeasureResult, ...]


class CaseBehind(_Wire):
    """A case behind a number, where it landed and why; `reason` is explained by the measure."""

    case_id: UUID
    anesthesia_record_id: str
    date_of_service: date
    measure_id: str
    stratum: str | None
    performance: Population
    reason: str

    @classmethod
    def of(cls, case: CaseBehindNumber) -> Self:
        return cls(
            case_id=case.case_id,
            anesthesia_record_id=case.anesthesia_record_id,
            date_of_service=case.date_of_service,
            measure_id=case.measure_id,
            stratum=case.stratum or None,
            performance=case.population,
            reason=case.reason,
        )


def _shown(rate: Decimal | None) -> Decimal | None:
    return None if rate is None else to_places(rate, _RATE_PLACES)


def _place(benchmark: Benchmark | None, score: Score) -> BenchmarkPlace | None:
    if benchmark is None or score.decile is None:
        return None
    return BenchmarkPlace(decile=score.decile, collection_type=benchmark.collection_type)
