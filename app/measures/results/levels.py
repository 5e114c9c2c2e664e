"""Whose results are asked for: clinicians, TINs, or groups of the roster, and what they came to."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from app.domain.errors.access import NotPermitted
from app.domain.errors.requests import InvalidRequest
from app.domain.errors.roster import RosterEntryUnknown, VirtualGroupUnconfirmed
from app.domain.identifiers import Npi, PracticeId, Tin
from app.domain.roster import Subgroup, VirtualGroup
from app.storage.figures.count_queries import MeasureTotal
from app.storage.figures.group_queries import GroupQuestion
from app.storage.unit_of_work import UnitOfWork

Level = Literal["group", "individual", "subgroup", "virtual_group"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsQuestion:
    """`subgroup_id` and `virtual_group_id` are ids of the roster; what is None asks for all."""

    practice: PracticeId
    performance_year: int
    level: Level = "group"
    tin: Tin | None = None
    npi: Npi | None = None
    measure_id: str | None = None
    subgroup_id: UUID | None = None
    virtual_group_id: UUID | None = None

    @property
    def is_of_one(self) -> bool:
        """One TIN, clinician or group is meant, not all of the level."""
        match self.level:
            case "group":
                return self.tin is not None
            case "individual":
                return self.npi is not None
            case "subgroup":
                return self.subgroup_id is not None
            case "virtual_group":
                return self.virtual_group_id is not None

    def require_fitting(self) -> None:
        """Raises: InvalidRequest for what does not go with the level."""
        if self.npi is not None and self.level != "individual":
            raise InvalidRequest("npi: results of one NPI need level=individual.")
        if self.subgroup_id is not None and self.level != "subgroup":
            raise InvalidRequest("subgroup_id: results of a subgroup need level=subgroup.")
        if self.virtual_group_id is not None and self.level != "virtual_group":
            raise InvalidRequest(
                "virtual_group_id: results of a virtual group need level=virtual_group."
            )
        if self.tin is not None and self.level == "virtual_group":
            raise InvalidRequest("tin: a virtual group has results of all its TINs together.")


Reaches = Callable[[PracticeId], bool]
"""Whether whoever asks may see the figures of a practice."""


def totals_of(asked: ResultsQuestion, reaches: Reaches, work: UnitOfWork) -> list[MeasureTotal]:
    """Totals of every measure at the level that is asked for, those of one measure together.

    Raises: RosterEntryUnknown, VirtualGroupUnconfirmed; NotPermitted for a virtual group with cases
    of other practices.
    """
    match asked.level:
        case "subgroup":
            return _subgroup_totals(asked, work)
        case "virtual_group":
            groups = virtual_groups_of(asked, reaches, work)
            return work.groups.virtual_group_totals(groups, measure_id=asked.measure_id)
        case _:
            return work.counts.measure_totals(
                asked.practice,
                asked.performance_year,
                individual=asked.level == "individual",
                tin=asked.tin,
                npi=asked.npi,
                measure_id=asked.measure_id,
            )


def require_visible(asked: ResultsQuestion, reaches: Reaches, work: UnitOfWork) -> None:
    """Raises: as `totals_of`."""
    if asked.level == "virtual_group":
        virtual_groups_of(asked, reaches, work)
    if asked.subgroup_id is not None:
        known_subgroup(asked.practice, asked.performance_year, asked.subgroup_id, work)


def _subgroup_totals(asked: ResultsQuestion, work: UnitOfWork) -> list[MeasureTotal]:
    if asked.subgroup_id is not None:
        known_subgroup(asked.practice, asked.performance_year, asked.subgroup_id, work)
    return work.groups.subgroup_totals(
        GroupQuestion(
            practice=asked.practice,
            performance_year=asked.performance_year,
            group_id=asked.subgroup_id,
            tin=asked.tin,
            measure_id=asked.measure_id,
        )
    )


def virtual_groups_of(
    asked: ResultsQuestion, reaches: Reaches, work: UnitOfWork
) -> list[VirtualGroup]:
    """The confirmed virtual groups of the year that are meant.

    Raises: RosterEntryUnknown, VirtualGroupUnconfirmed, NotPermitted.
    """
    year, group_id = asked.performance_year, asked.virtual_group_id
    if group_id is None:
        entered = work.roster.all(VirtualGroup, asked.practice, performance_year=year)
        groups = [group for group in entered if group.confirmed_at is not None]
    else:
        groups = [known_virtual_group(asked.practice, year, group_id, work)]
    for group in groups:
        with work.unbound():  # whose cases are in it is seen by nobody who does not reach them all
            practices = work.groups.practices_in(group)
        if not all(map(reaches, practices)):
            raise NotPermitted(
                "A virtual group has cases of other practices: its results need a key that may"
                " see the figures of each of them."
            )
    return groups


def known_subgroup(
    practice: PracticeId, performance_year: int, subgroup_id: UUID, work: UnitOfWork
) -> Subgroup:
    """Raises: RosterEntryUnknown."""
    group = work.roster.get(Subgroup, practice, subgroup_id)
    if group is None or group.performance_year != performance_year:
        raise RosterEntryUnknown("The practice has no subgroup of this id in that year.")
    return group


def known_virtual_group(
    practice: PracticeId, performance_year: int, group_id: UUID, work: UnitOfWork
) -> VirtualGroup:
    """Raises: RosterEntryUnknown, VirtualGroupUnconfirmed."""
    group = work.roster.get(VirtualGroup, practice, group_id)
    if group is None or group.performance_year != performance_year:
        raise RosterEntryUnknown("The practice has no virtual group of this id in that year.")
    if group.confirmed_at is None:
        raise VirtualGroupUnconfirmed("It has results once the registry has confirmed it.")
    return group
