"""An OpenID provider as this service uses it: authorization code flow with PKCE.

Source: OpenID Connect Core 1.0, 3.1; Discovery 1.0, 4; RP-Initiated Logout 1.0, 2; RFC 7636.
What it is built on takes 9 MiB: only a deployment that has a provider loads it.
"""

import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final
from urllib.parse import quote, urlencode

import httpx
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from app.access.identity_provider import Person, ProviderFault
from app.domain.sessions import StartedSignIn
from app.domain.users import Identity

_SCOPE: Final = "openid email profile"
_ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA", "Ed25519")
_SECONDS: Final = 10
_FRESH_SECONDS: Final = 3_600
_LEEWAY_SECONDS: Final = 60


@dataclass(frozen=True, kw_only=True)
class OpenIdProvider:
    """`issuer` is its address, `name` what people call it. A secret is not always given out."""

    issuer: str
    client_id: str
    client_secret: str | None
    name: str
    clock: Callable[[], float] = time.time
    _known: "_Known" = field(default_factory=lambda: _Known())

    def question(self, *, state: str, nonce: str, code_verifier: str, redirect_uri: str) -> str:
        """Return the address to send a browser to. Raises: ProviderFault."""
        address: str = prepare_grant_uri(
            self._metadata()["authorization_endpoint"],
            self.client_id,
            "code",
            redirect_uri=redirect_uri,
            scope=_SCOPE,
            state=state,
            nonce=nonce,
            code_challenge=create_s256_code_challenge(code_verifier),
            code_challenge_method="S256",
        )
        return address

    def answer(self, code: str, started: StartedSignIn, *, redirect_uri: str) -> Person:
        """Exchange the code that a browser came back with. Raises: ProviderFault."""
        tokens = self._tokens(code, started, redirect_uri)
        claims = self._claims(tokens, nonce=started.nonce)
        told = claims if "email" in claims else {**claims, **self._user_info(tokens, claims)}
        verified = told.get("email") if told.get("email_verified") is True else None
        return Person(
            identity=Identity(issuer=self.issuer, subject=str(claims["sub"])),
            verified_email=verified if isinstance(verified, str) else None,
        )

    def sign_out_address(self, *, back_to: str) -> str | None:
        """Return where somebody signs out of the provider too; None if it offers nothing."""
        try:
            offered = self._metadata().get("end_session_endpoint")
        except ProviderFault:
            return None
        if not isinstance(offered, str):
            return None
        asked = {"client_id": self.client_id, "post_logout_redirect_uri": back_to}
        return f"{offered}{'&' if '?' in offered else '?'}{urlencode(asked)}"

    def _tokens(self, code: str, started: StartedSignIn, redirect_uri: str) -> Mapping[str, Any]:
        body = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": started.code_verifier or "",
        }
        metadata = self._metadata()
        offered = metadata.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        auth = None
        if self.client_secret is not None and "client_secret_basic" in offered:
            # RFC 6749, 2.3.1: both are encoded before they are put together.
            auth = (quote(self.client_id, safe=""), quote(self.client_secret, safe=""))
        else:
            body |= {"client_id": self.client_id}
            body |= {"client_secret": self.client_secret} if self.client_secret else {}
        return _said("POST", metadata["token_endpoint"], data=body, auth=auth)

    def _claims(self, tokens: Mapping[str, Any], *, nonce: str | None) -> Mapping[str, Any]:
        id_token = tokens.get("id_token")
        if not isinstance(id_token, str) or not nonce:
            raise ProviderFault("The provider gave no ID token.")
        try:
            token = self._decoded(id_token)
            claims = CodeIDToken(
                token.claims,
                token.header,
                {
                    "iss": {"essential": True, "value": self.issuer},
                    "aud": {"essential": True, "value": self.client_id},
                },
                {
                    "nonce": nonce,
                    "client_id": self.client_id,
                    "access_token": tokens.get("access_token"),
                },
            )
            claims.validate(now=int(self.clock()), leeway=_LEEWAY_SECONDS)
        except (JoseError, ValueError) as error:
            raise ProviderFault(f"The ID token is refused: {type(error).__name__}.") from error
        return dict(claims)

    def _decoded(self, id_token: str) -> jwt.Token:
        """With a key that is not known yet the keys are asked for again: providers change them."""
        try:
            return jwt.decode(id_token, self._keys(), algorithms=list(_ALGORITHMS))
        except InvalidKeyIdError:
            self._known.forget("jwks")
            return jwt.decode(id_token, self._keys(), algorithms=list(_ALGORITHMS))

    def _user_info(self, tokens: Mapping[str, Any], claims: Mapping[str, Any]) -> Mapping[str, Any]:
        """What is not in the ID token; Core 1.0, 5.3.2: of the same subject, or not to be used."""
        endpoint = self._metadata().get("userinfo_endpoint")
        if not isinstance(endpoint, str):
            return {}
        bearer = f"Bearer {tokens.get('access_token')}"
        told = _said("GET", endpoint, headers={"Authorization": bearer})
        return told if told.get("sub") == claims["sub"] else {}

    def _metadata(self) -> Mapping[str, Any]:
        address = f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"
        metadata = self._known.get("metadata", lambda: _said("GET", address))
        if metadata.get("issuer") != self.issuer:
            raise ProviderFault("The provider calls itself by another name than it is known by.")
        needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        if not all(isinstance(metadata.get(name), str) for name in needed):
            raise ProviderFault("The provider does not say where it is to be asked.")
        return metadata

    def _keys(self) -> KeySet:
        address = self._metadata()["jwks_uri"]
        found = self._known.get("jwks", lambda: _said("GET", address))
        return KeySet.import_key_set({"keys": found.get("keys", [])})


class _Known:
    """What the provider said of itself, asked for again after an hour."""

    def __init__(self) -> None:
        self._said: dict[str, tuple[float, Mapping[str, Any]]] = {}
        self._lock = threading.Lock()

    def get(self, what: str, ask: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
        with self._lock:
            at, said = self._said.get(what, (0.0, {}))
        if said and time.monotonic() - at < _FRESH_SECONDS:
            return said
        said = ask()
        with self._lock:
            self._said[what] = (time.monotonic(), said)
        return said

    def forget(self, what: str) -> None:
        with self._lock:
            self._said.pop(what, None)


def _said(method: str, address: str, **request: Any) -> Mapping[str, Any]:  # noqa: ANN401 - httpx's
    try:
        answer = httpx.request(method, address, timeout=_SECONDS, verify=_tls(), **request)
        answer.raise_for_status()
        said = answer.json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise ProviderFault(f"The provider does not answer: {type(error).__name__}.") from error
    if not isinstance(said, dict):
        raise ProviderFault("The provider answers with something else than was asked for.")
    return said


@cache
def _tls() -> ssl.SSLContext:
    """To load the certificates takes longer than to verify an answer, so it is done once."""
    return httpx.create_ssl_context()
