"""Those who are told: a web server with TLS and a mail server, both real, on the loopback."""

import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session

from tests.processes import free_port

LOOPBACK = "127.0.0.0/8"


@cache
def authority() -> trustme.CA:
    """An authority that nobody trusts who is not told to."""
    return trustme.CA()


def trusted(folder: Path) -> str:
    """A file that makes OpenSSL trust the authority of these tests, for SSL_CERT_FILE."""
    file = folder / "authority.pem"
    authority().cert_pem.write_to_path(file)
    return str(file)


def server_tls(name: str = "localhost") -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority().issue_cert(name).configure_cert(context)
    return context


@dataclass(frozen=True, kw_only=True)
class Request:
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """Answers with `answers` in turn, and with the last of them for ever."""

    port: int = 0
    answers: list[int] = field(default_factory=lambda: [204])
    location: str | None = None
    waits_seconds: float = 0.0
    answer_bytes: int = 0
    answered_bytes: int = 0
    requests: list[Request] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"https://localhost:{self.port}/hooks/nacor"

    def next_answer(self) -> int:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def running_receiver(host: str = "127.0.0.1") -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.requests.append(
                Request(path=self.path, headers=headers, body=self.rfile.read(length))
            )
            time.sleep(receiver.waits_seconds)
            self.send_response(receiver.next_answer())
            if receiver.location is not None:
                self.send_header("Location", receiver.location)
            self.send_header("Content-Length", str(receiver.answer_bytes))
            self.end_headers()
            while receiver.answered_bytes < receiver.answer_bytes:
                receiver.answered_bytes += self.wfile.write(b"x" * (64 << 10))

        def log_message(self, *_: object) -> None:
            """Nothing: what is asked is in `requests`."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, *_: object) -> None:
            """Nothing: a client that leaves early is what some tests are about."""

    server = Server((host, 0), Handler)
    server.socket = server_tls().wrap_socket(server.socket, server_side=True)
    receiver.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class MailServer:
    """Takes letters but for those of `refuses`, which maps an address to what it is answered."""

    port: int = 0
    refuses: dict[str, str] = field(default_factory=dict)
    letters: list[EmailMessage] = field(default_factory=list)
    logins: list[tuple[bytes, bytes]] = field(default_factory=list)

    # The names are those that aiosmtpd calls.
    async def handle_RCPT(  # noqa: N802
        self, _: Any, __: Session, envelope: Envelope, address: str, ___: list[str]
    ) -> str:
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _: Any, __: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        letter = message_from_bytes(envelope.content, policy=default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        return "250 OK"

    def check(self, _: Any, __: Session, ___: Any, ____: str, login: Any) -> AuthResult:
        assert isinstance(login, LoginPassword)
        self.logins.append((login.login, login.password))
        return AuthResult(success=login.password == b"p@ss word", handled=False)

    def to(self, address: str) -> EmailMessage:
        """The only letter to an address."""
        (letter,) = [each for each in self.letters if each["To"] == address]
        return letter


@contextmanager
def running_mail_server(*, starttls: bool = False) -> Iterator[MailServer]:
    server = MailServer()
    guarded: dict[str, Any] = {
        "tls_context": server_tls(),
        "require_starttls": True,
        "authenticator": server.check,
        "auth_required": True,
    }
    server.port = free_port()
    controller = Controller(
        server, hostname="127.0.0.1", port=server.port, **(guarded if starttls else {})
    )
    controller.start()
    try:
        yield server
    finally:
        controller.stop()
