"""What an operator sees of requests: ids, access lines, figures. Nothing that was sent."""

import asyncio
import json
import logging
import re
import subprocess
import sys
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from httpx import ASGITransport, AsyncClient, Response

from app.domain.findings import FindingCode
from app.domain.submissions import RecordOutcome, SubmissionStatus
from app.web.logs import JsonFormatter
from app.web.metrics import Metrics
from app.web.metrics import router as metrics_router
from app.web.middleware import install_web
from app.web.pace import BodyPace

NPI = "1234567893"


class Settings:
    public_url = None
    hsts_seconds = 0
    validate_max_bytes = 1


def service() -> FastAPI:
    app = FastAPI()
    app.state.settings = Settings()
    app.state.metrics = Metrics()
    router = APIRouter(prefix="/v1/cases")

    @router.get("/{case_id}")
    def read(case_id: str) -> dict[str, str]:
        return {"id": "1"}

    app.include_router(router)
    app.include_router(metrics_router)
    install_web(app, app.state.metrics, BodyPace(most_seconds=60, silence_seconds=60))
    return app


def ask(app: FastAPI, path: str, method: str = "GET", **request: Any) -> Response:
    async def send() -> Response:
        transport = ASGITransport(app)
        async with AsyncClient(transport=transport, base_url="http://inside") as client:
            return await client.request(method, path, **request)

    return asyncio.run(send())


@pytest.mark.parametrize(
    ("offered", "kept"),
    [
        ("0198f0c2-7d1e-7a55-9a51-6d2f0b7e8c11", True),
        ("4bf92f3577b34da6a3ce929d0e0e4736", True),
        (NPI, False),  # would reach the log
        ("line\tbreak-and-more-text", False),
        ("x" * 65, False),
        ("", False),
    ],
)
def test_a_request_keeps_the_id_it_came_with_if_it_is_one(offered: str, kept: bool) -> None:
    response = ask(service(), "/v1/cases/1", headers={"X-Request-Id": offered})
    assert (response.headers["X-Request-Id"] == offered) is kept
    assert re.fullmatch(r"[\w.-]{16,64}", response.headers["X-Request-Id"])


@pytest.mark.parametrize(("path", "method"), [("/nowhere", "GET"), ("/v1/cases/1", "PUT")])
def test_refusals_have_an_id_too(path: str, method: str) -> None:
    assert ask(service(), path, method).headers["X-Request-Id"]


def test_every_request_has_its_own_id() -> None:
    app = service()
    ids = {ask(app, "/v1/cases/1").headers["X-Request-Id"] for _ in range(3)}
    assert len(ids) == 3


def test_the_access_line_names_the_template_and_leaves_out_what_was_asked(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "nacor.access")
    app = service()
    headers = {"Authorization": f"Bearer key-{NPI}"}
    response = ask(app, f"/v1/cases/{NPI}?tin=123456789", headers=headers)
    ask(app, f"/{NPI}")
    lines = [JsonFormatter().format(record) for record in caplog.records]
    known, unknown = [json.loads(line) for line in lines if "nacor.access" in line]
    assert known["level"] == "info"
    assert isinstance(known["duration_ms"], float)
    shown = {name: known[name] for name in ("method", "route", "status", "request_id")}
    assert shown == {
        "method": "GET",
        "route": "/v1/cases/{case_id}",
        "status": 200,
        "request_id": response.headers["X-Request-Id"],
    }
    assert (unknown["route"], unknown["status"]) == ("unmatched", 404)
    assert NPI not in "".join(lines)
    assert "123456789" not in "".join(lines).replace(response.headers["X-Request-Id"], "")


def test_requests_are_counted_by_template_method_and_status() -> None:
    app = service()
    for path, method in [("/v1/cases/1", "GET"), ("/v1/cases/2", "GET"), ("/v1/cases/1", "BREW")]:
        ask(app, path, method)
    ask(app, f"/{NPI}")
    text = ask(app, "/metrics").text
    count = "nacor_http_request_duration_seconds_count"
    assert f'{count}{{method="GET",route="/v1/cases/{{case_id}}",status="200"}} 2.0' in text
    assert f'{count}{{method="other",route="/v1/cases/{{case_id}}",status="405"}} 1.0' in text
    assert f'{count}{{method="GET",route="unmatched",status="404"}} 1.0' in text
    assert NPI not in text


def test_records_findings_and_submissions_are_counted() -> None:
    app = service()
    metrics: Metrics = app.state.metrics
    metrics.count_records(RecordOutcome.CREATED, 3)
    metrics.count_records(RecordOutcome.CREATED)
    metrics.count_findings(FindingCode.NOT_IN_LIST, 2)
    metrics.count_submission(SubmissionStatus.ACCEPTED)
    response = ask(app, "/metrics")
    assert response.headers["content-type"].startswith("text/plain; version=")
    assert 'nacor_records_total{outcome="created"} 4.0' in response.text
    assert 'nacor_findings_total{code="AR201"} 2.0' in response.text
    assert 'nacor_submissions_total{status="accepted"} 1.0' in response.text


def test_two_services_in_one_process_do_not_share_figures() -> None:
    first, second = service(), service()
    ask(first, "/v1/cases/1")
    assert "/v1/cases" not in ask(second, "/metrics").text


def test_a_log_line_of_an_exception_leaves_its_text_out() -> None:
    try:
        raise ValueError(NPI)
    except ValueError as error:
        info = (type(error), error, error.__traceback__)
    record = logging.LogRecord("somewhere", logging.ERROR, "x.py", 1, "failed", (), info)
    line = JsonFormatter().format(record)
    assert json.loads(line)["error"] == "builtins.ValueError"
    assert NPI not in line


SERVER_LINES = """
import logging
from app.web.logs import configure_logging
configure_logging()
logging.getLogger("uvicorn.error").info("Started on %s", 8000)
logging.getLogger("uvicorn.access").info("GET /v1/cases?tin=123456789")
"""


def test_the_servers_own_lines_are_json_too_and_its_access_lines_are_gone() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SERVER_LINES], capture_output=True, text=True, check=True
    )
    line = json.loads(done.stderr)
    assert (line["logger"], line["message"]) == ("uvicorn.error", "Started on 8000")
