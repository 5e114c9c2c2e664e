"""Virtual groups: who has entered which, and what the staff of the registry have confirmed."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from app.access.asked import PathPractice
from app.access.dependencies import require_registered
from app.access.rights import Right, require, require_practice
from app.dashboard.figures.views import AskedView
from app.dashboard.frame.dependencies import MemberWork, SignedInForm, SignedInPage
from app.dashboard.frame.desks import AskedYear
from app.dashboard.frame.page_routes import PageRoute
from app.dashboard.frame.pages import Member, go_to
from app.dashboard.frame.shown_forms import seen_version
from app.roster.group_confirming import GroupConfirming, entered_groups
from app.web.dependencies import Today

router = APIRouter(include_in_schema=False, prefix="/virtual-groups", route_class=PageRoute)


class GroupWord(StrEnum):
    CONFIRM = "confirm"
    WITHDRAW = "withdraw"


def _confirming_member(member: SignedInPage) -> Member:
    """Raises: NotPermitted."""
    require(member.signed_in.principal, Right.CONFIRM_VIRTUAL_GROUPS)
    return member


ConfirmingMember = Annotated[Member, Depends(_confirming_member)]


@router.get("")
def groups_page(
    member: ConfirmingMember, open_work: MemberWork, year: AskedYear, asked: AskedView
) -> Response:
    """Entries of one virtual group stand below each other: the same name, the same TINs."""
    groups = entered_groups(year, after=None, limit=None, open_work=open_work)
    return member.page(
        "registry/virtual_groups.html",
        view=asked.view(year=year),
        year=year,
        groups=sorted(groups, key=lambda each: (each.name, each.tins, each.practice_id)),
        done=member.request.query_params.get("done"),
    )


@router.post("/{practice_id}/{entry_id}/{word}")
def say(
    member: ConfirmingMember,
    practice: PathPractice,
    entry_id: UUID,
    word: GroupWord,
    open_work: MemberWork,
    day: Today,
    form: SignedInForm,
) -> Response:
    caller = member.signed_in.principal
    require_practice(caller, Right.CONFIRM_VIRTUAL_GROUPS, practice)
    require_registered(open_work, practice)
    confirming = GroupConfirming(
        practice=practice, actor=caller.actor, day=day, open_work=open_work
    )
    said = confirming.confirm if word is GroupWord.CONFIRM else confirming.withdraw
    group = said(entry_id, seen=seen_version(form.get("version", "")))
    return go_to("/virtual-groups", year=str(group.performance_year), done=word.value)
