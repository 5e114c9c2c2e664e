"""Pages on every finding and every problem. Reports and answers link to them: they stay."""

from typing import Final

from fastapi import APIRouter, Request, Response

from app.domain.errors.intake import FindingCodeUnknown
from app.domain.errors.requests import ProblemUnknown
from app.domain.finding_catalogue import FindingHelp, finding_catalogue
from app.domain.findings import FindingCode
from app.portal.finding_examples import has_example
from app.portal.pages import page
from app.portal.problem_help import problem_catalogue
from app.portal.snippet_marks import Marked, marked_pair, spread_out, template_parts
from app.web.dependencies import Schemas

_FAMILIES: Final = {
    "AR0": "The file and its XML",
    "AR1": "The header and the version",
    "AR2": "The schema",
    "AR3": "Rules beyond the schema",
    "AR4": "Roster and rights",
}

router = APIRouter(prefix="/docs", include_in_schema=False)


@router.get("/findings")
def findings_page(request: Request) -> Response:
    return page(request, "findings.html", families=_families())


@router.get("/findings/{code}")
def finding_page(request: Request, code: str, schemas: Schemas) -> Response:
    try:
        entry = finding_catalogue()[FindingCode(code)]
    except ValueError:
        raise FindingCodeUnknown("/docs/findings lists the codes.") from None
    entries = list(finding_catalogue().values())
    place = entries.index(entry)
    bad, good = _snippets(entry)
    return page(
        request,
        "finding.html",
        entry=entry,
        family=_FAMILIES[code[:3]],
        messages=[template_parts(each) for each in entry.messages.values() if each],
        bad=bad,
        good=good,
        in_validator=has_example(entry.code, schemas),
        before=entries[place - 1] if place else None,
        after=entries[place + 1] if place + 1 < len(entries) else None,
    )


@router.get("/problems")
def problems_page(request: Request) -> Response:
    return page(request, "problems.html", problems=list(problem_catalogue().values()))


@router.get("/problems/{slug}")
def problem_page(request: Request, slug: str) -> Response:
    try:
        entry = problem_catalogue()[slug]
    except KeyError:
        raise ProblemUnknown("/docs/problems lists the types.") from None
    return page(request, "problem.html", entry=entry)


def _families() -> dict[str, list[FindingHelp]]:
    """Every finding under the name of its family, in the order of the codes."""
    return {
        name: [entry for entry in finding_catalogue().values() if entry.code.startswith(prefix)]
        for prefix, name in _FAMILIES.items()
    }


def _snippets(entry: FindingHelp) -> tuple[list[Marked] | None, list[Marked] | None]:
    if entry.bad is None or entry.good is None or entry.bad_is_file:
        return _unmarked(entry.bad), _unmarked(entry.good)
    return marked_pair(spread_out(entry.bad), spread_out(entry.good))


def _unmarked(snippet: str | None) -> list[Marked] | None:
    if snippet is None:
        return None
    return [Marked(spread_out(snippet), differs=False)] if snippet else []
