"""Virtual groups of every practice: listed, and confirmed by the staff of the registry."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from app.access.asked import PathPractice
from app.access.dependencies import Caller, Work, require_registered
from app.access.kept_answers import KeepsAnswers
from app.access.rights import Right, require, require_practice
from app.domain.roster import VirtualGroup
from app.roster.group_confirming import GroupConfirming, entered_groups
from app.roster.group_wire import EnteredGroupOut, VirtualGroupOut
from app.roster.versions import SeenVersion, tell_version
from app.web.dependencies import Today
from app.web.openapi import OF_A_VERSION
from app.web.paging import Page, Paged

router = APIRouter(tags=["virtual groups"], route_class=KeepsAnswers)

_ENTRY: Final = "/v1/practices/{practice_id}/virtual-groups/{entry_id}"


def _confirming(
    practice: PathPractice, caller: Caller, open_work: Work, day: Today
) -> GroupConfirming:
    require_practice(caller, Right.CONFIRM_VIRTUAL_GROUPS, practice)
    require_registered(open_work, practice)
    return GroupConfirming(practice=practice, actor=caller.actor, day=day, open_work=open_work)


Confirming = Annotated[GroupConfirming, Depends(_confirming)]


@router.get("/v1/virtual-groups")
def list_virtual_groups_of_a_year(
    caller: Caller,
    open_work: Work,
    performance_year: Annotated[int, Query(ge=2000, le=2100)],
    paged: Paged,
) -> Page[EnteredGroupOut]:
    """The virtual groups that practices have entered for a year, confirmed or not.

    Entries of one year with the same name and TINs are one virtual group.
    """
    require(caller, Right.CONFIRM_VIRTUAL_GROUPS)
    found = entered_groups(
        performance_year,
        after=paged.uuid("after"),
        limit=paged.with_next,
        open_work=open_work,
    )
    return paged.page(
        found,
        show=EnteredGroupOut.model_validate,
        key_of=lambda group: {"after": group.id},
    )


@router.post(f"{_ENTRY}/confirm", responses=OF_A_VERSION)
def confirm_virtual_group(
    entry_id: UUID, confirming: Confirming, response: Response, seen: SeenVersion
) -> VirtualGroupOut:
    """Say that the practice is in the virtual group: its cases count in it from then on."""
    return _shown(confirming.confirm(entry_id, seen=seen), response)


@router.post(f"{_ENTRY}/withdraw-confirmation", responses=OF_A_VERSION)
def withdraw_confirmation_of_virtual_group(
    entry_id: UUID, confirming: Confirming, response: Response, seen: SeenVersion
) -> VirtualGroupOut:
    """Take that back: the cases of the practice count in the virtual group no more."""
    return _shown(confirming.withdraw(entry_id, seen=seen), response)


def _shown(group: VirtualGroup, response: Response) -> VirtualGroupOut:
    tell_version(response, group.version)
    return VirtualGroupOut.model_validate(group)
