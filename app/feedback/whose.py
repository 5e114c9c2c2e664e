"""Whose report is asked for, and which cases are theirs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from app.domain.errors.requests import InvalidRequest
from app.domain.feedback import Entity, Quarter, ReportedGroup
from app.domain.identifiers import Npi, PracticeId, Tin
from app.measures.results.levels import (
    Reaches,
    ResultsQuestion,
    known_subgroup,
    known_virtual_group,
    virtual_groups_of,
)
from app.storage.feedback.feedback_queries import FeedbackQuestion
from app.storage.unit_of_work import UnitOfWork

_ONE_OF_THEM: Final = "Ask for a tin, perhaps with an npi, for a subgroup_id or a virtual_group_id."


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedReport:
    """A TIN, perhaps with an NPI, or an id of a group of the roster."""

    practice: PracticeId
    quarter: Quarter
    tin: Tin | None = None
    npi: Npi | None = None
    subgroup_id: UUID | None = None
    virtual_group_id: UUID | None = None

    @property
    def is_of_a_group(self) -> bool:
        return self.subgroup_id is not None or self.virtual_group_id is not None

    def require_fitting(self) -> None:
        """Raises: InvalidRequest."""
        named = [self.tin, self.subgroup_id, self.virtual_group_id]
        if sum(each is not None for each in named) != 1 or (self.npi and not self.tin):
            raise InvalidRequest(_ONE_OF_THEM)


def asked_entity(asked: AskedReport, reaches: Reaches, work: UnitOfWork) -> Entity:
    """Raises: RosterEntryUnknown, VirtualGroupUnconfirmed; NotPermitted for a virtual group with
    cases of practices that are out of reach.
    """
    practice, year = asked.practice, asked.quarter.performance_year
    if asked.subgroup_id is not None:
        subgroup = known_subgroup(practice, year, asked.subgroup_id, work)
        return Entity(tin=subgroup.tin, group=ReportedGroup(id=subgroup.id, name=subgroup.name))
    if asked.virtual_group_id is not None:
        question = ResultsQuestion(
            practice=practice,
            performance_year=year,
            level="virtual_group",
            virtual_group_id=asked.virtual_group_id,
        )
        [group] = virtual_groups_of(question, reaches, work)
        return Entity(tin=None, group=ReportedGroup(id=group.id, name=group.name))
    return Entity(tin=asked.tin, npi=asked.npi)


def own_cases(
    entity: Entity, practice: PracticeId, quarter: Quarter, work: UnitOfWork
) -> FeedbackQuestion:
    """Those that the practice has of them; of a virtual group others may have more.

    Raises: RosterEntryUnknown, VirtualGroupUnconfirmed.
    """
    year = quarter.performance_year
    tins: tuple[Tin, ...] = () if entity.tin is None else (entity.tin,)
    npis: tuple[Npi, ...] | None = None if entity.npi is None else (entity.npi,)
    if entity.group is not None and entity.level == "subgroup":
        npis = known_subgroup(practice, year, entity.group.id, work).npis
    elif entity.group is not None:
        tins = known_virtual_group(practice, year, entity.group.id, work).tins
    return FeedbackQuestion(
        practice=practice,
        performance_year=year,
        last_day=quarter.last_day,
        tins=tins,
        npis=npis,
    )


def all_cases(
    entity: Entity, practice: PracticeId, quarter: Quarter, work: UnitOfWork
) -> Sequence[FeedbackQuestion]:
    """A question for each practice whose cases are theirs. No case is in two of them.

    Raises: as `own_cases`.
    """
    own = own_cases(entity, practice, quarter, work)
    if entity.group is None or entity.level != "virtual_group":
        return [own]
    group = known_virtual_group(practice, quarter.performance_year, entity.group.id, work)
    practices = work.groups.practices_confirmed(group)
    return [replace(own, practice=each) for each in sorted(practices)]
