"""A real OpenID provider as a process of its own: oidc-provider-mock, behind a guard for PKCE.

Run as `python -m tests.oidc_provider`: it serves on a free port of loopback and prints its address.
"""

import json
import os
import subprocess
import sys
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.clear_http import ask_in_clear

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True)
class Provider:
    address: str

    def knows(self, subject: str, **claims: object) -> None:
        """Let somebody have these claims there."""
        self._put(f"users/{subject}", claims)

    def mistakes(self, **headers: str) -> None:
        """Let it take every request for a token for one with these headers, until told anew."""
        self._put("mistakes", headers)

    def _put(self, path: str, told: Mapping[str, object]) -> None:
        ask_in_clear("PUT", f"{self.address}/{path}", json=told).raise_for_status()


@contextmanager
def running_provider() -> Iterator[Provider]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.oidc_provider"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "AUTHLIB_INSECURE_TRANSPORT": "1"},
    )
    try:
        assert process.stdout is not None
        yield Provider(json.loads(process.stdout.readline()))
    finally:
        process.terminate()
        process.communicate()


class PkceGuard:
    """Gives no token but to who can answer the challenge that the code was asked for with.

    Source: RFC 7636, 4.4 and 4.6. The provider behind it knows nothing of PKCE.
    """

    def __init__(self, behind: Application) -> None:
        self._behind = behind
        self._challenges: dict[str, str] = {}
        self._mistakes: dict[str, str] = {}

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/oauth2/authorize":
            return self._authorize(environ, start)
        if environ["PATH_INFO"] == "/oauth2/token":
            return self._exchange(environ, start)
        if environ["PATH_INFO"] == "/mistakes":
            told = json.loads(_body_of(environ))
            self._mistakes = {f"HTTP_{name.upper()}": value for name, value in told.items()}
            start("204 No Content", [])
            return []
        return self._behind(environ, start)

    def _authorize(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        asked = parse_qs(environ["QUERY_STRING"])
        if asked.get("code_challenge_method") != ["S256"] or "code_challenge" not in asked:
            return _refused(start)

        def remember(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            location = dict(headers).get("Location", "")
            for code in parse_qs(urlsplit(location).query).get("code", []):
                self._challenges[code] = asked["code_challenge"][0]
            return start(status, headers, *rest)

        return self._behind(environ, remember)

    def _exchange(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        body = _body_of(environ)
        told = parse_qs(body.decode())
        verifier = told.get("code_verifier", [""])[0]
        hashed = urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")
        if self._challenges.pop(told.get("code", [""])[0], None) != hashed:
            return _refused(start)
        heard = {**environ, **self._mistakes, "wsgi.input": BytesIO(body)}
        return self._behind(heard, start)


def _body_of(environ: dict[str, Any]) -> bytes:
    body: bytes = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    return body


def _refused(start: Callable[..., Any]) -> Iterable[bytes]:
    start("400 Bad Request", [("Content-Type", "application/json")])
    return [b'{"error": "invalid_grant"}']


def _serve() -> None:
    import oidc_provider_mock
    from werkzeug.serving import make_server

    app = oidc_provider_mock.app(require_nonce=True)
    server = make_server("127.0.0.1", 0, PkceGuard(app), threaded=True)
    print(json.dumps(f"http://127.0.0.1:{server.server_port}"), flush=True)  # noqa: T201
    server.serve_forever()


if __name__ == "__main__":
    _serve()
