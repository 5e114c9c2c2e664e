"""What goes to CMS, in the few words that a test is about."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from app.domain.cms import CmsEntity
from app.domain.identifiers import Npi, PracticeId, Tin
from app.domain.populations import PopulationCounts
from app.domain.reporting import (
    ConsentState,
    Registration,
    ReportingLevel,
    ReportingOption,
    Representative,
)
from app.exports.cms.choosing import AttestedActivity, Chosen, EntityFigures, chosen
from app.exports.cms.cms_year import CmsYear
from app.exports.cms.document import document_of
from app.exports.cms.values import RatesByStratum
from app.measures.activities.crediting import Standing as ActivityStanding
from app.measures.activities.inventory import load_inventory
from app.measures.catalogue.registered import RegisteredMeasure
from app.measures.results.rates import rates_of
from app.reporting.submittability import Standing
from tests.case_files import NPI, TIN
from tests.scored import CATALOGUE

GROUP = CmsEntity(level=ReportingLevel.GROUP, tin=Tin(TIN))
INDIVIDUAL = CmsEntity(level=ReportingLevel.INDIVIDUAL, tin=Tin(TIN), npi=Npi(NPI))
SUBGROUP = CmsEntity(
    level=ReportingLevel.SUBGROUP,
    tin=Tin(TIN),
    group_id=UUID(int=7),
    group_name="Cardiac",
    entity_id="SG-00007",
)


def facts_of(measure_id: str) -> RegisteredMeasure:
    known = CATALOGUE.register.known_as(measure_id)
    assert known is not None
    return known


def rates(
    measure_id: str, year: int, by_stratum: Mapping[str, Mapping[str, int]]
) -> RatesByStratum:
    """Of a measure with one rate the stratum is ""."""
    known = CATALOGUE.for_year(year)
    assert known is not None
    is_of_a_qcdr = facts_of(measure_id).is_of_a_qcdr
    return {
        stratum: rates_of(PopulationCounts(**counts), known.rules, is_of_a_qcdr=is_of_a_qcdr)
        for stratum, counts in by_stratum.items()
    }


def a_registration(
    option: str = "group_qcdr", *, year: int = 2025, mvp: str | None = None
) -> Registration:
    return Registration(
        practice_id=PracticeId("12345"),
        performance_year=year,
        option=ReportingOption(option),
        is_renewal=True,
        representative=Representative(
            name="Robin Example", title="Medical director", signed_on=date(year, 2, 1)
        ),
        registered_at=datetime(year, 2, 1, tzinfo=UTC),
        mvp=mvp,
        subgroup_ids=(UUID(int=7),),
    )


def a_year(
    year: int = 2025, *, option: str = "group_qcdr", mvp: str | None = None, **differently: Any
) -> CmsYear:
    """A year that is over, of a practice that is registered and a registry with an id of CMS."""
    known = CATALOGUE.for_year(year)
    assert known is not None
    settled = CmsYear(
        performance_year=year,
        standing=Standing(
            registration=a_registration(option, year=year, mvp=mvp),
            consents={Npi(NPI): ConsentState.SIGNED},
        ),
        facts=tuple(each for each in known.all_facts if each.is_for_anesthesia_in(year)),
        computed=frozenset(each.measure_id for each in known.measures),
        inventory=load_inventory(),
        has_vendor_id=True,
        day=date(year + 1, 3, 1),
        is_settled=True,
    )
    return replace(settled, **differently)


def activity(
    activity_id: str,
    starts_on: str = "2025-04-01",
    ends_on: str | None = "2025-08-01",
    standing: ActivityStanding = ActivityStanding.COUNTS,
) -> AttestedActivity:
    return AttestedActivity(
        activity_id=activity_id,
        starts_on=date.fromisoformat(starts_on),
        ends_on=None if ends_on is None else date.fromisoformat(ends_on),
        standing=standing,
    )


Figures = Mapping[str, Mapping[str, Mapping[str, int]]]
"""Counts by measure and stratum."""


def document(
    year: CmsYear, figures: Figures, *activities: AttestedActivity, entity: CmsEntity = GROUP
) -> dict[str, Any]:
    return document_of(entity, _chosen(year, figures, activities, entity), year)


def left_out(
    year: CmsYear, figures: Figures, *activities: AttestedActivity, entity: CmsEntity = GROUP
) -> dict[str, tuple[str, ...]]:
    """The reasons, by measure or activity."""
    choice = _chosen(year, figures, activities, entity)
    return {each.measure_id: each.reasons for each in choice.left_out}


def _chosen(
    year: CmsYear, figures: Figures, activities: tuple[AttestedActivity, ...], entity: CmsEntity
) -> Chosen:
    found = EntityFigures(
        entity=entity,
        rates={
            measure_id: rates(measure_id, year.performance_year, by_stratum)
            for measure_id, by_stratum in figures.items()
        },
        activities=activities,
    )
    return chosen(found, year)
