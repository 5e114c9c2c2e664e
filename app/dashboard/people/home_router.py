"""The page that a signed-in person begins on: their practices, and what there is to see of each."""

from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Response

from app.access.rights import sees_every_practice
from app.dashboard.frame.dependencies import MemberWork, SignedInPage
from app.dashboard.frame.navigation import OF_THE_REGISTRY, Link, links_for, links_of_practice
from app.dashboard.frame.page_routes import PageRoute
from app.domain.identifiers import PracticeId
from app.domain.principals import Principal
from app.roster.practice_service import list_practices
from app.web.dependencies import Today
from app.web.paging import Cursor, Paging

router = APIRouter(include_in_schema=False, route_class=PageRoute)

_ON_A_PAGE: Final = 50


@dataclass(frozen=True, kw_only=True)
class ShownPractice:
    id: PracticeId
    name: str
    links: list[Link]


@router.get("/home")
def home_page(
    member: SignedInPage, open_work: MemberWork, today: Today, cursor: Cursor = None
) -> Response:
    caller, paged = member.signed_in.principal, Paging(_ON_A_PAGE, cursor)
    after = paged.text("after")
    found = list_practices(
        _reached(caller),
        after=None if after is None else PracticeId(after),
        limit=paged.with_next,
        open_work=open_work,
    )
    listed, more = paged.cut(found, key_of=lambda practice: {"after": practice.id})
    shown = [
        ShownPractice(
            id=practice.id,
            name=practice.name,
            links=links_of_practice(caller, practice.id, year=today.year),
        )
        for practice in listed
    ]
    return member.page(
        "people/home.html",
        practices=shown,
        registry_links=links_for(caller, OF_THE_REGISTRY),
        year=today.year,
        more=more,
    )


def _reached(caller: Principal) -> frozenset[PracticeId] | None:
    """None: every practice. Of a vendor also those that have granted it anything."""
    if sees_every_practice(caller):
        return None
    return caller.practice_ids | frozenset(caller.granted)
