"""What the API answers about the measures of a year, computed or not."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any, Self

from pydantic import BaseModel, ConfigDict

from app.measures.catalogue.catalogue import Measure
from app.measures.catalogue.registered import (
    MeasureGroup,
    MetricType,
    OverallAlgorithm,
    RegisteredMeasure,
)
from app.measures.catalogue.terms import Collection


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True)


class WhyNot(StrEnum):
    """Why a measure is listed and has no results."""

    CODES_NOT_PUBLIC = "codes_not_public"
    RULES_NOT_KNOWN = "rules_not_known"
    NOT_IN_MIPS = "not_in_mips"
    YEAR_NOT_COMPUTED = "year_not_computed"


class MeasureSummary(_Wire):
    """A measure as it stands in one performance year, computed or not.

    `remark` says more about `why_not`. `active_years`: the years in which CMS has the measure;
    empty for one that was never in MIPS. `outcome`: it can be the outcome measure that the quality
    category asks for. `strata` is empty for a measure with one rate.
    """

    id: str
    title: str | None
    summary: str | None
    group: MeasureGroup
    steward: str | None
    aliases: tuple[str, ...]
    type: str | None
    high_priority: bool
    outcome: bool
    inverse: bool
    metric_type: MetricType | None
    overall_algorithm: OverallAlgorithm | None
    strata: tuple[str, ...]
    collection_types: tuple[Collection, ...]
    anesthesiology_set: bool
    mvps: tuple[str, ...]
    performance_year: int
    active_years: tuple[int, ...]
    computed: bool
    edition: str | None = None
    why_not: WhyNot | None = None
    remark: str | None = None

    @classmethod
    def of(cls, measure: Measure) -> Self:
        return cls(
            **_facts(measure.facts, measure.performance_year),
            computed=True,
            edition=measure.definition.edition,
        )

    @classmethod
    def of_facts(cls, facts: RegisteredMeasure, year: int) -> Self:
        return cls(**facts_without_results(facts, year))


def _facts(facts: RegisteredMeasure, year: int) -> dict[str, Any]:
    return {
        "id": facts.measure_id,
        "title": facts.title,
        "summary": facts.summary,
        "group": facts.group,
        "steward": facts.steward,
        "aliases": facts.aliases,
        "type": facts.measure_type.in_year(year),
        "high_priority": facts.is_high_priority_in(year),
        "outcome": facts.counts_as_outcome_in(year),
        "inverse": facts.inverse,
        "metric_type": facts.metric_type.in_year(year),
        "overall_algorithm": facts.overall.in_year(year),
        "strata": facts.strata_in(year),
        "collection_types": facts.collection.in_year(year) or (),
        "anesthesiology_set": year in (facts.anesthesiology_set or ()),
        "mvps": facts.mvps_in(year),
        "performance_year": year,
        "active_years": tuple(facts.years or ()),
    }


def facts_without_results(facts: RegisteredMeasure, year: int) -> dict[str, Any]:
    return {
        **_facts(facts, year),
        "computed": False,
        "why_not": why_not_computed(facts, year),
        "remark": facts.not_computed.in_year(year),
    }


def why_not_computed(facts: RegisteredMeasure, year: int) -> WhyNot:
    if facts.group in (MeasureGroup.ASC, MeasureGroup.LOCAL):
        return WhyNot.NOT_IN_MIPS
    if facts.not_computed.in_year(year) is not None:
        return WhyNot.RULES_NOT_KNOWN
    return WhyNot.YEAR_NOT_COMPUTED if facts.has_known_answers else WhyNot.CODES_NOT_PUBLIC


class MeasureList(_Wire):
    """`items` have results; `without_results` are the others for anesthesia in the year.

    `catalogue_version` is that of the rules that new cases are decided by; null in a year without
    results.
    """

    performance_year: int
    catalogue_version: str | None
    items: tuple[MeasureSummary, ...]
    next_cursor: None = None
    without_results: tuple[MeasureSummary, ...]

    @classmethod
    def of(
        cls,
        year: int,
        version: str | None,
        measures: Iterable[Measure],
        others: Iterable[RegisteredMeasure],
    ) -> Self:
        return cls(
            performance_year=year,
            catalogue_version=version,
            items=tuple(MeasureSummary.of(measure) for measure in measures),
            without_results=tuple(MeasureSummary.of_facts(facts, year) for facts in others),
        )
