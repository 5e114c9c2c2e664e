"""The registry confirms which practices are in a virtual group; until then none of it counts."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from typing import Final
from uuid import UUID

from pydantic_core import to_jsonable_python

from app.domain.audit import Actor, AuditAction
from app.domain.identifiers import PracticeId
from app.domain.roster import VirtualGroup
from app.domain.roster_changes import ChangeAction
from app.roster.changing import changing_roster
from app.roster.entry_service import seen_entry
from app.roster.kinds import kind_name
from app.storage.unit_of_work import OpenWork

_KIND: Final = kind_name(VirtualGroup)


@dataclass(frozen=True, kw_only=True)
class GroupConfirming:
    """What the staff of the registry say of the virtual groups of one practice."""

    practice: PracticeId
    actor: Actor
    day: date
    open_work: OpenWork

    def confirm(self, group_id: UUID, *, seen: int) -> VirtualGroup:
        """Its cases count in the group from now on; `seen` is the version that is confirmed.

        Raises: RosterEntryUnknown, ChangedMeanwhile.
        """
        return self._say(
            group_id,
            seen,
            lambda group: group.confirmed_at or datetime.now(UTC),
            AuditAction.VIRTUAL_GROUP_CONFIRMED,
        )

    def withdraw(self, group_id: UUID, *, seen: int) -> VirtualGroup:
        """Its cases count in the group no more. Raises: RosterEntryUnknown, ChangedMeanwhile."""
        return self._say(
            group_id,
            seen,
            lambda _: None,
            AuditAction.VIRTUAL_GROUP_CONFIRMATION_WITHDRAWN,
        )

    def _say(
        self,
        group_id: UUID,
        seen: int,
        confirmed_at: Callable[[VirtualGroup], datetime | None],
        action: AuditAction,
    ) -> VirtualGroup:
        with changing_roster(
            self.practice, self.actor, day=self.day, open_work=self.open_work
        ) as roster:
            before = seen_entry(VirtualGroup, self.practice, group_id, seen, roster.work)
            said = confirmed_at(before)
            if said == before.confirmed_at:
                return before
            after = replace(before, confirmed_at=said, version=before.version + 1)
            roster.work.roster.replace(after)
            roster.tell_of(
                _KIND,
                ChangeAction.CHANGED,
                before=to_jsonable_python(asdict(before)),
                after=to_jsonable_python(asdict(after)),
                entry_id=group_id,
            )
            roster.work.audit.record(
                self.actor, action, practice=self.practice, about=(_KIND, group_id)
            )
        return after


def entered_groups(
    performance_year: int, *, after: UUID | None, limit: int | None, open_work: OpenWork
) -> list[VirtualGroup]:
    """The entries of every practice, in the order in which they were added."""
    with open_work() as work:
        return work.groups.entered(performance_year, after=after, limit=limit)
