"""Entries of a roster: added, changed by whoever has seen the newest version, removed."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar
from uuid import UUID

from app.access.repeating import Repeatable, once
from app.domain.audit import Actor
from app.domain.errors.requests import ChangedMeanwhile, InvalidRequest
from app.domain.errors.roster import RosterConflict, RosterEntryUnknown
from app.domain.identifiers import PracticeId
from app.domain.roster import Clinician, Employment, PracticeTin, RosterEntry
from app.roster.changing import RosterWork, changing_roster
from app.roster.entry_rules import conflict_of, impossible_days, missing_for
from app.roster.kinds import kind_name
from app.storage.unit_of_work import OpenWork, UnitOfWork

E = TypeVar("E", bound=RosterEntry)


@dataclass(frozen=True, kw_only=True)
class Entries:
    """The entries of one practice, for one who asks."""

    practice: PracticeId
    actor: Actor
    day: date
    open_work: OpenWork

    def page(self, kind: type[E], *, after: UUID | None, limit: int | None) -> list[E]:
        with self.open_work() as work:
            return work.roster.page(kind, self.practice, after=after, limit=limit)

    def get(self, kind: type[E], entry_id: UUID) -> E:
        """Raises: RosterEntryUnknown."""
        with self.open_work() as work:
            return _known(kind, self.practice, entry_id, work)

    def add(self, entry: E, request: Repeatable | None = None) -> tuple[E, bool]:
        """Return what was added, and whether the same request had added it before.

        Raises: InvalidRequest, RosterConflict, ProviderListLocked, IdempotencyConflict;
        RosterEntryUnknown when it was removed since.
        """
        with self._changing() as roster:

            def make(work: UnitOfWork) -> UUID:
                require_fitting(entry, work)
                roster.add(entry)
                roster.tins_changed(entry)
                roster.group_changed(entry)
                return entry.id

            made, is_replay = once(roster.work, request, make)
            added = _known(type(entry), self.practice, made, roster.work)
        return added, is_replay

    def change(self, kind: type[E], entry_id: UUID, *, seen: int, change: Callable[[E], E]) -> E:
        """`seen` is the version that whoever asks has seen.

        Raises: RosterEntryUnknown, ChangedMeanwhile, InvalidRequest, RosterConflict,
        ProviderListLocked.
        """
        with self._changing() as roster:
            before = seen_entry(kind, self.practice, entry_id, seen, roster.work)
            after = replace(change(before), version=before.version + 1).succeeding(before)
            require_fitting(after, roster.work)
            roster.replace(before, after)
            roster.tins_changed(after)
            roster.group_changed(after)
        return after

    def remove(self, kind: type[E], entry_id: UUID, *, seen: int) -> None:
        """Raises: RosterEntryUnknown, ChangedMeanwhile, RosterConflict, ProviderListLocked."""
        with self._changing() as roster:
            entry = seen_entry(kind, self.practice, entry_id, seen, roster.work)
            _require_unused(entry, roster)
            roster.remove(entry)
            roster.tins_changed(entry)
            roster.group_changed(entry)

    def _changing(self) -> AbstractContextManager[RosterWork]:
        return changing_roster(self.practice, self.actor, day=self.day, open_work=self.open_work)


def require_fitting(entry: RosterEntry, work: UnitOfWork) -> None:
    """Raises: InvalidRequest, RosterConflict."""
    practice = entry.practice_id
    wrong = impossible_days(entry) or missing_for(
        entry,
        tins=[each.tin for each in work.roster.all(PracticeTin, practice)],
        npis=[each.npi for each in work.roster.all(Clinician, practice)],
    )
    if wrong is None and _lacks_clinician(entry, work):
        wrong = "clinician_id: the practice has no clinician of this id"
    if wrong is not None:
        raise InvalidRequest(f"{wrong}.")
    conflict = conflict_of(entry, work.roster.all(type(entry), practice))
    if conflict is not None:
        raise RosterConflict(conflict)


def _lacks_clinician(entry: RosterEntry, work: UnitOfWork) -> bool:
    return (
        isinstance(entry, Employment)
        and work.roster.get(Clinician, entry.practice_id, entry.clinician_id) is None
    )


def _require_unused(entry: RosterEntry, roster: RosterWork) -> None:
    if isinstance(entry, Clinician) and roster.work.reporting.consents(
        entry.practice_id, clinician_id=entry.id, limit=1
    ):
        raise RosterConflict("The clinician has signed consents, which are kept. End their work.")
    if isinstance(entry, Clinician) and roster.work.roster.all(
        Employment, entry.practice_id, clinician_id=entry.id
    ):
        raise RosterConflict(
            "The clinician has employments. End them, or remove them first if they never were."
        )


def _known(kind: type[E], practice: PracticeId, entry_id: UUID, work: UnitOfWork) -> E:
    entry = work.roster.get(kind, practice, entry_id)
    if entry is None:
        raise RosterEntryUnknown(f"The practice has no {kind_name(kind)} of this id.")
    return entry


def seen_entry(
    kind: type[E], practice: PracticeId, entry_id: UUID, seen: int, work: UnitOfWork
) -> E:
    """Raises: RosterEntryUnknown; ChangedMeanwhile unless `seen` is its newest version."""
    entry = _known(kind, practice, entry_id, work)
    if entry.version != seen:
        raise ChangedMeanwhile("Somebody has changed it since you read it. Read it again.")
    return entry
