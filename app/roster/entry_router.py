"""TINs, facilities, clinicians, employments and groups: five calls for each kind of entry."""

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any, Final
from uuid import UUID

import uuid_utils.compat as uuids
from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel

from app.access.asked import PathPractice
from app.access.dependencies import Caller, Work, require_registered
from app.access.repeating import Repeatable
from app.access.rights import Right, require_practice
from app.domain.roster import RosterEntry
from app.roster.entry_kinds import ENTRY_KINDS, EntryKind
from app.roster.entry_service import Entries
from app.roster.versions import SeenVersion, tell_version
from app.web.dependencies import Today
from app.web.idempotency import IdempotencyKey
from app.web.json_bodies import described_body, json_body
from app.web.openapi import OF_A_VERSION, problem_response
from app.web.paging import Page, Paged

_NOT_ADDED: Final[dict[int | str, dict[str, Any]]] = {
    409: problem_response("It cannot stand beside the others, or the list is locked.")
}
_NOT_CHANGED: Final[dict[int | str, dict[str, Any]]] = {
    **_NOT_ADDED,
    **OF_A_VERSION,
}


def _entries(
    practice: PathPractice, caller: Caller, open_work: Work, day: Today
) -> Callable[[Right], Entries]:
    """Return the entries of the practice for who has the right; asked before a body is read."""

    def allowed(right: Right) -> Entries:
        require_practice(caller, right, practice)
        require_registered(open_work, practice)
        return Entries(practice=practice, actor=caller.actor, day=day, open_work=open_work)

    return allowed


def _readable(allowed: Annotated[Callable[[Right], Entries], Depends(_entries)]) -> Entries:
    return allowed(Right.SEE_ROSTER)


def _changeable(kind: EntryKind) -> Any:  # noqa: ANN401 - FastAPI says so of Depends
    def changeable(allowed: Annotated[Callable[[Right], Entries], Depends(_entries)]) -> Entries:
        return allowed(kind.changing)

    return Depends(changeable)


Readable = Annotated[Entries, Depends(_readable)]


def _router_of(kind: EntryKind) -> APIRouter:
    router = APIRouter(prefix=f"/v1/practices/{{practice_id}}/{kind.path}", tags=[kind.many])
    for add_call in (_add_list, _add_post, _add_get, _add_put, _add_delete):
        add_call(router, kind)
    return router


def _add_list(router: APIRouter, kind: EntryKind) -> None:
    @router.get(
        "",
        response_model=Page.__class_getitem__(kind.shown),
        summary=f"List {kind.many}",
        description=f"In the order in which they were added. {kind.about}",
    )
    def list_entries(
        entries: Readable,
        paged: Paged,
    ) -> Page[BaseModel]:
        found = entries.page(kind.entry, after=paged.uuid("after"), limit=paged.with_next)
        return paged.page(
            found,
            show=kind.shown.model_validate,
            key_of=lambda entry: {"after": entry.id},
        )


def _add_post(router: APIRouter, kind: EntryKind) -> None:
    body, changeable = Depends(json_body(kind.asked)), _changeable(kind)

    @router.post(
        "",
        status_code=201,
        response_model=kind.shown,
        responses=_NOT_ADDED,
        openapi_extra=described_body(kind.asked),
        summary=f"Add {kind.one}",
        description=kind.about,
    )
    def add_entry(
        entries: Annotated[Entries, changeable],
        caller: Caller,
        response: Response,
        asked: Annotated[BaseModel, body],
        idempotency_key: IdempotencyKey = None,
    ) -> BaseModel:
        entry = kind.entry(practice_id=entries.practice, id=uuids.uuid7(), **dict(asked))
        request = Repeatable.of(
            caller,
            idempotency_key,
            asked=f"add {kind.one} of {entries.practice} {asked.model_dump_json()}",
        )
        added, is_replay = entries.add(entry, request)
        if is_replay:
            response.headers["Idempotent-Replay"] = "true"
            response.status_code = 200
        response.headers["Location"] = f"/v1/practices/{entries.practice}/{kind.path}/{added.id}"
        return _shown(added, kind, response)


def _add_get(router: APIRouter, kind: EntryKind) -> None:
    @router.get(
        "/{entry_id}",
        response_model=kind.shown,
        summary=f"Read {kind.one}",
        description="Its ETag is what a change must name in If-Match.",
    )
    def read_entry(entry_id: UUID, entries: Readable, response: Response) -> BaseModel:
        return _shown(entries.get(kind.entry, entry_id), kind, response)


def _add_put(router: APIRouter, kind: EntryKind) -> None:
    body, changeable = Depends(json_body(kind.asked)), _changeable(kind)

    @router.put(
        "/{entry_id}",
        response_model=kind.shown,
        responses=_NOT_CHANGED,
        openapi_extra=described_body(kind.asked),
        summary=f"Change {kind.one}",
        description="It becomes what the body says, whole. What is left out has its default.",
    )
    def change_entry(
        entry_id: UUID,
        entries: Annotated[Entries, changeable],
        response: Response,
        seen: SeenVersion,
        asked: Annotated[BaseModel, body],
    ) -> BaseModel:
        changed = entries.change(
            kind.entry, entry_id, seen=seen, change=lambda entry: replace(entry, **dict(asked))
        )
        return _shown(changed, kind, response)


def _add_delete(router: APIRouter, kind: EntryKind) -> None:
    changeable = _changeable(kind)

    @router.delete(
        "/{entry_id}",
        status_code=204,
        responses=_NOT_CHANGED,
        summary=f"Remove {kind.one}",
        description="For what was entered by mistake; it stays in the history of changes.",
    )
    def remove_entry(
        entry_id: UUID, entries: Annotated[Entries, changeable], seen: SeenVersion
    ) -> None:
        entries.remove(kind.entry, entry_id, seen=seen)


def _shown(entry: RosterEntry, kind: EntryKind, response: Response) -> BaseModel:
    tell_version(response, entry.version)
    return kind.shown.model_validate(entry)


router = APIRouter()
for _kind in ENTRY_KINDS:
    router.include_router(_router_of(_kind))
