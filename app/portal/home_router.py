"""Where a visitor comes in: the start page, the documentation, the quick start."""

from fastapi import APIRouter, Request, Response

from app.domain.finding_catalogue import finding_catalogue
from app.portal.pages import page
from app.portal.service import newest_open
from app.web.addresses import service_url
from app.web.dependencies import Schemas, Settings, Today

router = APIRouter(include_in_schema=False)


@router.head("/")
@router.get("/")
def start_page(request: Request, schemas: Schemas, settings: Settings, today: Today) -> Response:
    return page(
        request,
        "start.html",
        open_versions=[each for each in schemas.versions() if each.accepts_on(today)],
        newest=newest_open(schemas, today),
        versions=len(schemas.versions()),
        findings=len(finding_catalogue()),
        max_bytes=settings.validate_max_bytes,
        url=service_url(request.scope),
    )


@router.get("/docs")
def docs_page(request: Request) -> Response:
    return page(request, "docs.html")


@router.get("/docs/quick-start")
def quick_start_page(
    request: Request, schemas: Schemas, settings: Settings, today: Today
) -> Response:
    newest = newest_open(schemas, today)
    return page(
        request,
        "quick_start.html",
        url=service_url(request.scope),
        version=newest.id,
        year=newest.year,
        max_bytes=settings.validate_max_bytes,
    )
