"""Every page of the dashboards: from their routes, with what is asked about filled in from data."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from fastapi.routing import iter_route_contexts
from starlette.routing import BaseRoute

from app.dashboard.router import router as dashboards
from app.feedback.router import router as feedback
from bench.pages_subjects import OPENED_REPORT, Subjects

_PARAMETER: Final = re.compile(r"\{(\w+)\}")
_PRACTICE: Final = "/practices/{practice_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """`route` with its parameters as they are declared, `path` with those of the data.

    `path` None: the data have no value for one of them.
    """

    route: str
    path: str | None
    query: Mapping[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        assert self.path is not None, "who asks for it has looked"
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path

    @property
    def is_of_practice(self) -> bool:
        return self.route.startswith(_PRACTICE)


def every_page(subjects: Subjects) -> list[Page]:
    """One for each GET route, and for each kind of list where a route shows several.

    The report that a page of a dashboard opens is one too.
    """
    routes = [*_shown(dashboards.routes), *_shown(feedback.routes)]
    pages = [each for each in routes if not each.startswith("/v1/") or each == OPENED_REPORT]
    return [page for route in dict.fromkeys(pages) for page in _pages_of(route, subjects)]


def _shown(routes: Sequence[BaseRoute]) -> Iterator[str]:
    for each in iter_route_contexts(routes):
        if each.path is not None and "GET" in (each.methods or ()):
            yield each.path


def _pages_of(route: str, subjects: Subjects) -> Iterator[Page]:
    for values in subjects.values_of(route):
        shown = _filled(route, {"path": values["path"]}) if "path" in values else route
        path = _filled(shown, values)
        yield Page(
            route=shown,
            path=None if _PARAMETER.search(path) else path,
            query=subjects.query_of(route),
        )


def _filled(route: str, values: Mapping[str, object]) -> str:
    """A parameter without a value stays."""
    known = {name: str(value) for name, value in values.items() if value is not None}
    return _PARAMETER.sub(lambda name: known.get(name[1], name[0]), route)
