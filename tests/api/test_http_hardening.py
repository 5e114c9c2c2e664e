"""What the service makes of requests that no honest client sends, and says to browsers."""

import json
import socket
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from app.web.http_server import MOST_HEAD_BYTES, MOST_HEADERS, BoundedHttpProtocol
from tests.case_files import a_case_file
from tests.registry import PRACTICE, XML, Caller, Registry
from tests.served import served_port
from tests.waiting import PATIENCE_SECONDS

GET = b"GET /healthz HTTP/1.1\r\nHost: registry.example\r\n"


@pytest.fixture
def port(registry: Registry) -> Iterator[int]:
    with served_port(registry.app) as port:
        yield port


@pytest.fixture
def hasty_port(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """It waits for the headers of a request only a moment."""
    monkeypatch.setattr(BoundedHttpProtocol, "head_seconds", 0.1)
    with served_port(registry.app) as port:
        yield port


def connected(port: int) -> "closing[socket.socket]":
    return closing(socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS))


def until_closed(connection: socket.socket) -> bytes:
    """What comes until the service closes; a test fails when it does not."""
    received = b""
    try:
        while piece := connection.recv(1 << 16):
            received += piece
    except ConnectionResetError:  # it closed while there was more to read
        pass
    return received


def answer_to(port: int, *sent: bytes) -> bytes:
    with connected(port) as connection:
        for each in sent:
            connection.sendall(each)
        return until_closed(connection)


def status_of(answer: bytes) -> int:
    return int(answer.split(b" ")[1])


# --- headers ------------------------------------------------------------------------------------


def test_headers_that_a_browser_sends_are_taken(port: int) -> None:
    cookies = b"Cookie: " + b"c" * 4_096 + b"\r\n"
    answer = answer_to(port, GET, cookies * 4, b"Connection: close\r\n\r\n")
    assert status_of(answer) == 200
    assert b"server:" not in answer.lower()


@pytest.mark.parametrize(
    "headers",
    [
        b"A: b\r\n" * (MOST_HEADERS + 1),
        b"Long: " + b"x" * MOST_HEAD_BYTES + b"\r\n",
        b"Half: " + b"x" * MOST_HEAD_BYTES + b"\r\nOther: y\r\n",
    ],
    ids=["too many", "too long", "too long together"],
)
def test_more_or_larger_headers_are_refused(port: int, headers: bytes) -> None:
    answer = answer_to(port, GET, headers, b"\r\n")
    assert status_of(answer) == 431
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"content-type: application/problem+json" in head
    assert json.loads(body)["status"] == 431


def test_a_header_without_end_is_not_kept(port: int) -> None:
    with connected(port) as connection:
        connection.sendall(GET + b"Endless: ")
        sent = 0
        try:
            while sent < 100 * MOST_HEAD_BYTES:
                connection.sendall(b"x" * 4_096)
                sent += 4_096
        except (BrokenPipeError, ConnectionResetError):
            pass
        assert sent < 100 * MOST_HEAD_BYTES


@pytest.mark.parametrize(
    "sent", [b"\x16\x03\x01 TLS?\r\n\r\n", b"GET\r\n\r\n", GET + b": x\r\n\r\n"]
)
def test_what_is_no_request_is_refused_with_a_problem(port: int, sent: bytes) -> None:
    answer = answer_to(port, sent)
    assert status_of(answer) == 400
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["title"] == "Bad Request"


@pytest.mark.parametrize(
    "sent",
    [b"", GET, b"\r\n", GET + b"\r\n\r\n", GET + b"\r\nGET /heal"],
    ids=[
        "nothing",
        "half of the headers",
        "an empty line",
        "one and an empty line",
        "one and half",
    ],
)
def test_a_connection_is_not_kept_for_who_does_not_go_on(hasty_port: int, sent: bytes) -> None:
    answered = answer_to(hasty_port, sent)
    assert answered.count(b"200 OK") == sent.count(b"\r\n\r\n")


def test_who_sends_slowly_but_surely_is_answered(hasty_port: int) -> None:
    """The time is for the headers: a body may take longer, and so may the answer."""
    body = a_case_file()
    head = (
        f"POST /v1/validate HTTP/1.1\r\nHost: x\r\nContent-Type: application/xml\r\n"
        f"Connection: close\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with connected(hasty_port) as connection:
        connection.sendall(head.encode() + body[:10])
        connection.settimeout(0.4)
        with pytest.raises(TimeoutError):
            connection.recv(1)
        connection.settimeout(PATIENCE_SECONDS)
        connection.sendall(body[10:])
        assert status_of(until_closed(connection)) == 200


# --- proxies ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("trusted", "limited"), [("127.0.0.1", False), ("10.0.0.0/8", True)])
def test_only_a_trusted_proxy_says_who_is_asking(
    registry: Registry, trusted: str, limited: bool
) -> None:
    """Else whoever names another address each time is never told to wait."""
    app = registry.anyone(validate_rate=1).app
    body = a_case_file()
    with served_port(app, trusted_proxies=trusted) as port:
        answers = [
            answer_to(
                port,
                b"POST /v1/validate HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                b"Content-Type: application/xml\r\n"
                b"X-Forwarded-For: 192.0.2.%d\r\nContent-Length: %d\r\n\r\n" % (n, len(body)),
                body,
            )
            for n in (1, 2)
        ]
    assert [status_of(each) for each in answers] == [200, 429 if limited else 200]


@pytest.mark.parametrize("seconds", [0, 31_536_000])
@pytest.mark.parametrize("scheme", [b"http", b"https"])
def test_who_came_by_https_is_told_to_come_by_it_again(
    registry: Registry, seconds: int, scheme: bytes
) -> None:
    app = registry.anyone(hsts_seconds=seconds).app
    with served_port(app) as port:
        by_proxy = b"X-Forwarded-Proto: " + scheme + b"\r\nConnection: close\r\n\r\n"
        answer = answer_to(port, GET, by_proxy)
    said = f"strict-transport-security: max-age={seconds}\r\n".encode() in answer
    assert said == (seconds > 0 and scheme == b"https")


# --- guessing -----------------------------------------------------------------------------------


def test_who_tries_key_after_key_is_told_to_wait(registry: Registry) -> None:
    app = registry.anyone(stranger_rate=3).app
    asked = f"/v1/counts?practice_id={PRACTICE}&performance_year=2024"

    def ask_with(key: str | None) -> int:
        return replace(registry.anyone(key=key), app=app).get(asked).status_code

    assert [ask_with(key) for key in (None, "nacor_a", "nacor_b", "nacor_c", None)] == [
        *(401, 401, 401),
        *(429, 429),
    ]
    good = registry.practice().key
    assert ask_with(good) == 200  # others at the same address have nothing to do with it


# --- content types and methods ------------------------------------------------------------------

TIN = {"tin": "123456789"}
WRONG_TYPES = [None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]


@pytest.mark.parametrize("content_type", [*WRONG_TYPES, "text/csv"])
def test_json_is_taken_only_as_json(registry: Registry, content_type: str | None) -> None:
    """A form of a foreign page can send JSON as text, but not as JSON."""
    assert_refused(registry.admin(), f"/v1/practices/{PRACTICE}/tins", content_type)
    headers = {"Content-Type": "Application/JSON; charset=utf-8"}
    taken = registry.admin().ask(
        "POST",
        f"/v1/practices/{PRACTICE}/tins",
        content=json.dumps(TIN).encode(),
        headers=headers,
    )
    assert taken.status_code == 201


@pytest.mark.parametrize("content_type", [*WRONG_TYPES, "application/json"])
def test_a_provider_list_is_taken_only_as_csv(registry: Registry, content_type: str | None) -> None:
    assert_refused(registry.admin(), f"/v1/practices/{PRACTICE}/clinicians/import", content_type)


@pytest.mark.parametrize("content_type", [*WRONG_TYPES[:3], "application/json"])
def test_a_case_file_is_taken_only_as_one(registry: Registry, content_type: str | None) -> None:
    assert_refused(registry.vendor(), f"/v1/submissions?practice_id={PRACTICE}", content_type)


def assert_refused(caller: Caller, path: str, content_type: str | None) -> None:
    headers = {} if content_type is None else {"Content-Type": content_type}
    answer = caller.ask("POST", path, content=json.dumps(TIN).encode(), headers=headers)
    assert answer.status_code == 415, answer.text
    assert answer.json()["type"].endswith("/docs/problems/unsupported-media-type")


def test_other_methods_are_refused_and_the_right_ones_named(registry: Registry) -> None:
    described = registry.app.openapi()["paths"]
    for path, calls in described.items():
        for method in ("TRACE", "OPTIONS", "PROPFIND"):
            answer = registry.admin().ask(method, path.replace("{", "").replace("}", ""))
            assert answer.status_code == 405, (method, path)
            named = set(answer.headers["Allow"].split(", "))
            assert named <= {call.upper() for call in calls}, path


def test_monitors_and_browsers_ask_for_the_head_alone(port: int) -> None:
    """On the wire, for it is there that the body is left out."""
    for path in (
        *("/healthz", "/readyz", "/", "/sign-in", "/static/portal.css"),
        *("/v1/schemas/2020V1.0.xsd", "/v1/schemas/2020V1.0/sample.xml"),
        "/docs/samples/2020V1.0/full.xml",
    ):
        asked = f" {path} HTTP/1.1\r\nHost: registry.example\r\nConnection: close\r\n\r\n".encode()
        head, no_body = answer_to(port, b"HEAD" + asked).split(b"\r\n\r\n", 1)
        whole, body = answer_to(port, b"GET" + asked).split(b"\r\n\r\n", 1)
        assert (status_of(head), no_body, len(body) > 0) == (200, b"", True), path
        assert described(head) == described(whole), path


def described(head: bytes) -> list[bytes]:
    """The type and the length of an answer."""
    return sorted(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-"))


# --- what answers say to browsers ---------------------------------------------------------------


def test_no_browser_keeps_what_a_key_or_a_session_was_shown(registry: Registry) -> None:
    practice = registry.practice()
    receipt = practice.send(a_case_file())
    for path in (
        receipt["links"]["self"],
        f"/v1/cases?practice_id={PRACTICE}&performance_year=2024",
    ):
        assert practice.get(path).headers["Cache-Control"] == "no-store"
    visitor = registry.anyone()
    assert visitor.ask("GET", "/", headers={"Cookie": "a=b"}).headers["Cache-Control"] == "no-store"
    assert "Cache-Control" not in visitor.get("/").headers


def test_no_answer_is_taken_for_another_type_than_it_says(registry: Registry) -> None:
    for path in ("/", "/v1/schemas", "/v1/cases", "/no-such", "/healthz", "/openapi.json"):
        assert registry.anyone().get(path).headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("host", ["evil.example", "registry.example:99999"])
def test_links_name_the_address_of_the_settings_and_not_that_of_the_request(
    registry: Registry, host: str
) -> None:
    vendor = registry.with_settings(registry.vendor(), public_url="https://cases.example")
    answer = vendor.submit(a_case_file(), headers={**XML, "Host": host})
    assert answer.json()["links"]["self"].startswith("https://cases.example/v1/")
