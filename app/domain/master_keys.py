"""Secrets, and the keys that wrap data keys, are derived from a master key of the deployment.

None of them is stored.
"""

import hmac
from collections.abc import Sequence
from hashlib import sha256
from typing import Final

from app.domain.notices import WebhookSecret

_NAME: Final = b"nacor: the name of a master key"
_SECRET: Final = b"nacor: the secret of a webhook "
_SECOND_STEP: Final = b"nacor: the second step of signing in "
_WRAPPING: Final = b"nacor: wraps data keys"
_NAME_LENGTH: Final = 16


class MasterKeys:
    """Those that are known here, at least one. The newest comes first: it is for what is new."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._by_name = {_name_of(key.encode()): key.encode() for key in keys}

    @property
    def newest(self) -> str:
        """The name of the key that whatever is new comes from."""
        return next(iter(self._by_name))

    @property
    def names(self) -> frozenset[str]:
        """What the keys are known by. A name tells nothing of its key."""
        return frozenset(self._by_name)

    def derive_wrapping(self, master_key: str) -> bytes | None:
        """Return the 32 bytes that wrap data keys; None when the master key is unknown."""
        return self._derive(master_key, _WRAPPING)

    def derive(self, secret: WebhookSecret) -> bytes | None:
        """Return the 32 bytes of `secret`; None when its master key is not known any more."""
        return self._derive(secret.master_key, _SECRET + secret.id.bytes)

    def derive_second_step(self, master_key: str, salt: bytes) -> bytes | None:
        """Return 32 bytes for one-time codes; None when the master key of that name is unknown."""
        return self._derive(master_key, _SECOND_STEP + salt)

    def _derive(self, master_key: str, what: bytes) -> bytes | None:
        key = self._by_name.get(master_key)
        return None if key is None else hmac.digest(key, what, sha256)


def _name_of(key: bytes) -> str:
    """What a key is known by. It tells nothing of the key."""
    return hmac.new(key, _NAME, sha256).hexdigest()[:_NAME_LENGTH]
