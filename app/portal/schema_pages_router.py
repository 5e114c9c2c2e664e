"""The schema to read: its versions, the tree of each, and what changed between any two."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from app.portal.elements import counts_of
from app.portal.pages import page
from app.portal.schema_tree import changes_by_section, sections_of, tree_of
from app.portal.service import changes_of, predecessor_of, version_of
from app.web.dependencies import Schemas, Today

router = APIRouter(prefix="/docs/schemas", include_in_schema=False)


@router.get("")
def schemas_page(request: Request, schemas: Schemas, today: Today) -> Response:
    versions = [(each, predecessor_of(each, schemas)) for each in schemas.versions()]
    return page(request, "schemas.html", versions=versions[::-1], today=today)


# Before `/{version}`, which would take "changes" for the id of a version.
@router.get("/changes")
def find_changes(version: str, since: str, schemas: Schemas) -> Response:
    """What the form on the page of changes asks for."""
    newer, older = version_of(version, schemas), version_of(since, schemas)
    return RedirectResponse(f"/docs/schemas/{newer.id}/changes?since={older.id}", status_code=303)


@router.get("/{version}")
def schema_page(request: Request, version: str, schemas: Schemas, today: Today) -> Response:
    found = version_of(version, schemas)
    root = tree_of(found)
    return page(
        request,
        "schema.html",
        version=found,
        status="open" if found.accepts_on(today) else "closed",
        earlier=predecessor_of(found, schemas),
        counts=counts_of(found.model),
        root=root,
        sections=sections_of(root),
    )


@router.get("/{version}/changes")
def changes_page(
    request: Request,
    version: str,
    schemas: Schemas,
    since: Annotated[str | None, Query()] = None,
) -> Response:
    """Without `since` the version is compared with the one that its senders come from."""
    newer = version_of(version, schemas)
    older = version_of(since, schemas) if since else predecessor_of(newer, schemas) or newer
    return page(
        request,
        "schema_changes.html",
        newer=newer,
        older=older,
        versions=schemas.versions(),
        sections=changes_by_section(changes_of(older, newer)),
    )
