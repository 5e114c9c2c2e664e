"""What browsers hold in cookies and forms. Of each the service keeps at most the hash."""

import hmac
import secrets
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Final

_RANDOM_BYTES: Final = 32
_FORM: Final = b"nacor: the token of forms "


def new_secret() -> str:
    """Return 256 random bits in base64url."""
    return secrets.token_urlsafe(_RANDOM_BYTES)


def hash_of_secret(secret: str) -> bytes:
    """It is random and long, so a plain hash cannot be guessed back; no salt is needed."""
    return sha256(secret.encode()).digest()


def hash_of_both(visit: str, token: str) -> bytes:
    """What has begun in one browser goes on in no other: it takes the cookie and the token."""
    return sha256(f"{visit}.{token}".encode()).digest()


def form_token(secret: str) -> str:
    """Return what every form of the browser with this cookie must send along.

    Who cannot read the cookie cannot know it, and it does not tell the cookie.
    """
    return urlsafe_b64encode(sha256(_FORM + secret.encode()).digest()).decode().rstrip("=")


def is_form_token(token: str, secret: str) -> bool:
    return hmac.compare_digest(token.encode(), form_token(secret).encode())
