"""What a refusal is known by."""

from httpx import Response

from tests.registry import ADDRESS


def problem(answer: Response, status: int) -> str:
    """The slug of an answer that must be a problem of `status`."""
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    slug: str = answer.json()["type"].removeprefix(f"{ADDRESS}/docs/problems/")
    return slug
