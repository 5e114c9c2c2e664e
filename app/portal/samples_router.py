"""Sample case files to read and to download."""

from fastapi import APIRouter, HTTPException, Request, Response

from app.portal.pages import page
from app.portal.sample_files import SampleUnknown, sample_file, samples
from app.portal.service import document_of, newest_open, version_of
from app.web.dependencies import Schemas, Today
from app.web.documents import document_response
from app.xsd.catalogue import SchemaCatalogue, SchemaVersion

router = APIRouter(prefix="/docs/samples", include_in_schema=False)


@router.get("")
def samples_of_the_newest(request: Request, schemas: Schemas, today: Today) -> Response:
    return _samples_page(request, newest_open(schemas, today), schemas, today)


@router.get("/{version}")
def samples_of_a_version(
    request: Request, version: str, schemas: Schemas, today: Today
) -> Response:
    return _samples_page(request, version_of(version, schemas), schemas, today)


@router.head("/{version}/{name}.xml")
@router.get("/{version}/{name}.xml")
def read_sample(request: Request, version: str, name: str, schemas: Schemas) -> Response:
    found = version_of(version, schemas)
    try:
        document = document_of(sample_file(found, name))
    except SampleUnknown:
        raise HTTPException(404) from None
    return document_response(
        request, document.content, tag=document.tag, media_type="application/xml"
    )


def _samples_page(
    request: Request, version: SchemaVersion, schemas: SchemaCatalogue, today: Today
) -> Response:
    return page(
        request,
        "samples.html",
        version=version,
        versions=schemas.versions()[::-1],
        samples=list(samples().values()),
        today=today,
    )
