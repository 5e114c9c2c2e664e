"""Sessions: browsers that somebody is signed in with."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.domain.principals import Principal


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSession:
    """`secret_hash` is over what the browser holds. `is_of_provider`: signed in by OpenID."""

    id: UUID
    secret_hash: bytes
    user_id: UUID
    created_at: datetime
    expires_at: datetime
    address: str | None
    browser: str | None
    is_of_provider: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """A session as its user sees it in a list. `last_seen_at` is right to the minute."""

    id: UUID
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    address: str | None
    browser: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """Whoever asks through a session, and which one it is."""

    session_id: UUID
    principal: Principal
    email: str
    is_of_provider: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StartedSignIn:
    """Signing in that has begun and not ended; it goes on once, until `expires_at`.

    `user_id` when a password was right and the second step is due; `nonce` and `code_verifier`
    when an OpenID provider is asked. `next_path` is where to go then.
    """

    next_path: str
    expires_at: datetime
    user_id: UUID | None = None
    nonce: str | None = None
    code_verifier: str | None = None
