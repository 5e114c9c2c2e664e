"""Signatures of webhooks, so that their receiver knows who sent them."""

import base64
import hmac
from collections.abc import Iterable
from hashlib import sha256


def secret_in_words(secret: bytes) -> str:
    """Return a secret as its owner is shown it: `whsec_` and base64.

    Source: Standard Webhooks 1.0, "Signature scheme".
    """
    return "whsec_" + base64.b64encode(secret).decode()


def signed_headers(
    body: bytes, *, message_id: str, timestamp: int, secrets: Iterable[bytes]
) -> dict[str, str]:
    """Return the three headers of a webhook, signed with each of `secrets`.

    `timestamp` is that of the try, in seconds since 1970.
    Source: Standard Webhooks 1.0, "Webhook headers" and "Signature scheme".
    """
    signed = b".".join((message_id.encode(), str(timestamp).encode(), body))
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(_signature(signed, secret) for secret in secrets),
    }


def _signature(signed: bytes, secret: bytes) -> str:
    return "v1," + base64.b64encode(hmac.digest(secret, signed, sha256)).decode()
