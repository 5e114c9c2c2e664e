"""Whether a request comes from a page of this service, as browsers tell.

Source: Fetch Metadata Request Headers (W3C); RFC 6454, 7. Every browser of today sends the one or
the other with what is not a mere read.
"""

from starlette.requests import Request

from app.web.addresses import service_url


def is_from_here(request: Request) -> bool:
    """Without either header nobody knows, and the answer is no."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    return request.headers.get("origin") == _origin(service_url(request.scope))


def _origin(address: str) -> str:
    scheme, _, rest = address.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}"
