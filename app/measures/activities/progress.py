"""How far a practice is with its improvement activities in a year."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.domain.attestations import Attestation
from app.domain.identifiers import Npi, PracticeId, Tin
from app.domain.roster import PracticeTin, Subgroup
from app.measures.activities.crediting import ActivityCredit, CreditRules, credit_of
from app.measures.activities.inventory import load_inventory
from app.measures.results.practice_sizes import practice_sizes
from app.measures.scoring.practice_size import PracticeSize, PracticeSizes
from app.measures.scoring.year_scoring import ScoringRules
from app.storage.unit_of_work import UnitOfWork

Entity = tuple[Tin, Npi | None, UUID | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityProgress:
    """Of a TIN, a TIN and NPI, or a subgroup of a TIN."""

    entity: Entity
    size: PracticeSize
    credit: ActivityCredit


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditScene:
    """What decides the credit of every entity of a practice in a year.

    `subgroups`: how many clinicians each has.
    """

    rules: ScoringRules
    program: str
    day: date
    sizes: PracticeSizes
    subgroups: dict[UUID, int]
    non_patient_facing: bool

    def credit(self, entity: Entity, attested: Iterable[Attestation]) -> ActivityCredit:
        tin, _, subgroup_id = entity
        size = self.sizes.of(tin)
        in_subgroup = None if subgroup_id is None else self.subgroups.get(subgroup_id)
        rules = CreditRules(
            rules=self.rules.improvement_activities,
            inventory=load_inventory(),
            program=self.program,
            performance_year=self.rules.performance_year,
            day=self.day,
            counts_more=size.is_small or self.non_patient_facing,
            clinicians=size.clinicians if subgroup_id is None else in_subgroup,
        )
        return credit_of((each for each in attested if each.entity == entity), rules)


def credit_scene(
    practice: PracticeId,
    rules: ScoringRules,
    work: UnitOfWork,
    *,
    program: str,
    day: date,
    non_patient_facing: bool = False,
) -> CreditScene:
    year = rules.performance_year
    return CreditScene(
        rules=rules,
        program=program,
        day=day,
        sizes=practice_sizes(practice, year, work),
        subgroups=clinicians_of_subgroups(practice, year, work),
        non_patient_facing=non_patient_facing,
    )


def clinicians_of_subgroups(practice: PracticeId, year: int, work: UnitOfWork) -> dict[UUID, int]:
    subgroups = work.roster.all(Subgroup, practice, performance_year=year)
    return {each.id: len(each.npis) for each in subgroups}


def progress_of(
    practice: PracticeId, scene: CreditScene, work: UnitOfWork
) -> tuple[EntityProgress, ...]:
    """Every TIN of the practice as a group, and whoever has attested besides."""
    attested = work.attestations.of_year(practice, scene.rules.performance_year)
    groups: set[Entity] = {
        (each.tin, None, None) for each in work.roster.all(PracticeTin, practice)
    }
    entities = groups | {each.entity for each in attested}
    return tuple(
        EntityProgress(
            entity=entity, size=scene.sizes.of(entity[0]), credit=scene.credit(entity, attested)
        )
        for entity in sorted(entities, key=lambda each: (each[0], each[1] or "", str(each[2])))
    )
