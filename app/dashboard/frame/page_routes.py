"""Routes of pages: what is refused is told on a page, and what comes twice is done once."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from app.dashboard.frame.once import DoneBefore, end_once
from app.dashboard.frame.pages import Visitor, go_to
from app.domain.errors import RegistryError
from app.web.problems import headers_of, problem_of_http, status_of

Handler = Callable[[Request], Coroutine[Any, Any, Response]]

_INVALID: Final = 422
_NOT_FOUND: Final = 404
_NO_PAGE: Final = "There is no such page"


class PageRoute(APIRoute):
    """For `route_class` of a router of pages."""

    def get_route_handler(self) -> Handler:
        handler = super().get_route_handler()

        async def page_or_refusal(request: Request) -> Response:
            try:
                answer = await _answer(handler, request)
            except Exception:
                await end_once(request, None)
                raise
            await end_once(request, answer)
            return answer

        return page_or_refusal


def install_missing_page(app: FastAPI) -> None:
    """Who asks for a page that there is not is told so on one; programs get a problem as before."""

    async def page_or_problem(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if error.status_code == _NOT_FOUND and _wants_a_page(request):
            return _refusal(request, _NO_PAGE, "", _NOT_FOUND)
        return problem_of_http(request, error)

    app.add_exception_handler(HTTPException, page_or_problem)


async def _answer(handler: Handler, request: Request) -> Response:
    try:
        return await handler(request)
    except DoneBefore as before:
        return go_to(before.location)
    except RegistryError as error:
        status, headers = status_of(error), headers_of(error)
        return _refusal(request, error.title, str(error), status, headers)
    except RequestValidationError:
        return _refusal(request, _NO_PAGE, "", _INVALID)
    except HTTPException as error:
        return _refusal(request, _NO_PAGE, "", error.status_code)


def _wants_a_page(request: Request) -> bool:
    is_of_the_api = request.url.path.startswith("/v1/")
    return not is_of_the_api and "text/html" in request.headers.get("accept", "")


def _refusal(
    request: Request,
    title: str,
    detail: str,
    status: int,
    headers: Mapping[str, str] | None = None,
) -> Response:
    page = Visitor(request).page(
        "frame/refused.html", status_code=status, heading=title, detail=detail
    )
    page.headers.update(headers or {})
    return page
