"""Codes that are good once: those of an authenticator app, and those kept for when it is lost.

Source: RFC 6238 (TOTP) over RFC 4226 (HOTP), with SHA-1, six digits and steps of 30 seconds, which
every authenticator app understands.
"""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime
from typing import Final
from urllib.parse import quote, urlencode

SECRET_BYTES: Final = 20
RECOVERY_CODES: Final = 10
_STEP_SECONDS: Final = 30
_DIGITS: Final = 6
_RECOVERY_BYTES: Final = 10
_STEPS_AROUND: Final = (0, -1, 1)  # for a clock that is half a minute off, or a slow typist


def step_at(moment: datetime) -> int:
    return int(moment.timestamp()) // _STEP_SECONDS


def code_of(secret: bytes, step: int) -> str:
    """Source: RFC 4226, 5.3."""
    digest = hmac.digest(secret, step.to_bytes(8, "big"), hashlib.sha1)
    start = digest[-1] & 0x0F
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**_DIGITS:0{_DIGITS}}"


def matching_step(
    code: str, secret: bytes, *, moment: datetime, last_used: int | None
) -> int | None:
    """Return the step that `code` is of, None if it is wrong or not newer than `last_used`.

    Source: RFC 6238, 5.2: a code is taken once.
    """
    now = step_at(moment)
    given = without_gaps(code).encode()
    matching = [
        now + away
        for away in _STEPS_AROUND
        if hmac.compare_digest(code_of(secret, now + away).encode(), given)
    ]
    unused = [step for step in matching if last_used is None or step > last_used]
    return min(unused, default=None)


def enrolment_link(secret: bytes, *, account: str, issuer: str) -> str:
    """Return what an authenticator app reads, from a link or a QR code.

    Source: the Key Uri Format of Google Authenticator, which the other apps follow.
    """
    label = quote(f"{issuer}:{account}", safe="")
    return f"otpauth://totp/{label}?{urlencode({'secret': in_base32(secret), 'issuer': issuer})}"


def in_base32(secret: bytes) -> str:
    return base64.b32encode(secret).decode().rstrip("=")


def new_recovery_codes() -> list[str]:
    """Each has 80 random bits, so a plain hash of it cannot be guessed back."""
    return [
        in_groups(in_base32(secrets.token_bytes(_RECOVERY_BYTES))) for _ in range(RECOVERY_CODES)
    ]


def hash_of_recovery_code(code: str) -> bytes:
    return hashlib.sha256(without_gaps(code).upper().encode()).digest()


def in_groups(text: str) -> str:
    """Return `text` in groups of four, to be read and typed by people."""
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def without_gaps(code: str) -> str:
    return "".join(code.split()).replace("-", "")
