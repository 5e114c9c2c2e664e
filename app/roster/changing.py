"""A change of a roster: one at a time, no locked list, told in the history, all or nothing."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids
from pydantic_core import to_jsonable_python

from app.domain.errors import PracticeUnknown, ProviderListLocked
from app.domain.identifiers import PracticeId
from app.domain.principals import Principal
from app.domain.roster import Clinician, Employment, PracticeTin, RosterEntry, Subgroup
from app.domain.roster_changes import Actor, ChangeAction, RosterChange
from app.roster.kinds import kind_name
from app.roster.provider_lists import Line, ListState, list_of, locked_lists, shipped_windows
from app.storage.unit_of_work import OpenWork, UnitOfWork


def actor_of(caller: Principal) -> Actor:
    return Actor(key_id=caller.id, role=caller.role.value, label=caller.label)


@dataclass(frozen=True, kw_only=True)
class RosterWork:
    """The transaction of one change."""

    work: UnitOfWork
    practice: PracticeId
    actor: Actor

    def add(self, entry: RosterEntry) -> None:
        self.work.roster.add(entry)
        self.tell(ChangeAction.ADDED, entry, before=None, after=entry)

    def add_all(self, entries: list[RosterEntry]) -> None:
        """Entries of one kind."""
        self.work.roster.add_all(entries)
        self.work.roster_history.keep(
            [
                self._change(
                    kind_name(type(entry)), ChangeAction.ADDED, entry.id, None, _told(entry)
                )
                for entry in entries
            ]
        )

    def replace(self, before: RosterEntry, after: RosterEntry) -> None:
        self.work.roster.replace(after)
        self.tell(ChangeAction.CHANGED, after, before=before, after=after)

    def remove(self, entry: RosterEntry) -> None:
        self.work.roster.remove(entry)
        self.tell(ChangeAction.REMOVED, entry, before=entry, after=None)

    def tell(
        self,
        action: ChangeAction,
        entry: RosterEntry,
        *,
        before: RosterEntry | None,
        after: RosterEntry | None,
    ) -> None:
        self.tell_of(
            kind_name(type(entry)),
            action,
            entry_id=entry.id,
            before=_told(before),
            after=_told(after),
        )

    def tell_of(
        self,
        kind: str,
        action: ChangeAction,
        *,
        entry_id: UUID | None,
        before: Mapping[str, Any] | None,
        after: Mapping[str, Any] | None,
    ) -> None:
        self.work.roster_history.keep([self._change(kind, action, entry_id, before, after)])

    def _change(
        self,
        kind: str,
        action: ChangeAction,
        entry_id: UUID | None,
        before: Mapping[str, Any] | None,
        after: Mapping[str, Any] | None,
    ) -> RosterChange:
        return RosterChange(
            practice_id=self.practice,
            id=uuids.uuid7(),
            at=datetime.now(UTC),
            by=self.actor,
            kind=kind,
            entry_id=entry_id,
            action=action,
            before=before,
            after=after,
        )

    def follow_tins(self) -> int:
        """Let cases count or be held as the TINs now say; return how many were released."""
        self.work.practices.lock(self.practice)
        self.work.practices.hold_unregistered(self.practice)
        return self.work.practices.release_held(self.practice)

    def tins_changed(self, *entries: RosterEntry) -> int:
        return self.follow_tins() if any(isinstance(e, PracticeTin) for e in entries) else 0


@contextmanager
def changing_roster(
    practice: PracticeId, actor: Actor, *, day: date, open_work: OpenWork, keep: bool = True
) -> Iterator[RosterWork]:
    """Yield the transaction of a change, and commit it at the end if it is to be kept.

    Raises: PracticeUnknown; ProviderListLocked when the list of a locked year is not what it was.
    """
    with open_work() as work:
        if not work.practices.exists(practice):
            raise PracticeUnknown("No practice of this id is registered.")
        work.roster.lock(practice)
        locked = locked_lists(
            day, windows=shipped_windows(), orders=work.roster_history.newest_orders()
        )
        before = _lists(locked, practice, work)
        yield RosterWork(work=work, practice=practice, actor=actor)
        _require_same(locked, before, _lists(locked, practice, work))
        if keep:
            work.commit()


def _lists(
    locked: tuple[ListState, ...], practice: PracticeId, work: UnitOfWork
) -> list[frozenset[Line]]:
    if not locked:
        return []
    clinicians = work.roster.all(Clinician, practice)
    employments = work.roster.all(Employment, practice)
    subgroups = work.roster.all(Subgroup, practice)
    return [
        list_of(
            state.performance_year,
            clinicians=clinicians,
            employments=employments,
            subgroups=subgroups,
        )
        for state in locked
    ]


def _require_same(
    locked: tuple[ListState, ...], before: list[frozenset[Line]], after: list[frozenset[Line]]
) -> None:
    for state, was, is_now in zip(locked, before, after, strict=True):
        if was != is_now:
            raise ProviderListLocked(state.performance_year, opens_on=state.opens_on)


def _told(entry: RosterEntry | None) -> Mapping[str, Any] | None:
    if entry is None:
        return None
    told: Mapping[str, Any] = to_jsonable_python(asdict(entry))
    return told
