"""The public pages: what this service is, and what its findings, problems and versions mean."""

from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse
from fastapi.templating import Jinja2Templates

from app.domain.errors import FindingCodeUnknown, ProblemUnknown
from app.domain.finding_catalogue import FindingHelp, finding_catalogue
from app.domain.findings import FindingCode
from app.portal.problem_help import problem_catalogue
from app.portal.service import predecessor_of
from app.web.addresses import service_url
from app.web.dependencies import Schemas, Today

_HERE: Final = Path(__file__).parent
_templates: Final = Jinja2Templates(_HERE / "templates")
_templates.env.trim_blocks = _templates.env.lstrip_blocks = True

_FAMILIES: Final = {
    "AR0": "The file and its XML",
    "AR1": "The header and the version",
    "AR2": "The schema",
    "AR3": "Rules beyond the schema",
    "AR4": "Roster and rights",
}

router = APIRouter(include_in_schema=False)


@router.get("/")
def start_page(request: Request, schemas: Schemas, today: Today) -> Response:
    open_versions = [each for each in schemas.versions() if each.accepts_on(today)]
    return _page(request, "start.html", open_versions=open_versions, url=service_url(request.scope))


@router.get("/docs")
def docs_page(request: Request) -> Response:
    return _page(request, "docs.html")


@router.get("/docs/schemas")
def schemas_page(request: Request, schemas: Schemas, today: Today) -> Response:
    versions = [(each, predecessor_of(each, schemas)) for each in schemas.versions()]
    return _page(request, "schemas.html", versions=versions, today=today)


@router.get("/docs/findings")
def findings_page(request: Request) -> Response:
    return _page(request, "findings.html", families=_families())


@router.get("/docs/findings/{code}")
def finding_page(request: Request, code: str) -> Response:
    try:
        entry = finding_catalogue()[FindingCode(code)]
    except ValueError:
        raise FindingCodeUnknown("/docs/findings lists the codes.") from None
    return _page(request, "finding.html", entry=entry, family=_FAMILIES[code[:3]])


@router.get("/docs/problems")
def problems_page(request: Request) -> Response:
    return _page(request, "problems.html", problems=list(problem_catalogue().values()))


@router.get("/docs/problems/{slug}")
def problem_page(request: Request, slug: str) -> Response:
    try:
        entry = problem_catalogue()[slug]
    except KeyError:
        raise ProblemUnknown("/docs/problems lists the types.") from None
    return _page(request, "problem.html", entry=entry)


@router.get("/static/portal.css")
def stylesheet() -> Response:
    return FileResponse(
        _HERE / "static" / "portal.css",
        media_type="text/css",
        headers={"Cache-Control": "public, max-age=3600"},
    )


def _families() -> dict[str, list[FindingHelp]]:
    """Every finding under the name of its family, in the order of the codes."""
    return {
        name: [entry for entry in finding_catalogue().values() if entry.code.startswith(prefix)]
        for prefix, name in _FAMILIES.items()
    }


def _page(request: Request, template: str, **values: object) -> Response:
    return _templates.TemplateResponse(request, template, values)
