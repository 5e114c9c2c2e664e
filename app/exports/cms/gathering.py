"""Reads what a practice came to in a year, entity by entity, as it would go to CMS."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain
from uuid import UUID

from app.domain.cms import CmsEntity
from app.domain.identifiers import Npi, PracticeId, Tin
from app.domain.reporting import ReportingLevel
from app.domain.roster import PracticeTin, Subgroup, VirtualGroup
from app.exports.cms.choosing import AttestedActivity, EntityFigures
from app.exports.cms.cms_year import CmsYear
from app.exports.cms.values import RatesByStratum
from app.measures.activities.inventory import load_inventory
from app.measures.activities.progress import credit_scene
from app.measures.catalogue.asked_measures import year_of
from app.measures.catalogue.catalogue import Catalogue, YearCatalogue
from app.measures.results.levels import Level, Reaches, ResultsQuestion, totals_of
from app.measures.results.rated import rated_totals
from app.measures.results.rates import MeasureRates
from app.measures.scoring.year_scoring import ScoringRules
from app.reporting.standing_service import read_standing
from app.reporting.submittability import Standing
from app.storage.figures.count_queries import MeasureTotal
from app.storage.unit_of_work import UnitOfWork

_Key = tuple[Tin | None, Npi | None, UUID | None]
_Rates = dict[_Key, dict[str, dict[str, MeasureRates]]]
_Found = tuple[CmsEntity, Mapping[str, RatesByStratum]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CmsQuestion:
    """`entity_ids`: what CMS calls subgroups and virtual groups, by their id in the roster."""

    practice: PracticeId
    performance_year: int
    entity_ids: Mapping[UUID, str]
    has_vendor_id: bool
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """`catalogue_version` None: the cases stand under several, or there are none."""

    year: CmsYear
    entities: tuple[EntityFigures, ...]
    catalogue_version: str | None


def gathered(
    asked: CmsQuestion, *, reaches: Reaches, catalogue: Catalogue, work: UnitOfWork
) -> Gathered:
    """Return whoever the practice is registered to report for, and what each came to.

    Without a registration that is each TIN, of which then nothing may be sent.

    Raises: MeasureUnknown for a year whose measures are not known; NotPermitted.
    """
    measures = year_of(catalogue, asked.performance_year)
    standing = read_standing(asked.practice, asked.performance_year, work)
    versions, is_recomputing = _deciding(asked, standing, work)
    is_settled = len(versions) <= 1 and not is_recomputing
    year = _cms_year(asked, measures, standing, is_settled=is_settled)
    reader = _Reader(asked=asked, year=year, measures=measures, reaches=reaches, work=work)
    return Gathered(
        year=year,
        entities=tuple(reader.figures(catalogue.scoring_rules(asked.performance_year))),
        catalogue_version=versions.pop() if len(versions) == 1 else None,
    )


def _cms_year(
    asked: CmsQuestion, measures: YearCatalogue, standing: Standing, *, is_settled: bool
) -> CmsYear:
    year = asked.performance_year
    return CmsYear(
        performance_year=year,
        standing=standing,
        facts=tuple(each for each in measures.all_facts if each.is_for_anesthesia_in(year)),
        computed=frozenset(each.measure_id for each in measures.measures),
        inventory=load_inventory(),
        has_vendor_id=asked.has_vendor_id,
        day=asked.day,
        is_settled=is_settled,
    )


def _deciding(asked: CmsQuestion, standing: Standing, work: UnitOfWork) -> tuple[set[str], bool]:
    """The versions of the rules that the cases stand under, and whether a backfill is under way."""
    year = asked.performance_year
    practices = _practices_counted(asked.practice, standing, work)
    versions = {version for each in practices for version in work.outcome_versions.of(each, year)}
    return versions, any(work.backfills.unfinished(each, year) for each in practices)


def _practices_counted(
    practice: PracticeId, standing: Standing, work: UnitOfWork
) -> frozenset[PracticeId]:
    """Whose cases are in the documents: those of the others in its virtual group, too."""
    registration = standing.registration
    group_id = None if registration is None else registration.virtual_group_id
    group = None if group_id is None else work.roster.get(VirtualGroup, practice, group_id)
    if group is None or group.confirmed_at is None:
        return frozenset({practice})
    return work.groups.practices_in(group) | {practice}


@dataclass(frozen=True, kw_only=True)
class _Reader:
    asked: CmsQuestion
    year: CmsYear
    measures: YearCatalogue
    reaches: Reaches
    work: UnitOfWork

    def figures(self, scoring: ScoringRules | None) -> Iterator[EntityFigures]:
        """TINs before groups, each in the order of TIN, NPI and name."""
        activities = {} if scoring is None else self._activities(scoring)
        registration = self.year.standing.registration
        if registration is not None and registration.option.is_individual:
            found = self._individuals({key for key in activities if key[1] is not None})
        else:
            found = chain(self._tins(), self._groups())
        for entity, rates in found:
            attested = activities.get((entity.tin, entity.npi, entity.group_id), ())
            yield EntityFigures(entity=entity, rates=rates, activities=attested)

    def _individuals(self, attesting: set[_Key]) -> Iterator[_Found]:
        """Who has results, and who has attested something besides."""
        rates = self._rates("individual")
        for key in sorted({*rates, *attesting}, key=str):
            tin, npi, _ = key
            entity = CmsEntity(level=ReportingLevel.INDIVIDUAL, tin=tin, npi=npi)
            yield entity, rates.get(key, {})

    def _tins(self) -> Iterator[_Found]:
        """Those of the roster, and whatever other TIN has results."""
        rates = self._rates("group")
        rostered = self.work.roster.all(PracticeTin, self.asked.practice)
        valid = {each.tin for each in rostered if each.span.within(self.year.performance_year)}
        for tin in sorted(valid | {tin for tin, _, _ in rates if tin is not None}):
            entity = CmsEntity(level=ReportingLevel.GROUP, tin=tin)
            yield entity, rates.get((tin, None, None), {})

    def _groups(self) -> Iterator[_Found]:
        """Those that the registration names."""
        registration = self.year.standing.registration
        if registration is None:
            return
        for subgroup in self._subgroups(registration.subgroup_ids):
            rates = self._rates("subgroup", subgroup_id=subgroup.id)
            entity = self._group(ReportingLevel.SUBGROUP, subgroup, tin=subgroup.tin)
            yield entity, rates.get((subgroup.tin, None, subgroup.id), {})
        group = self._virtual_group(registration.virtual_group_id)
        if group is not None:
            yield self._group(ReportingLevel.VIRTUAL_GROUP, group), self._rates_of_virtual(group)

    def _rates_of_virtual(self, group: VirtualGroup) -> Mapping[str, RatesByStratum]:
        """One that is not confirmed has none."""
        if group.confirmed_at is None:
            return {}
        rates = self._rates("virtual_group", virtual_group_id=group.id)
        return rates.get((None, None, group.id), {})

    def _subgroups(self, ids: tuple[UUID, ...]) -> list[Subgroup]:
        known = (self.work.roster.get(Subgroup, self.asked.practice, each) for each in ids)
        return sorted((each for each in known if each is not None), key=lambda each: each.name)

    def _virtual_group(self, group_id: UUID | None) -> VirtualGroup | None:
        if group_id is None:
            return None
        return self.work.roster.get(VirtualGroup, self.asked.practice, group_id)

    def _group(
        self, level: ReportingLevel, group: Subgroup | VirtualGroup, tin: Tin | None = None
    ) -> CmsEntity:
        return CmsEntity(
            level=level,
            tin=tin,
            group_id=group.id,
            group_name=group.name,
            entity_id=self.asked.entity_ids.get(group.id),
        )

    def _rates(
        self,
        level: Level,
        *,
        subgroup_id: UUID | None = None,
        virtual_group_id: UUID | None = None,
    ) -> _Rates:
        question = ResultsQuestion(
            practice=self.asked.practice,
            performance_year=self.asked.performance_year,
            level=level,
            subgroup_id=subgroup_id,
            virtual_group_id=virtual_group_id,
        )
        found: _Rates = {}
        for rated in rated_totals(totals_of(question, self.reaches, self.work), self.measures):
            of_entity = found.setdefault(_key_of(rated.total), {})
            of_entity.setdefault(rated.total.measure_id, {})[rated.total.stratum] = rated.rates
        return found

    def _activities(self, scoring: ScoringRules) -> dict[_Key, tuple[AttestedActivity, ...]]:
        """What each has attested, and whether it counts in the program of the practice."""
        practice = self.asked.practice
        attested = self.work.attestations.of_year(practice, self.asked.performance_year)
        scene = credit_scene(
            practice, scoring, self.work, program=self.year.program, day=self.asked.day
        )
        return {
            key: tuple(
                AttestedActivity(
                    activity_id=each.attestation.activity_id,
                    starts_on=each.attestation.starts_on,
                    ends_on=each.attestation.ends_on,
                    standing=each.standing,
                )
                for each in scene.credit(key, attested).activities
            )
            for key in {each.entity for each in attested}
        }


def _key_of(total: MeasureTotal) -> _Key:
    return total.tin, total.npi, total.group_id
