"""Absolute addresses of this service, as its users reach it."""

from starlette.datastructures import URL
from starlette.types import Scope

from app.web.dependencies import web_settings


def service_url(scope: Scope) -> str:
    """Return the address at which the service begins, without a slash at the end.

    Behind a proxy only the operator knows the outer address; without `public_url` it is that of
    the request.
    """
    public_url = web_settings(scope).public_url
    if public_url:
        return public_url.rstrip("/")
    url = URL(scope=scope)
    return f"{url.scheme}://{url.netloc}{scope.get('root_path', '').rstrip('/')}"


def absolute_url(scope: Scope, path: str) -> str:
    """Return the address of `path`, which begins with a slash."""
    return service_url(scope) + path
