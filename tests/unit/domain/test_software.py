"""The program that sent a file, as far as it says so."""

import pytest

from app.domain.software import software_of

USER_AGENTS = [
    ("ExampleEHR/4.2", "ExampleEHR/4.2"),
    ("ExampleEHR/4.2.1 (Linux; x86_64) python-httpx/0.28.1", "ExampleEHR/4.2.1"),
    (" curl/8.5.0 ", "curl/8.5.0"),
    ("ExampleEHR", "ExampleEHR"),
    ("Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0", None),
    ("(without a name)", None),
    ("x" * 101, None),
    ("", None),
    (None, None),
]


@pytest.mark.parametrize(("user_agent", "software"), USER_AGENTS)
def test_the_first_product_is_the_program(user_agent: str | None, software: str | None) -> None:
    assert software_of(user_agent) == software
