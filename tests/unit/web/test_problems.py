"""Refusals as problem details: one shape, a status for every error, nothing that was sent."""

import asyncio
import json
import logging
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from httpx import ASGITransport, AsyncClient, Response
from pydantic import BaseModel, ConfigDict, field_validator
from starlette.requests import ClientDisconnect

from app.domain.errors import RegistryError
from app.domain.errors.access import NotAuthenticated
from app.domain.errors.requests import BodyTooLarge, TooManyRequests
from app.domain.errors.service import ServiceBusy
from app.web.barrier import AnswerBrokenOff
from app.web.logs import JsonFormatter
from app.web.metrics import Metrics
from app.web.middleware import install_web
from app.web.pace import BodyPace
from app.web.problems import STATUS, problem_kinds

SECRET = "123456789"


class Settings:
    public_url = "https://cases.example.org"
    hsts_seconds = 0
    validate_max_bytes = 1


class Note(BaseModel):
    model_config = ConfigDict(extra="forbid")
    text: str

    @field_validator("text")
    @classmethod
    def refuse(cls, text: str) -> str:
        raise ValueError(f"{text} is not good")


def service(error: Exception | None = None) -> FastAPI:
    app = FastAPI()
    app.state.settings = Settings()
    install_web(app, Metrics(), BodyPace(most_seconds=60, silence_seconds=60))

    @app.get("/fail")
    def fail() -> None:
        assert error is not None
        raise error

    @app.get("/half")
    async def half() -> StreamingResponse:
        async def chunks() -> Any:
            yield b"half of it"
            raise RuntimeError(SECRET)

        return StreamingResponse(chunks())

    @app.get("/cases/{case_id}")
    def read(case_id: UUID, day: date, limit: int = 1) -> None: ...

    @app.post("/notes")
    def write(note: Note) -> None: ...

    return app


def ask(app: FastAPI, method: str, path: str, **request: Any) -> Response:
    async def send() -> Response:
        transport = ASGITransport(app)
        async with AsyncClient(transport=transport, base_url="http://inside") as client:
            return await client.request(method, path, **request)

    return asyncio.run(send())


def refusal(error: Exception) -> Response:
    return ask(service(error), "GET", "/fail")


def every_error(base: type[RegistryError] = RegistryError) -> list[type[RegistryError]]:
    return [each for kind in base.__subclasses__() for each in (kind, *every_error(kind))]


def test_every_error_has_a_status_and_a_type_of_its_own() -> None:
    errors = [error for error in every_error() if error.__module__.startswith("app.")]
    assert set(STATUS) == set(errors)
    slugs = [kind.slug for kind in problem_kinds()]
    assert len(slugs) == len(set(slugs))
    assert RegistryError.slug not in slugs


def test_a_problem_names_its_type_by_the_address_of_a_page() -> None:
    response = refusal(BodyTooLarge(1_000))
    assert response.status_code == 413
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json() == {
        "type": "https://cases.example.org/docs/problems/body-too-large",
        "title": "The case file is too large",
        "status": 413,
        "detail": "A case file has at most 1000 bytes here, uncompressed.",
        "instance": f"urn:nacor:request:{response.headers['X-Request-Id']}",
        "limit": 1_000,
    }


@pytest.mark.parametrize(
    ("error", "status", "headers"),
    [
        (NotAuthenticated(), 401, {"WWW-Authenticate": "Bearer"}),
        (
            TooManyRequests(limit=60, retry_after=7),
            429,
            {"Retry-After": "7", "RateLimit-Limit": "60", "RateLimit-Remaining": "0"},
        ),
        (ServiceBusy(retry_after=3), 503, {"Retry-After": "3"}),
    ],
)
def test_some_problems_come_with_headers(
    error: RegistryError, status: int, headers: dict[str, str]
) -> None:
    response = refusal(error)
    assert response.status_code == status
    assert {name: response.headers[name] for name in headers} == headers


@pytest.mark.parametrize(
    ("method", "path", "status", "slug"),
    [
        ("GET", f"/patients/{SECRET}", 404, "not-found"),
        ("DELETE", "/fail", 405, "method-not-allowed"),
    ],
)
def test_the_frameworks_own_refusals_are_problems(
    method: str, path: str, status: int, slug: str
) -> None:
    response = ask(service(), method, path)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["type"] == f"https://cases.example.org/docs/problems/{slug}"
    assert SECRET not in response.text
    assert (response.headers.get("allow") == "GET") is (status == 405)


def test_invalid_parameters_are_named_and_never_quoted() -> None:
    response = ask(service(), "GET", f"/cases/{SECRET}z?limit={SECRET}x")
    assert response.status_code == 422
    problem = response.json()
    assert problem["type"] == "https://cases.example.org/docs/problems/invalid-request"
    assert problem["errors"] == [
        {"in": "path", "parameter": "case_id", "message": "must be a UUID"},
        {"in": "query", "parameter": "day", "message": "is required"},
        {"in": "query", "parameter": "limit", "message": "must be a whole number"},
    ]
    assert SECRET not in response.text


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"text": SECRET}, {"in": "body", "parameter": "text", "message": "is not valid here"}),
        (
            {"text": "x", SECRET: 1},
            {"in": "body", "parameter": "a field", "message": "there is no field of this name"},
        ),
    ],
)
def test_what_a_json_body_holds_is_not_repeated(
    body: dict[str, Any], error: dict[str, str]
) -> None:
    response = ask(service(), "POST", "/notes", json=body)
    assert response.status_code == 422
    assert error in response.json()["errors"]
    assert SECRET not in response.text


@pytest.mark.parametrize(
    ("sent", "named"),
    [
        ("reasn", "reasn"),
        ("practice-id", "practice-id"),
        ("n" * 40, "n" * 40),
        ("n" * 41, "a field"),
        ("Mary Example", "a field"),
        ("<b>", "a field"),
        ("", "a field"),
        ("\u202e", "a field"),
    ],
)
def test_a_field_that_there_is_not_is_named_if_it_looks_like_a_name(sent: str, named: str) -> None:
    problem = ask(service(), "POST", "/notes", json={"text": "x", sent: 1}).json()
    assert problem["errors"][-1]["parameter"] == named
    assert problem["detail"].endswith(f"{named}: there is no field of this name")


def test_a_body_that_is_no_json_is_invalid() -> None:
    headers = {"Content-Type": "application/json"}
    response = ask(service(), "POST", "/notes", content=b"{" + SECRET.encode(), headers=headers)
    assert response.json()["errors"] == [
        {"in": "body", "parameter": "body", "message": "must be JSON"}
    ]


def an_unexpected_error() -> Exception:
    error = ValueError(f"cannot insert {SECRET}")
    error.__cause__ = KeyError(SECRET)
    return error


def test_an_unexpected_error_says_nothing_outside() -> None:
    response = refusal(an_unexpected_error())
    assert response.status_code == 500
    assert set(response.json()) == {"type", "title", "status", "instance"}
    assert response.json()["type"] == "https://cases.example.org/docs/problems/internal-error"


def test_an_unexpected_error_is_logged_with_its_kind_and_place_alone(
    caplog: pytest.LogCaptureFixture,
) -> None:
    response = refusal(an_unexpected_error())
    lines = [JsonFormatter().format(record) for record in caplog.records]
    line = next(each for each in map(json.loads, lines) if each["logger"] == "nacor.errors")
    assert line["error"] == "builtins.ValueError"
    assert line["cause"]["error"] == "builtins.KeyError"
    assert line["raised_at"][-1].endswith(" fail")
    assert line["request_id"] == response.headers["X-Request-Id"]
    assert SECRET not in "".join(lines) + caplog.text


def test_an_answer_that_breaks_halfway_is_broken_off_without_a_word() -> None:
    with pytest.raises(AnswerBrokenOff) as broken:
        ask(service(), "GET", "/half")
    assert str(broken.value) == ""
    assert broken.value.__suppress_context__


def test_a_sender_who_goes_away_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)

    async def visit() -> list[Any]:
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        async def receive() -> Any:
            return {"type": "http.disconnect"}

        scope = {
            "type": "http",
            "method": "GET",
            "path": "/fail",
            "raw_path": b"/fail",
            "query_string": b"",
            "headers": [],
            "scheme": "http",
            "server": ("inside", 80),
            "client": ("192.0.2.1", 1),
            "root_path": "",
            "http_version": "1.1",
        }
        await service(ClientDisconnect())(scope, receive, send)
        return sent

    assert asyncio.run(visit()) == []
    lines = [json.loads(JsonFormatter().format(record)) for record in caplog.records]
    assert [line["status"] for line in lines if line["logger"] == "nacor.access"] == [499]
    assert not any(line["logger"] == "nacor.errors" for line in lines)
