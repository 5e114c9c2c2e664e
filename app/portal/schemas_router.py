"""The versions of the schema, for anyone."""

from fastapi import APIRouter, Query, Request, Response

from app.portal.elements import counts_of, entries_of
from app.portal.service import Document, changes_of, sample_of, version_of, xsd_of
from app.portal.wire import (
    ChangeOut,
    CountsOut,
    ElementOut,
    SchemaChangesOut,
    SchemaVersionDetailOut,
    SchemaVersionOut,
    SchemaVersionsOut,
)
from app.web.addresses import service_url
from app.web.dependencies import Schemas, Today
from app.web.documents import document_response

router = APIRouter(prefix="/v1/schemas", tags=["schemas"])


@router.get("")
def list_schemas(request: Request, schemas: Schemas, today: Today) -> SchemaVersionsOut:
    """List the versions of the schema, and which of them may be submitted today."""
    url = service_url(request.scope)
    return SchemaVersionsOut(
        items=[
            SchemaVersionOut.of(version, day=today, service_url=url)
            for version in schemas.versions()
        ]
    )


# Before `/{version}`, which would take "2020V1.0.xsd" for the id of a version.
@router.head("/{version}.xsd", response_class=Response, include_in_schema=False)
@router.get("/{version}.xsd", response_class=Response)
def read_xsd(request: Request, version: str, schemas: Schemas) -> Response:
    """Download one version as a single XSD file that includes no other."""
    return _xml(request, xsd_of(version_of(version, schemas)))


@router.get("/{version}")
def read_schema(
    request: Request, version: str, schemas: Schemas, today: Today
) -> SchemaVersionDetailOut:
    """Show one version with all its elements."""
    found = version_of(version, schemas)
    summary = SchemaVersionOut.of(found, day=today, service_url=service_url(request.scope))
    return SchemaVersionDetailOut(
        **dict(summary),
        counts=CountsOut.of(counts_of(found.model)),
        elements=[ElementOut.of(entry) for entry in entries_of(found.model)],
    )


@router.head("/{version}/sample.xml", response_class=Response, include_in_schema=False)
@router.get("/{version}/sample.xml", response_class=Response)
def read_sample(request: Request, version: str, schemas: Schemas) -> Response:
    """Download a valid case file with every element of the version, all of it made up."""
    return _xml(request, sample_of(version_of(version, schemas)))


@router.get("/{version}/changes")
def read_changes(
    version: str,
    schemas: Schemas,
    since: str = Query(description="The version to compare with, as a rule an older one."),
) -> SchemaChangesOut:
    """List what a sender has to do differently from the version `since`."""
    newer, older = version_of(version, schemas), version_of(since, schemas)
    return SchemaChangesOut(
        version=newer.id,
        since=older.id,
        items=[ChangeOut.of(change) for change in changes_of(older, newer)],
    )


def _xml(request: Request, document: Document) -> Response:
    return document_response(
        request, document.content, tag=document.tag, media_type="application/xml"
    )
