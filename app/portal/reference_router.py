"""The calls of the API as a page."""

from fastapi import APIRouter, Request, Response

from app.portal.api_reference import reference_of
from app.portal.pages import page
from app.web.addresses import service_url

router = APIRouter(include_in_schema=False)


@router.get("/docs/api")
def api_page(request: Request) -> Response:
    url = service_url(request.scope)
    reference = reference_of(request.app.openapi(), url)
    titles = {shape.name: shape.title for shape in reference.shapes}
    return page(request, "api.html", reference=reference, titles=titles, url=url)
