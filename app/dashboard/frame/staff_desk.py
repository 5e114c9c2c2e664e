"""Pages of the registry as a whole: for its staff."""

from typing import Annotated

from fastapi import Depends

from app.access.rights import Right, require
from app.dashboard.frame.dependencies import SignedInPage
from app.dashboard.frame.pages import Member


def _staff(member: SignedInPage) -> Member:
    require(member.signed_in.principal, Right.SEE_REGISTRY)
    return member


StaffPage = Annotated[Member, Depends(_staff)]
