"""A change of a roster: one at a time, no locked list, told in the history, all or nothing."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

import uuid_utils.compat as uuids
from pydantic_core import to_jsonable_python

from app.domain.audit import Actor, AuditAction
from app.domain.errors.roster import PracticeUnknown, ProviderListLocked
from app.domain.identifiers import PracticeId
from app.domain.roster import (
    Clinician,
    Employment,
    PracticeTin,
    RosterEntry,
    Subgroup,
    VirtualGroup,
)
from app.domain.roster_changes import ChangeAction, RosterChange
from app.roster.kinds import kind_name
from app.roster.provider_lists import Line, ListState, list_of, locked_lists, shipped_windows
from app.storage.unit_of_work import OpenWork, UnitOfWork

_AUDITED: Final = {
    ChangeAction.ADDED: AuditAction.ROSTER_ENTRY_ADDED,
    ChangeAction.CHANGED: AuditAction.ROSTER_ENTRY_CHANGED,
    ChangeAction.REMOVED: AuditAction.ROSTER_ENTRY_REMOVED,
}


@dataclass(frozen=True, kw_only=True)
class RosterWork:
    """The transaction of one change, told in the history in full, in the audit trail by its id."""

    work: UnitOfWork
    practice: PracticeId
    actor: Actor

    def add(self, entry: RosterEntry) -> None:
        self.work.roster.add(entry)
        self._tell(ChangeAction.ADDED, entry, before=None, after=entry)

    def replace(self, before: RosterEntry, after: RosterEntry) -> None:
        self.work.roster.replace(after)
        self._tell(ChangeAction.CHANGED, after, before=before, after=after)

    def remove(self, entry: RosterEntry) -> None:
        self.work.roster.remove(entry)
        self._tell(ChangeAction.REMOVED, entry, before=entry, after=None)

    def take_over(
        self, added: Sequence[RosterEntry], changed: Sequence[tuple[RosterEntry, RosterEntry]]
    ) -> None:
        """Entries of a file, each kind by itself; the trail is told of the file as a whole."""
        self.work.roster.add_all(list(added))
        for _, after in changed:
            self.work.roster.replace(after)
        told = [
            *(self._change(ChangeAction.ADDED, entry, None, entry) for entry in added),
            *(
                self._change(ChangeAction.CHANGED, after, before, after)
                for before, after in changed
            ),
        ]
        self.work.roster_history.keep(told)

    def tell_of(
        self,
        kind: str,
        action: ChangeAction,
        *,
        before: Mapping[str, Any] | None,
        after: Mapping[str, Any] | None,
        entry_id: UUID | None = None,
    ) -> None:
        """Keep a change in the history alone; who calls tells the trail in its own words."""
        self.work.roster_history.keep([self._row(kind, action, entry_id, before, after)])

    def _tell(
        self,
        action: ChangeAction,
        entry: RosterEntry,
        *,
        before: RosterEntry | None,
        after: RosterEntry | None,
    ) -> None:
        self.work.roster_history.keep([self._change(action, entry, before, after)])
        about = (kind_name(type(entry)), entry.id)
        self.work.audit.record(self.actor, _AUDITED[action], practice=self.practice, about=about)

    def _change(
        self,
        action: ChangeAction,
        entry: RosterEntry,
        before: RosterEntry | None,
        after: RosterEntry | None,
    ) -> RosterChange:
        return self._row(kind_name(type(entry)), action, entry.id, _told(before), _told(after))

    def _row(
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
        """Let cases count or be held as the TINs now say; return how many were released.

        Those in the sandbox too, which no key that changes a roster reaches.
        """
        self.work.practices.lock(self.practice)
        with self.work.unbound():
            self.work.practices.hold_unregistered(self.practice)
            return self.work.practices.release_held(self.practice)

    def tins_changed(self, *entries: RosterEntry) -> int:
        return self.follow_tins() if any(isinstance(e, PracticeTin) for e in entries) else 0

    def group_changed(self, entry: RosterEntry) -> None:
        """Let the figures of a subgroup or virtual group be those of who is in it now."""
        if isinstance(entry, Subgroup | VirtualGroup):
            self.work.practices.lock(self.practice)
            self.work.practices.recount_group(self.practice, entry.id, entry.performance_year)


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
