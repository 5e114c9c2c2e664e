"""Where somebody goes after signing in: never to another service."""

import pytest

from app.access.local_paths import local_path

HERE = ["/home", "/v1/counts?practice_id=12345&performance_year=2024", "/a//b"]
ELSEWHERE = [
    None,
    "",
    "home",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "https://evil.example",
    "javascript:alert(1)",
    "https:/evil.example",
    "/" + "x" * 3_000,
]


@pytest.mark.parametrize("path", HERE)
def test_a_path_of_this_service_is_gone_to(path: str) -> None:
    assert local_path(path) == path


@pytest.mark.parametrize("asked", ELSEWHERE)
def test_anything_else_leads_home(asked: str | None) -> None:
    assert local_path(asked) == "/home"
